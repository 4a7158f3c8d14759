// Marks go out in the background. What cannot be sent waits in this browser, under its own key, and is never sent twice
// for two: the server knows every key. Without this script the forms work as they are.
"use strict";
(() => {
  const note = document.getElementById("queue");
  if (!note || !window.fetch || !window.localStorage) return;
  const said = note.dataset;
  const shelf = `qingzai-marks-${said.account}`;
  const read = () => { try { return JSON.parse(localStorage.getItem(shelf)) || []; } catch { return []; } };
  const write = (marks) => localStorage.setItem(shelf, JSON.stringify(marks));
  let sending = false;

  const show = () => {
    const marks = read();
    const open = marks.filter((mark) => !mark.refused);
    note.replaceChildren();
    document.querySelectorAll(".unsent").forEach((one) => one.remove());
    if (open.length) note.append(`${open.length} ${said.waiting}`);
    for (const mark of marks.filter((one) => one.refused)) {
      const line = document.createElement("span");
      const drop = document.createElement("button");
      line.className = "refused";
      line.append(`${said.refused} ${mark.name}: ${mark.refused} `);
      drop.className = "second";
      drop.textContent = said.drop;
      drop.addEventListener("click", () => { write(read().filter((one) => one.body.key !== mark.body.key)); show(); });
      line.append(drop);
      note.append(line);
    }
    for (const mark of open) {
      const place = document.querySelector(`[data-child="${mark.body.child_id}"] .who`);
      if (mark.api !== said.api || !place) continue;
      const badge = document.createElement("span");
      badge.className = "badge red unsent";
      badge.textContent = `${mark.label}: ${said.unsent}`;
      place.append(badge);
    }
    note.hidden = marks.length === 0;
  };

  const settle = (key, refused) => {
    write(read().flatMap((mark) => {
      if (mark.body.key !== key) return [mark];
      return refused ? [{ ...mark, refused }] : [];
    }));
  };

  const send = async (mark) => {
    const answer = await fetch(mark.api, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...mark.body, sent_at: new Date().toISOString() }),
    });
    if (answer.status >= 500 || answer.status === 401 || answer.status === 429) return false;
    const told = await answer.json().catch(() => ({}));
    const problems = told.error?.facts?.problems || [];
    const why = told.problem || problems[0]?.message || told.error?.message || (answer.ok ? "" : `${answer.status}`);
    settle(mark.body.key, why);
    return true;
  };

  const flush = async () => {
    if (sending) return;
    sending = true;
    let sent = 0;
    try {
      for (const mark of read().filter((one) => !one.refused)) {
        if (!(await send(mark))) break;
        sent += 1;
      }
    } catch { /* no network: what waits is tried again */ }
    sending = false;
    show();
    const waits = read();
    if (sent && !waits.length) location.reload();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.classList.contains("mark")) return;
    const fields = Object.fromEntries(new FormData(form));
    const entry = form.closest("[data-child]");
    event.preventDefault();
    form.querySelectorAll("button").forEach((button) => { button.disabled = true; });
    write([...read(), {
      api: said.api,
      name: entry.querySelector("h2").textContent,
      label: form.querySelector("button").textContent,
      body: { ...fields, child_id: Number(fields.child_id), device_at: new Date().toISOString() },
    }]);
    show();
    flush();
  });
  window.addEventListener("online", flush);
  setInterval(() => { if (read().some((mark) => !mark.refused)) flush(); }, 5000);
  show();
  flush();
})();
