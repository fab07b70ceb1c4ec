// One hand on the keyboard: J and K walk the list, Enter opens, a letter presses the selected item's button.
import { isOpen, load } from "./panel.js";

const TYPED = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

const seen = (element) => element.checkVisibility?.() ?? true;
const items = () => [...document.querySelectorAll("[data-list] [data-item]")].filter(seen);
const selected = () => document.querySelector("[data-list] [data-item].sel");

export function isFree(event) {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return false;
  return !event.target.closest?.(TYPED) && !document.querySelector("dialog[open]");
}

export function select(item) {
  for (const before of document.querySelectorAll("[data-item].sel")) before.classList.remove("sel");
  item.classList.add("sel");
  item.closest("[data-list]").classList.add("keyed");
}

function walk(by) {
  const all = items();
  if (!all.length) return;
  const at = all.indexOf(selected());
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  select(next);
  const link = main(next);
  link?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (link?.matches("[data-panel]") && isOpen()) load(link, { focus: false });
}

const main = (item) => item.querySelector("[data-main], a");

function press(key) {
  const here = selected();
  const button = [
    ...(here?.querySelectorAll("[data-key]") ?? []),
    ...document.querySelectorAll("[data-page-key]"),
  ].find((element) => (element.dataset.key ?? element.dataset.pageKey) === key && seen(element));
  button?.click();
  return Boolean(button);
}

function onKey(event) {
  if (!isFree(event)) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    event.preventDefault();
    walk(key === "j" ? 1 : -1);
  } else if (key === "enter") {
    if (!event.target.closest?.("a, button, summary, input") && selected()) main(selected())?.click();
  } else if (/^\p{L}$/u.test(key) && press(key)) {
    event.preventDefault();
  }
}

export function startKeys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", ({ target }) => {
    const item = target.closest?.("[data-list] [data-item]");
    if (item) select(item);
  });
  document.addEventListener("focusin", ({ target }) => {
    const item = target.closest?.("[data-list] [data-item]");
    if (item && target.matches(":focus-visible")) select(item);
  });
}
