// The palette: a combobox over what the server finds for the words typed so far.
const WAIT = 120;
let asked = 0;
let timer;

const parts = () => {
  const dialog = document.querySelector("#palette");
  return {
    dialog,
    input: dialog?.querySelector("[role=combobox]"),
    list: dialog?.querySelector("[role=listbox]"),
    status: dialog?.querySelector("[role=status]"),
  };
};

const options = (list) => [...list.querySelectorAll("[role=option]")];

export function choose(input, list, option) {
  for (const other of options(list)) other.setAttribute("aria-selected", String(other === option));
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

/** The server may send plain links in groups; the roles are ours to give. */
export function dress(list) {
  list.querySelectorAll("section, [data-group]").forEach((group, at) => {
    group.setAttribute("role", "group");
    const title = group.querySelector("h2, h3, [data-title]");
    if (!title) return;
    title.id ||= `palette-group-${at}`;
    title.setAttribute("role", "presentation");
    group.setAttribute("aria-labelledby", title.id);
  });
  list.querySelectorAll("a, button").forEach((option, at) => {
    option.setAttribute("role", "option");
    option.setAttribute("tabindex", "-1");
    option.id = `palette-option-${at}`;
  });
}

async function find() {
  const { dialog, input, list, status } = parts();
  const turn = ++asked;
  const address = new URL(dialog.dataset.from, location.href);
  address.searchParams.set("q", input.value.trim());
  const response = await fetch(address, { headers: { "HX-Request": "true" } });
  if (turn !== asked) return;
  if (response.redirected || !response.ok) {
    list.replaceChildren();
    status.textContent = dialog.dataset.failed;
    return;
  }
  list.innerHTML = await response.text();
  dress(list);
  const found = options(list);
  choose(input, list, found[0]);
  status.textContent = found.length ? "" : dialog.dataset.none;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(find, WAIT);
}

function step(event) {
  const { input, list } = parts();
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const found = options(list);
  const at = found.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (by && found.length) {
    event.preventDefault();
    choose(input, list, found[(at + by + found.length) % found.length]);
  }
  if (event.key === "Enter") {
    event.preventDefault();
    found[at]?.click();
  }
}

export function openPalette() {
  const { dialog, input } = parts();
  if (!dialog || dialog.open) return;
  dialog.showModal();
  input.select();
  find();
}

export function startPalette() {
  const { dialog, input } = parts();
  if (!dialog) return;
  input.addEventListener("input", later);
  input.addEventListener("keydown", step);
  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-palette]")) return;
    event.preventDefault();
    openPalette();
  });
}
