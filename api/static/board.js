// Drag a person to another cell to move, onto another person to swap. Everything goes through the forms of the page,
// which work without this file; the server says beforehand which cells would do, and why not.
const board = document.querySelector("[data-board]");
let dragged = null;

async function mark(item) {
  const answer = await fetch(board.dataset.targets, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: item.dataset.entry,
  });
  if (!answer.ok || dragged !== item) return;
  for (const { class: run, segment, rules, said } of await answer.json()) {
    const cell = board.querySelector(`[data-class="${CSS.escape(run)}"][data-segment="${CSS.escape(segment)}"]`);
    if (!cell || cell.contains(item)) continue;
    cell.classList.add(rules.length ? "would-not" : "would");
    cell.querySelector("[data-said]").textContent = rules.length ? said.join(board.dataset.comma) : board.dataset.works;
  }
}

function clear() {
  dragged = null;
  for (const cell of board.querySelectorAll(".would, .would-not")) {
    cell.classList.remove("would", "would-not");
    cell.querySelector("[data-said]").textContent = "";
  }
}

function send(kind, item, fields) {
  const form = document.querySelector("form[data-change]");
  form.elements.kind.value = kind;
  form.elements.entry.value = item.dataset.entry;
  for (const name of ["to", "other"]) form.elements[name].value = fields[name] ?? "";
  form.submit();
}

if (board) {
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-entry]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.entry);
    mark(dragged);
  });
  board.addEventListener("dragend", clear);
  board.addEventListener("dragover", (event) => {
    if (dragged && event.target.closest("[data-segment]")) event.preventDefault();
  });
  board.addEventListener("drop", (event) => {
    const cell = event.target.closest("[data-segment]"), other = event.target.closest("[data-entry]");
    if (!dragged || !cell) return;
    event.preventDefault();
    if (other && other !== dragged) send("swap", dragged, { other: other.dataset.entry });
    else if (!cell.contains(dragged)) {
      send("move", dragged, { to: JSON.stringify({ class: cell.dataset.class, segment: cell.dataset.segment }) });
    }
  });
}
