// The board by mouse, touch and keys. Everything goes through the forms and links of the page, which work without this
// file: a drag fills in the hidden form, a menu is the page behind the link shown in a dialog. The server says which
// places would do, and why not.
const words = JSON.parse(document.querySelector("script[data-words]").dataset.words);
const dialog = document.createElement("dialog");
const status = document.createElement("p");
dialog.className = "drawer";
status.className = "sr";
status.setAttribute("role", "status");
document.body.append(dialog, status);

const LONG_PRESS = 400, NEAR_EDGE = 60, MOVED = 6;
let current = null; // The stop that Tab reaches: the others are reached by arrow keys.
let carried = null; // What is dragged: { item, places, ghost, zone }.
let pressed = null; // A finger or button that is down and may become a drag.

const board = () => document.querySelector("[data-board]");
const stops = () => [...board().querySelectorAll("[data-stop]")].filter((stop) => stop.offsetParent);
const say = (text) => { status.textContent = ""; requestAnimationFrame(() => { status.textContent = text; }); };

// ---- the page, exchanged in place so that nothing jumps

function nameOf(stop) {
  return stop?.dataset.zone ?? stop?.getAttribute("href") ?? "";
}

function parse(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

async function ask(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    say(words.offline);
    return null;
  }
}

async function submit(form, focus, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.append(button.name, button.value);
  const answer = await ask(form.action, { method: "POST", body });
  if (!answer) return;
  const page = parse(await answer.text());
  if (!page.querySelector("[data-board]")) {
    document.documentElement.replaceWith(page.documentElement);
    return;
  }
  const cell = current?.closest("td")?.dataset.zone;
  dialog.close();
  document.querySelector("main").replaceWith(page.querySelector("main"));
  setUp(focus ?? nameOf(current), cell);
  const alert = document.querySelector("[data-alert]");
  if (alert) (alert.querySelector("input[name=reason]") ?? alert).focus();
  else say(document.querySelector("[data-last], .what-if .first")?.textContent ?? "");
}

async function openMenu(address) {
  const answer = await ask(address);
  if (!answer) return;
  const page = parse(await answer.text());
  const inside = page.querySelector("[data-dialog]") ?? page.querySelector("main");
  const shut = document.createElement("button");
  shut.type = "button";
  shut.className = "plain shut";
  shut.textContent = words.close;
  shut.addEventListener("click", () => dialog.close());
  dialog.replaceChildren(shut, ...inside.childNodes);
  const title = dialog.querySelector("h1");
  title.id = "menu-title";
  title.tabIndex = -1;
  dialog.setAttribute("aria-labelledby", "menu-title");
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  title.focus();
}

dialog.addEventListener("close", () => current?.isConnected && current.focus());

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-edit]")) {
    event.preventDefault();
    submit(form, undefined, event.submitter);
  } else if (form.matches("[data-reach]") && dialog.open) {
    event.preventDefault();
    openMenu(`${form.action}?${new URLSearchParams(new FormData(form))}`);
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link?.matches("[data-close]")) {
    event.preventDefault();
    link.closest("[data-alert]").remove();
    current?.focus();
  } else if (link?.matches("[data-menu]") && !event.ctrlKey && !event.metaKey && event.button === 0) {
    event.preventDefault();
    if (link.matches("[data-stop], [data-spare]")) hold(link);
    openMenu(link.href);
  }
});

// ---- keys: one stop for Tab, arrows between cells and what is in them

function hold(stop) {
  if (current?.matches?.("[data-stop]")) current.tabIndex = -1;
  current = stop;
  if (stop.matches("[data-stop]")) stop.tabIndex = 0;
}

function go(stop) {
  if (!stop) return;
  hold(stop);
  stop.focus();
}

function across(stop, by) {
  const cell = stop.closest("td"), row = [...cell.parentElement.querySelectorAll("td")].filter((td) => td.querySelector("[data-stop]"));
  const next = row[row.indexOf(cell) + by];
  if (!next) return null;
  const mine = [...cell.querySelectorAll("[data-stop]")].indexOf(stop), theirs = [...next.querySelectorAll("[data-stop]")];
  return theirs[Math.min(mine, theirs.length - 1)];
}

function down(stop, by) {
  const cell = stop.closest("td"), inside = [...cell.querySelectorAll("[data-stop]")];
  const next = inside[inside.indexOf(stop) + by];
  if (next) return next;
  const rows = [...cell.closest("table").querySelectorAll("tr:not(.head)")], column = cell.cellIndex;
  for (let i = rows.indexOf(cell.parentElement) + by; rows[i]; i += by) {
    const found = rows[i].cells[column]?.querySelectorAll("[data-stop]");
    if (found?.length) return found[by > 0 ? 0 : found.length - 1];
  }
  return null;
}

function sendForm(kind, entry, fields = {}) {
  const form = document.querySelector("form[data-change]");
  form.elements.kind.value = kind;
  form.elements.entry.value = entry;
  for (const name of ["to", "other"]) form.elements[name].value = fields[name] ? JSON.stringify(fields[name]) : "";
  submit(form, fields.focus);
}

const KEYS = {
  m: (stop) => stop.dataset.entry && openMenu(stop.href),
  p: (stop) => stop.dataset.entry && sendForm(stop.matches(".pinned") ? "unpin" : "pin", stop.dataset.entry),
  Delete: (stop) => stop.dataset.entry && sendForm("remove", stop.dataset.entry),
  f: (stop) => openMenu((stop.closest("td").querySelector("[data-fill]") ?? stop).href),
  u: () => submit(document.querySelector("form[action$='/undo']")),
  Home: (stop) => go(stop.closest("tr").querySelector("[data-stop]")),
  End: (stop) => go([...stop.closest("tr").querySelectorAll("[data-stop]")].at(-1)),
  ArrowRight: (stop) => go(across(stop, 1)),
  ArrowLeft: (stop) => go(across(stop, -1)),
  ArrowDown: (stop) => go(down(stop, 1)),
  ArrowUp: (stop) => go(down(stop, -1)),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && carried) return drop(false);
  const stop = event.target.closest?.("[data-stop]");
  if (!stop || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act(stop);
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-stop]")) hold(event.target);
});

// ---- dragging, by mouse at once, by finger after a long press

async function lift(item, x, y) {
  const ghost = document.createElement("div");
  ghost.className = "ghost";
  ghost.append(item.querySelector("b, span")?.textContent ?? item.textContent, document.createElement("small"));
  document.body.append(ghost);
  carried = { item, ghost, places: new Map(), zone: null, x, y };
  item.classList.add("carried");
  board().classList.add("carrying");
  say(`${words.dragging} ${item.textContent.trim()}`);
  follow(x, y);
  const mine = carried;
  const answer = await ask(board().dataset.targets, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: item.dataset.entry,
  });
  if (!answer?.ok || carried !== mine) return;
  for (const place of await answer.json()) mine.places.set(place.zone, place);
  if (carried !== mine) return mine.ready?.();
  for (const zone of board().querySelectorAll("[data-zone]")) {
    const place = mine.places.get(zone.dataset.zone);
    if (!place) continue;
    zone.dataset.outcome = place.outcome;
    zone.dataset.verdict = place.said;
  }
  follow(carried.x, carried.y);
}

function follow(x, y) {
  Object.assign(carried, { x, y });
  carried.ghost.style.left = `${Math.min(x + 12, innerWidth - 200)}px`;
  carried.ghost.style.top = `${y + 14}px`;
  if (y < NEAR_EDGE) scrollBy(0, -12);
  if (y > innerHeight - NEAR_EDGE) scrollBy(0, 12);
  const zone = zoneAt(x, y), place = zone && carried.places.get(zone.dataset.zone);
  if (zone !== carried.zone) {
    carried.zone?.classList.remove("over");
    zone?.classList.add("over");
    carried.zone = zone;
  }
  carried.ghost.lastChild.textContent = place ? `${place.said} · ${place.effect}` : carried.places.size ? words.nowhere : words.wait;
}

function zoneAt(x, y) {
  let found = document.elementFromPoint(x, y)?.closest("[data-zone]");
  while (found && (found === carried.item || (carried.places.size && !carried.places.has(found.dataset.zone)))) {
    found = found.parentElement.closest("[data-zone]");
  }
  return found;
}

function drop(isDone) {
  const { item, ghost, zone, places } = carried, place = zone && places.get(zone.dataset.zone);
  carried = null;
  ghost.remove();
  item.classList.remove("carried");
  board().classList.remove("carrying");
  for (const marked of board().querySelectorAll("[data-outcome], .over")) {
    marked.classList.remove("over");
    delete marked.dataset.outcome;
    delete marked.dataset.verdict;
  }
  if (!isDone || !place || place.outcome === "taken") return;
  hold(item);
  sendForm(place.kind, JSON.stringify(place.entry), { to: place.to, other: place.other, focus: place.zone });
}

document.addEventListener("pointerdown", (event) => {
  const item = event.target.closest?.("[data-entry]");
  if (!item || event.button !== 0 || !event.isPrimary || !board()?.contains(item)) return;
  pressed = { item, x: event.clientX, y: event.clientY, id: event.pointerId };
  if (event.pointerType === "touch") {
    pressed.timer = setTimeout(() => {
      navigator.vibrate?.(20);
      lift(item, event.clientX, event.clientY);
    }, LONG_PRESS);
  }
});

document.addEventListener("pointermove", (event) => {
  if (!pressed || event.pointerId !== pressed.id) return;
  const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > MOVED;
  if (carried) follow(event.clientX, event.clientY);
  else if (far && event.pointerType === "touch") letGo();
  else if (far) lift(pressed.item, event.clientX, event.clientY);
});

function letGo() {
  clearTimeout(pressed?.timer);
  pressed = null;
}

document.addEventListener("pointerup", () => {
  letGo();
  if (!carried) return;
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  drop(true);
});

document.addEventListener("pointercancel", () => {
  letGo();
  if (carried) drop(false);
});

function swallow(event) { // The click that ends a drag opens no menu.
  event.preventDefault();
  event.stopPropagation();
}

// A finger that has lifted something carries it; before that it scrolls the page as ever.
document.addEventListener("touchmove", (event) => carried && event.preventDefault(), { passive: false });
document.addEventListener("contextmenu", (event) => (carried || pressed?.timer) && event.preventDefault());

function setUp(name, cell) {
  for (const link of document.querySelectorAll("a[data-menu]")) link.setAttribute("aria-haspopup", "dialog");
  const all = stops();
  for (const stop of all) stop.tabIndex = -1;
  const found = all.find((stop) => nameOf(stop) === name)
    ?? board().querySelector(`td[data-zone="${CSS.escape(name ?? cell ?? "")}"] [data-stop]`)
    ?? board().querySelector(`td[data-zone="${CSS.escape(cell ?? "")}"] [data-stop]`);
  current = null;
  hold(found ?? all[0] ?? board());
  if (found && name) found.focus();
}

setUp();
