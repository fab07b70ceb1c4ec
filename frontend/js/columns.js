// The form of a list's columns: its arrows move a line at once; without a script they send the form.
function onClick(event) {
  const mover = event.target.closest?.("[data-columns] [data-move]");
  if (!mover) return;
  event.preventDefault();
  const line = mover.closest("li");
  const isUp = mover.dataset.move === "up";
  const other = isUp ? line.previousElementSibling : line.nextElementSibling;
  if (isUp) other?.before(line);
  else other?.after(line);
  mover.focus();
}

export function startColumns() {
  document.addEventListener("click", onClick);
}
