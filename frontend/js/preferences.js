// The theme and the width of the rail: kept in a cookie, so that the server draws the page right the first time.
const YEAR = 365 * 24 * 3600;

function keep(name, value) {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we support
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax`;
}

function showTheme(value) {
  if (value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  for (const button of document.querySelectorAll("[data-theme-to]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeTo === value));
  }
}

function turnRail(button) {
  const slim = document.documentElement.dataset.rail !== "slim";
  document.documentElement.dataset.rail = slim ? "slim" : "wide";
  button.setAttribute("aria-expanded", String(!slim));
  keep("rail", slim ? "slim" : "wide");
}

export function startPreferences() {
  document.addEventListener("click", ({ target }) => {
    const theme = target.closest?.("[data-theme-to]")?.dataset.themeTo;
    if (theme) {
      showTheme(theme);
      keep("theme", theme);
    }
    const rail = target.closest?.("[data-rail-toggle]");
    if (rail) turnRail(rail);
  });
}
