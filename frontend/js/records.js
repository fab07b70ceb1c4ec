// [data-records] points to a record by its name and number: what fits is offered while one types.
const WAIT = 150;
const LIST = "records-offered";
let asked = 0;
let timer;

function offers() {
  const known = document.querySelector(`#${LIST}`);
  if (known) return known;
  const list = document.createElement("datalist");
  list.id = LIST;
  document.body.append(list);
  return list;
}

async function ask(input) {
  const turn = ++asked;
  const address = new URL(input.dataset.records, location.href);
  address.searchParams.set("q", input.value.trim());
  const response = await fetch(address, { headers: { "HX-Request": "true" } });
  if (turn === asked && response.ok && !response.redirected) offers().innerHTML = await response.text();
}

export function startRecords() {
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("[data-records]")) return;
    clearTimeout(timer);
    if (/#\d+\s*$/.test(target.value)) return; // one was chosen
    target.setAttribute("list", offers().id);
    timer = setTimeout(ask, WAIT, target);
  });
}
