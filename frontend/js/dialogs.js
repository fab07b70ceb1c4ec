// [data-dialog="id"] opens a dialog, [data-close] closes it; a dialog that arrives with data-open opens itself.
function open(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

function openNew(root) {
  for (const dialog of root.querySelectorAll?.("dialog[data-open]") ?? []) open(dialog);
}

function onClick(event) {
  const { target } = event;
  const opener = target.closest?.("[data-dialog]");
  if (opener) {
    event.preventDefault();
    open(document.getElementById(opener.dataset.dialog));
  }
  if (target.closest?.("[data-close]")) {
    const dialog = target.closest("dialog");
    if (dialog) event.preventDefault();
    dialog?.close();
  }
  if (target.matches?.("dialog[open]:not([data-stays])") && isOutside(event)) target.close();
}

function isOutside({ target, clientX, clientY, detail }) {
  const box = target.getBoundingClientRect();
  const inside =
    clientX >= box.x && clientX <= box.x + box.width && clientY >= box.y && clientY <= box.y + box.height;
  return detail > 0 && !inside;
}

export function startDialogs() {
  document.addEventListener("click", onClick);
  document.addEventListener("htmx:after:swap", () => openNew(document));
  openNew(document);
}
