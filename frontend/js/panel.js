// The record beside its list: a[data-panel] loads its page and puts that page's #panel here; the address tells it.
import { htmx } from "./requests.js";

const panel = () => document.querySelector("#panel");
let opener;
let listed = ""; // the address of the list as it was asked
let shown = ""; // the path of the record beside it

function isPlain(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

export function isOpen() {
  return Boolean(panel()?.childElementCount);
}

/** Loads the address into the panel. */
export async function load(link, { focus = true } = {}) {
  const address = link.href;
  const walks = isOpen() && location.pathname === shown; // from record to record: one step back leads to the list
  if (location.pathname !== shown) listed = location.href;
  shown = link.pathname;
  await htmx.ajax("GET", address, {
    source: link,
    target: "#panel",
    swap: "outerHTML",
    select: "#panel",
    [walks ? "replace" : "push"]: address,
  });
  mark(link);
  if (focus) panel()?.querySelector("h1, h2, [tabindex]")?.focus();
}

function mark(link) {
  for (const other of document.querySelectorAll("a[data-panel][aria-current]"))
    other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
}

function close(event) {
  event.preventDefault();
  const back = listed || event.target.closest("[data-panel-close]").href;
  panel().replaceChildren();
  const isThere = !shown || location.pathname === shown;
  if (back && isThere) history.replaceState({ htmx: true }, "", back);
  opener?.focus();
}

export function startPanel() {
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-panel-close]")) return close(event);
    const link = event.target.closest?.("a[data-panel]");
    if (!link || !panel() || !isPlain(event)) return;
    event.preventDefault();
    opener = link;
    load(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !isOpen()) return;
    if (document.querySelector("dialog[open], .pop:popover-open")) return;
    panel().querySelector("[data-panel-close]")?.click();
  });
}
