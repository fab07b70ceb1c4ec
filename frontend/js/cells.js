// Cells changed in place: a double click opens the column at that cell, Tab leads to the next one, Escape leaves.
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
  cells()[at]?.focus();
}

function onKey(event) {
  const cell = event.target.closest?.("[data-cell]");
  if (!cell) return;
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

export function startCells() {
  document.addEventListener("dblclick", onDoubleClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:after:swap", () => {
    const cell = document.querySelector("#list [data-cell]");
    if (cell && !document.activeElement?.closest("[data-cell]")) cell.focus();
  });
}
