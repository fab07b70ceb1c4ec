// A strip of links that is wider than its place (the settings' rooms on a phone, tabs) shows the current one.
export function centre(strip, link) {
  const [box, whole] = [link.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollBy({ left: box.x + box.width / 2 - (whole.x + whole.width / 2) });
}

export function startStrips() {
  for (const strip of document.querySelectorAll("nav.subnav, nav.tabs")) {
    const current = strip.querySelector("[aria-current]");
    if (current && strip.scrollWidth > strip.clientWidth) centre(strip, current);
  }
}
