// [data-passkey="make" | "use"] on a form whose hidden field takes what the device answers. What it is asked stands in the JSON
// that data-asks names, or comes from the address in data-asks-from; data-said is the sentence for when nothing came of it.
import { sayError } from "./toasts.js";

const ADDRESS = /^[\d.]+$|^\[/;

// Devices bind passkeys to a name, and to no bare number of a machine.
const can = () =>
  Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) && !ADDRESS.test(location.hostname);

async function asked({ asks, asksFrom }) {
  if (asks) return JSON.parse(document.getElementById(asks).textContent);
  const answer = await fetch(asksFrom, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  return answer.json();
}

async function used(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.request_options.publicKey);
  return navigator.credentials.get({ publicKey });
}

async function made(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.creation_options.publicKey);
  const wanted = { residentKey: "required", requireResidentKey: true };
  publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, ...wanted };
  return navigator.credentials.create({ publicKey });
}

async function send(event) {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  try {
    const options = await asked(form.dataset);
    const credential = await (form.dataset.passkey === "make" ? made : used)(options);
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    sayError(form.dataset.said, "");
  }
}

export function startPasskeys() {
  for (const shown of document.querySelectorAll("[data-passkey-can]")) shown.hidden = !can();
  for (const shown of document.querySelectorAll("[data-passkey-cannot]")) shown.hidden = can();
  document.addEventListener("submit", send);
}
