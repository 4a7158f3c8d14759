// How far a solve is, without loading the page again: the interface is asked now and then, and where something has
// changed, that part of the page is replaced by the server's own. Without this script the page reloads by itself.
"use strict";
(() => {
  const place = () => document.getElementById("live");
  if (!place() || !("open" in place().dataset) || !window.fetch || !window.DOMParser) return;
  const EVERY = 1000;
  const SLOWER = 5000;
  let known = "";

  const redraw = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    if (!fresh) return;
    if (!("open" in fresh.dataset)) { location.reload(); return; }
    place().replaceWith(document.importNode(fresh, true));
    document.title = page.title;
    const stop = page.querySelector("#stop button");
    const shown = document.querySelector("#stop button");
    if (stop && shown && !shown.dataset.pressed) { shown.textContent = stop.textContent; shown.disabled = stop.disabled; }
  };

  // What was pressed is heard within seconds: until then the button says so, and cannot be pressed again.
  document.getElementById("stop")?.addEventListener("submit", (event) => {
    const button = event.target.querySelector("button");
    if (button.dataset.pressed) { event.preventDefault(); return; }
    button.dataset.pressed = "true";
    button.textContent = button.dataset.stopping;
    setTimeout(() => { button.disabled = true; }, 0);
  });

  const look = async () => {
    let wait = EVERY;
    try {
      const answer = await fetch(place().dataset.api, { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.status === 403) { location.reload(); return; }
      const told = answer.ok ? await answer.json() : null;
      const now = told && JSON.stringify([told.state, told.seconds, told.ahead, told.is_taken_over, told.is_stuck]);
      if (now && now !== known) { await redraw(); known = now; }
      if (!told) wait = SLOWER;
    } catch { wait = SLOWER; }
    setTimeout(look, wait);
  };
  setTimeout(look, EVERY);
})();
