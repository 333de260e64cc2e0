// Drag a booking to another day or person, or its lower edge to another length. Both only open
// the page that shows what would come of it; “Move” beside each booking does the same.
const STEP_MINUTES = 30;
const STEP_PIXELS = 14;
let dragged = null;

function open(block, more) {
  const address = new URL(block.querySelector(".block__do a").href);
  for (const [name, value] of Object.entries(more)) address.searchParams.set(name, value);
  window.location.assign(address);
}

function prepare() {
  for (const block of document.querySelectorAll(".block[data-event]")) {
    if (block.draggable || !block.querySelector(".block__do a")) continue;
    block.draggable = true;
    const edge = document.createElement("span");
    edge.className = "block__edge";
    edge.setAttribute("aria-hidden", "true");
    edge.addEventListener("pointerdown", (start) => stretch(block, edge, start));
    block.append(edge);
  }
}

function stretch(block, edge, start) {
  start.preventDefault();
  edge.setPointerCapture(start.pointerId);
  const told = block.querySelector(".block__when");
  const before = told.textContent;
  let minutes = Number(block.dataset.minutes);
  block.draggable = false;
  const move = (now) => {
    const steps = Math.round((now.clientY - start.clientY) / STEP_PIXELS);
    minutes = Math.max(STEP_MINUTES, Number(block.dataset.minutes) + steps * STEP_MINUTES);
    told.textContent = `${before.trim()} → ${minutes} min`;
  };
  const end = () => {
    edge.removeEventListener("pointermove", move);
    block.draggable = true;
    told.textContent = before;
    if (minutes !== Number(block.dataset.minutes)) open(block, { minutes });
  };
  edge.addEventListener("pointermove", move);
  edge.addEventListener("pointerup", end, { once: true });
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".block[data-event]");
});
document.addEventListener("dragover", (event) => {
  const cell = dragged && event.target.closest(".board__cell[data-day]");
  for (const other of document.querySelectorAll(".board__cell--over")) {
    if (other !== cell) other.classList.remove("board__cell--over");
  }
  if (!cell) return;
  event.preventDefault();
  cell.classList.add("board__cell--over");
});
document.addEventListener("drop", (event) => {
  const cell = dragged && event.target.closest(".board__cell[data-day]");
  if (!cell) return;
  event.preventDefault();
  open(dragged, { day: cell.dataset.day, to: cell.dataset.staff });
});
document.addEventListener("dragend", () => {
  dragged = null;
});
document.addEventListener("htmx:afterSettle", prepare);
// While something is dragged or a field has the focus, the board is not swapped away.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (dragged && event.target.id === "board") event.detail.shouldSwap = false;
});
prepare();
