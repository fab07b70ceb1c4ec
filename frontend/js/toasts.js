// Toasts: shown for ten seconds unless one points at or stands on them; an undo sends its request and reloads.
import { csrfToken, words } from "./page.js";

const SHOWN_FOR = 10_000;
const region = () => document.querySelector("#toasts");

function arm(toast) {
  if (toast.dataset.armed) return;
  toast.dataset.armed = "yes";
  let left = SHOWN_FOR;
  let since = 0;
  let timer;
  const run = () => {
    since = performance.now();
    timer = setTimeout(() => toast.remove(), left);
  };
  const hold = () => {
    clearTimeout(timer);
    left = Math.max(2_000, left - (performance.now() - since));
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", run);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", run);
  if (!toast.hasAttribute("data-stays")) run();
}

function fresh(name) {
  return document.querySelector(`template#${name}`).content.firstElementChild.cloneNode(true);
}

/** Shows a toast; `undo` is {url, method} or nothing. */
export function say(text, undo) {
  const toast = fresh("toast-plain");
  toast.querySelector("[data-text]").textContent = text;
  const form = toast.querySelector("form");
  if (undo?.url) {
    form.action = undo.url;
    form.dataset.undo = undo.method ?? "POST";
  } else {
    form?.remove();
  }
  region()?.append(toast);
}

export function sayError(text, reference) {
  const toast = fresh("toast-error");
  toast.querySelector("[data-text]").textContent = text;
  const place = toast.querySelector("[data-reference]");
  if (reference) place.textContent = reference;
  else place.parentElement.remove();
  region()?.append(toast);
}

async function undo(form) {
  const method = form.dataset.undo || "POST";
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(form.action, {
    method,
    body: method === "DELETE" ? undefined : body,
    headers: { "X-CSRFToken": csrfToken(), "X-Undo": "true" },
    // Followed, it would be another DELETE; the page that stands here is the one to load again.
    redirect: "manual",
  });
  if (response.ok || response.type === "opaqueredirect") location.reload();
  else sayError(words("failed"), response.headers.get("X-Request-ID") ?? "");
}

export function startToasts() {
  const place = region();
  if (!place) return;
  for (const toast of place.children) arm(toast);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) arm(node);
  }).observe(place, { childList: true });
  document.addEventListener("toast", ({ detail }) => say(detail.text, detail.undo));
  document.addEventListener("click", ({ target }) =>
    target.closest?.("[data-toast-close]")?.closest(".toast")?.remove(),
  );
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-undo]")) return;
    event.preventDefault();
    undo(event.target);
  });
}
