// HTMX as this house uses it: the CSRF token on every request that writes, errors told in words with the request's id.
import htmx from "htmx.org";
import { csrfToken, words } from "./page.js";
import { sayError } from "./toasts.js";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

function addToken({ detail: { ctx } }) {
  if (!SAFE.has(ctx.request.method.toUpperCase())) {
    ctx.request.headers["X-CSRFToken"] = csrfToken();
  }
}

function tellStatus({ detail: { ctx } }) {
  if (ctx.response.status === 422) return;
  const reference = ctx.response.headers?.get?.("X-Request-ID") ?? "";
  sayError(words(ctx.response.status < 500 ? "refused" : "failed"), reference);
}

function tellNetwork({ detail }) {
  const aborted = detail.error?.name === "AbortError";
  if (!aborted && !detail.ctx?.response) sayError(words("offline"), "");
}

document.addEventListener("htmx:config:request", addToken);
document.addEventListener("htmx:response:error", tellStatus);
document.addEventListener("htmx:error", tellNetwork);

export { htmx };
