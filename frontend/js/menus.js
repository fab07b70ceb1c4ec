// Menus are native popovers; this adds the arrow keys and closes one once its command is given.
const items = (menu) => [...menu.querySelectorAll("a, button, input")].filter((item) => !item.disabled);

function step(menu, by) {
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  all[(at + by + all.length) % all.length]?.focus();
}

function onKey(event) {
  const menu = event.target.closest?.(".pop:popover-open");
  if (!menu) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) {
    event.preventDefault();
    step(menu, by);
  }
}

export function startMenus() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", ({ target }) => {
    const item = target.closest?.(".pop button[type=button]:not([data-theme-to])");
    item?.closest(".pop")?.hidePopover();
  });
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.newState === "open" && event.target.matches(".pop")) items(event.target)[0]?.focus();
    },
    true,
  );
}
