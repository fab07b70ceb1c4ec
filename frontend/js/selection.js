// Ticking rows: a head box for the page, a count, and the bar of bulk actions that appears with the first tick.
const boxes = (root) => [...root.querySelectorAll("input[data-pick]")];

export function countText(pattern, count) {
  return pattern.replace("%s", new Intl.NumberFormat(document.documentElement.lang).format(count));
}

function refresh(root) {
  const all = boxes(root);
  const picked = all.filter((box) => box.checked).length;
  const head = root.querySelector("input[data-pick-all]");
  if (head) {
    head.checked = picked > 0 && picked === all.length;
    head.indeterminate = picked > 0 && picked < all.length;
  }
  for (const bar of root.querySelectorAll("[data-bulk]")) bar.hidden = picked === 0;
  for (const place of root.querySelectorAll("[data-picked]")) {
    place.textContent = countText(place.dataset.picked, picked);
    place.hidden = Boolean(root.querySelector("[data-bulk] input[name=all]")?.checked);
  }
}

function refreshAll() {
  for (const root of document.querySelectorAll("[data-picking]")) refresh(root);
}

export function startSelection() {
  document.addEventListener("change", ({ target }) => {
    const root = target.closest?.("[data-picking]");
    if (!root) return;
    if (target.matches("[data-pick-all]")) for (const box of boxes(root)) box.checked = target.checked;
    refresh(root);
  });
  document.addEventListener("htmx:after:swap", refreshAll);
  refreshAll();
}
