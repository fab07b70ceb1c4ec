// Dragging cards between columns: a drop presses the button of the card's own "Move to" menu that names the column.
import Sortable from "sortablejs";

const lists = () => document.querySelectorAll("[data-board] [data-column]");

export function buttonFor(card, column) {
  return [...card.querySelectorAll("[data-move]")].find((button) => button.dataset.move === column);
}

function dropped({ item, from, to, oldIndex }) {
  if (from === to) return;
  const button = buttonFor(item, to.dataset.column);
  if (button) button.click();
  else from.insertBefore(item, from.children[oldIndex] ?? null);
}

function allowed(to, _from, card) {
  return Boolean(buttonFor(card, to.el.dataset.column)) || card.parentElement === to.el;
}

function make(list) {
  if (Sortable.get(list)) return;
  Sortable.create(list, {
    group: { name: "board", put: allowed },
    draggable: "[data-card]",
    filter: "button, .pop",
    preventOnFilter: false,
    ghostClass: "ghost",
    dragClass: "dragging",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    delay: 150,
    delayOnTouchOnly: true,
    onEnd: dropped,
  });
}

function start() {
  for (const list of lists()) make(list);
}

start();
document.addEventListener("htmx:after:swap", start);
