// [data-contents] lists the parts of a long page: the part one reads is marked in it.
import { centre } from "./strips.js";

const list = () => document.querySelector("[data-contents]");

function mark() {
  const nav = list();
  if (!nav) return;
  const line = nav.getBoundingClientRect().bottom + 48;
  const links = [...nav.querySelectorAll("a")];
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
  const passed = links.filter(
    (link) => document.querySelector(link.hash)?.getBoundingClientRect().top < line,
  );
  const here = atEnd ? links.at(-1) : (passed.at(-1) ?? links[0]);
  if (here.hasAttribute("aria-current")) return;
  for (const link of links) link.removeAttribute("aria-current");
  here.setAttribute("aria-current", "location");
  centre(nav, here);
}

export function startContents() {
  if (!list()) return;
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  });
  mark();
}
