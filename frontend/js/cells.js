// Cells changed in place: a double click opens the column at that cell, Tab leads to the next one, Escape leaves.
// The cell of several choices is a button that says them; its boxes lie in a popover behind it.
import { htmx } from "./requests.js";

const cells = () => [...document.querySelectorAll("#list [data-cell]")];

async function onDoubleClick(event) {
  const cell = event.target.closest?.("[data-list] tbody td");
  const link = cell?.closest("table").tHead?.rows[0].cells[cell.cellIndex]?.querySelector("a.edit");
  if (!link || event.target.closest("a, button, input, select")) return;
  const at = cell.parentElement.sectionRowIndex;
  await htmx.ajax("GET", link.href, {
    source: link,
    target: "#list",
    swap: "outerHTML",
    push: link.href,
  });
  document.querySelector("#list tbody")?.rows[at]?.querySelector("[data-cell]")?.focus();
}

function onKey(event) {
  const cell = event.target.closest?.("[data-cell]");
  if (!cell || cell.popoverTargetElement?.matches(":popover-open")) return;
  if (event.key === "Escape") {
    event.preventDefault();
    document.querySelector("#list [data-cells-leave]")?.click();
  } else if (event.key === "Tab") {
    const all = cells();
    const next = all[all.indexOf(cell) + (event.shiftKey ? -1 : 1)];
    if (!next) return; // behind the last cell the page goes on as ever
    event.preventDefault();
    next.focus();
    next.select?.();
  }
}

function enter() {
  const first = document.querySelector("#list [data-cell][aria-invalid]") ?? cells()[0];
  if (!document.activeElement?.closest("[data-cell]")) first?.focus();
}

function onTick({ target }) {
  const boxes = target.closest?.("td > .pop");
  const said = boxes?.parentElement.querySelector("[data-ticked]");
  if (!said) return;
  const ticked = [...boxes.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent);
  const list = new Intl.ListFormat(document.documentElement.lang, { type: "unit" });
  said.textContent = ticked.length ? list.format(ticked) : said.dataset.ticked;
}

export function startCells() {
  document.addEventListener("change", onTick);
  document.addEventListener("dblclick", onDoubleClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:after:swap", enter);
  enter();
}
