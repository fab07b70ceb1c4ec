// What the server wrote into the page for its scripts: the CSRF token and the sentences they may have to say.
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

export function words(name) {
  return document.querySelector("#words")?.getAttribute(`data-${name}`) ?? "";
}
