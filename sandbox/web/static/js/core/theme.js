/** Light and dark: the system's choice until the reader makes one, which this browser keeps. */

const KEY = "theme";
const light = matchMedia("(prefers-color-scheme: light)");

/**
 * Give the theme that is shown now.
 * @type {() => string | undefined}
 */
export function theme() {
  return document.documentElement.dataset.theme;
}

/**
 * Show the theme that was chosen, or the system's.
 * @type {(changed: () => void) => void}
 */
export function startTheme(changed) {
  const apply = () => {
    document.documentElement.dataset.theme = localStorage.getItem(KEY) ?? (light.matches ? "light" : "dark");
    changed();
  };
  light.addEventListener("change", apply);
  addEventListener("storage", ({ key }) => key === KEY && apply());
  apply();
}

/** Change from one to the other. */
export function turnTheme() {
  const turned = theme() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = turned;
  localStorage.setItem(KEY, turned);
}
