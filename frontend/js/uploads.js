// Uploads: files are sent one after the other, each with its progress and a way to cancel; what was refused is said
// by the page that comes after. Files can also be dropped onto the form.
import { csrfToken, words } from "./page.js";
import { sayError } from "./toasts.js";

/** Sends one file; resolves with "done", "cancelled" or "failed". */
function send(form, file, row) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("files", file);
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      row.querySelector("progress").value = total ? loaded / total : 1;
    });
    request.addEventListener("load", () => {
      const isAnswered = request.status === 201 || request.status === 422;
      if (!isAnswered) {
        const reference = request.getResponseHeader("X-Request-ID") ?? "";
        sayError(words(request.status < 500 ? "refused" : "failed"), reference);
      }
      resolve(isAnswered ? "done" : "failed");
    });
    request.addEventListener("error", () => {
      sayError(words("offline"), "");
      resolve("failed");
    });
    request.addEventListener("abort", () => resolve("cancelled"));
    row.querySelector("[data-uploads-cancel]").addEventListener("click", () => {
      row.dataset.cancelled = "yes";
      request.abort();
      resolve("cancelled");
    });
    if (row.dataset.cancelled) resolve("cancelled");
    else request.send(body);
  });
}

function drawn(form, file) {
  const row = form.querySelector("template").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-name]").textContent = file.name;
  row.querySelector("progress").setAttribute("aria-label", file.name);
  row.querySelector("[data-uploads-cancel]").addEventListener("click", () => {
    row.dataset.cancelled = "yes";
    row.remove();
  });
  form.querySelector("[data-uploads-rows]").append(row);
  return row;
}

async function upload(form, files) {
  if (!files.length || form.dataset.sent) return;
  form.dataset.sent = "yes";
  form.querySelector("[data-uploads-send]").hidden = true;
  const waiting = [...files].map((file) => [file, drawn(form, file)]);
  const ends = [];
  for (const [file, row] of waiting) ends.push(await send(form, file, row));
  delete form.dataset.sent;
  form.querySelector("[data-uploads-send]").hidden = false;
  form.querySelector("[data-uploads-rows]").replaceChildren();
  form.reset();
  if (ends.includes("done") && !ends.includes("failed")) location.reload();
}

const aimed = (event) => event.target.closest?.("form[data-uploads]");

export function startUploads() {
  document.addEventListener("change", (event) => {
    const form = aimed(event);
    if (form && event.target.type === "file") upload(form, event.target.files);
  });
  document.addEventListener("submit", (event) => {
    const form = aimed(event);
    if (!form) return;
    event.preventDefault();
    upload(form, form.querySelector('[type="file"]').files);
  });
  document.addEventListener("dragover", (event) => {
    if (aimed(event) && event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const form = aimed(event);
    if (!form || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    upload(form, event.dataTransfer.files);
  });
}
