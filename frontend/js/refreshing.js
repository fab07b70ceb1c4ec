// A part of a page that keeps itself fresh: while somebody looks and nothing is under way it is asked for again.
const EVERY = 45_000;
let kept = "";

const isBusy = () =>
  document.hidden || document.querySelector("dialog[open], .pop:popover-open, [aria-busy=true]");

const isHeld = (part) => part.contains(document.activeElement?.closest("input, textarea, select"));

export function refresh() {
  if (isBusy()) return;
  for (const part of document.querySelectorAll("[data-refresh]"))
    if (!isHeld(part)) part.dispatchEvent(new CustomEvent("refresh"));
}

const place = () => document.querySelector("[data-refresh] [data-item].sel");

function remember() {
  const here = document.activeElement?.closest?.("[data-refresh] [data-item]");
  kept = place()?.id ?? "";
  return here?.id ?? "";
}

/** The item one stood on is selected again, and has the focus again, if it is still there. */
function settle(focused) {
  const item = kept && document.getElementById(kept);
  if (item && item !== place()) {
    place()?.classList.remove("sel");
    item.classList.add("sel");
  }
  if (focused && document.activeElement === document.body)
    document.getElementById(focused)?.querySelector("[data-main], a")?.focus({ preventScroll: true });
}

export function startRefreshing() {
  if (!document.querySelector("[data-refresh]")) return;
  let focused = "";
  document.addEventListener("htmx:before:swap", () => {
    focused = remember();
  });
  document.addEventListener("htmx:after:swap", () => settle(focused));
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, EVERY);
}
