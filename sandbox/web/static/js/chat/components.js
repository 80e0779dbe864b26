/** Components as Discord's client shows them; a kind that is not known is named instead of drawn. */

import { drawButton } from "./buttons.js";
import { h } from "../core/dom.js";
import { markdown } from "../markdown/markdown.js";
import { fileCard, hidden, mediumOf, mosaic, thumbnail } from "./media.js";
import { cssColor, names } from "./names.js";
import { drawSelect } from "./selects.js";

const DRAWERS = {
  1: drawRow,
  2: drawButton,
  3: drawSelect,
  5: drawSelect,
  6: drawSelect,
  7: drawSelect,
  8: drawSelect,
  9: drawSection,
  10: drawText,
  11: (component) => thumbnail(mediumOf(component.media, component)),
  12: drawGallery,
  13: drawFile,
  14: drawSeparator,
  17: drawContainer,
};

/** Draw a list of components of a message, by its id. */
export function drawComponents(components, message) {
  return components.map((component) => drawComponent(component, message));
}

function drawComponent(component, message) {
  const draw = DRAWERS[component.type];
  if (draw) return draw(component, message);
  return h("p", { class: "unknown" }, `This page cannot show components of type ${component.type}.`);
}

function drawRow({ components }, message) {
  return h("div", { class: "row", "data-part": "row" }, drawComponents(components, message));
}

function drawText({ content }) {
  return h("div", { class: "text", "data-part": "text" }, markdown(content, names()));
}

function drawSection({ components, accessory }, message) {
  return h(
    "div",
    { class: "section", "data-part": "section" },
    h("div", { class: "texts" }, drawComponents(components, message)),
    h("div", { class: "accessory" }, accessory && drawComponent(accessory, message)),
  );
}

function drawGallery({ items }) {
  return mosaic(items.map((item) => mediumOf(item.media, item)));
}

function drawFile({ file, name, size, spoiler }) {
  const medium = mediumOf({ ...file, filename: name ?? undefined }, { spoiler });
  return h("div", { "data-part": "file", "data-key": `file ${medium.key}` }, fileCard(medium, size));
}

function drawSeparator({ divider, spacing }) {
  const kind = `separator ${divider ? "line" : "space"} ${spacing === 2 ? "large" : "small"}`;
  return h("div", { class: kind, "data-part": "separator", "aria-hidden": "true" });
}

function drawContainer({ components, accent_color: accent, spoiler }, message) {
  const element = h("div", { class: "container", "data-part": "container" }, drawComponents(components, message));
  if (accent !== null && accent !== undefined) element.style.setProperty("--bar", cssColor(accent));
  return spoiler ? hidden(element) : element;
}
