// Forms: a filter sends itself when changed, and a form being sent cannot be sent twice.
function onChange({ target }) {
  const form = target.closest?.("form[data-autosend]");
  if (form && !target.matches("[data-noautosend]")) form.requestSubmit();
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get") return;
  if (event.submitter?.matches("[data-download]")) return; // a file leaves the page as it is
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
}

/** A page taken from the browser's back-forward memory must be sendable again. */
function forget() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
}

export function startForms() {
  document.addEventListener("change", onChange);
  window.addEventListener("submit", onSubmit);
  window.addEventListener("pageshow", forget);
  document.querySelector('[aria-invalid="true"]')?.focus();
}
