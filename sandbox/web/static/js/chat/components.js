/** Components as Discord's client shows them; a kind that is not known is named instead of drawn. */

import { drawButton } from "./buttons.js";
import { h } from "../core/dom.js";
import { markdown } from "../markdown/markdown.js";
import { fileCard, hidden, mediumOf, mosaic, thumbnail } from "./media.js";
import { cssColor, names } from "./names.js";
import { drawSelect } from "./selects.js";
import { t } from "../core/words.js";

/** @import { Component, Container, FileComponent, Gallery, Row, Section, Separator, TextDisplay } from "../core/wire.js" */

/**
 * Draw a list of components of a message, by its id.
 * @type {(components: Component[], message: string) => HTMLElement[]}
 */
export function drawComponents(components, message) {
  return components.map((component) => drawComponent(component, message));
}

/** @type {(component: Component, message: string) => HTMLElement} */
function drawComponent(component, message) {
  switch (component.type) {
    case 1:
      return drawRow(component, message);
    case 2:
      return drawButton(component, message);
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return drawSelect(component, message);
    case 9:
      return drawSection(component, message);
    case 10:
      return drawText(component);
    case 11:
      return thumbnail(mediumOf(component.media, component));
    case 12:
      return drawGallery(component);
    case 13:
      return drawFile(component);
    case 14:
      return drawSeparator(component);
    case 17:
      return drawContainer(component, message);
    default:
      return drawUnknown(component);
  }
}

/** @type {(component: { type: number }) => HTMLElement} */
function drawUnknown({ type }) {
  return h("p", { class: "unknown" }, t("This page cannot show components of type {type}.", { type }));
}

/** @type {(row: Row, message: string) => HTMLElement} */
function drawRow({ components }, message) {
  return h("div", { class: "row", "data-part": "row" }, drawComponents(components, message));
}

/** @type {(text: TextDisplay) => HTMLElement} */
function drawText({ content }) {
  return h("div", { class: "text", "data-part": "text" }, markdown(content, names()));
}

/** @type {(section: Section, message: string) => HTMLElement} */
function drawSection({ components, accessory }, message) {
  return h(
    "div",
    { class: "section", "data-part": "section" },
    h("div", { class: "texts" }, drawComponents(components, message)),
    h("div", { class: "accessory" }, accessory && drawComponent(accessory, message)),
  );
}

/** @type {(gallery: Gallery) => HTMLElement} */
function drawGallery({ items }) {
  return mosaic(items.map((item) => mediumOf(item.media, item)));
}

/** @type {(component: FileComponent) => HTMLElement} */
function drawFile({ file, name, size, spoiler }) {
  const medium = mediumOf({ ...file, filename: name ?? undefined }, { spoiler: spoiler ?? false });
  return h("div", { "data-part": "file", "data-key": `file ${medium.key}` }, fileCard(medium, size));
}

/** @type {(separator: Separator) => HTMLElement} */
function drawSeparator({ divider, spacing }) {
  const kind = `separator ${divider ? "line" : "space"} ${spacing === 2 ? "large" : "small"}`;
  return h("div", { class: kind, "data-part": "separator", "aria-hidden": "true" });
}

/** @type {(container: Container, message: string) => HTMLElement} */
function drawContainer({ components, accent_color: accent, spoiler }, message) {
  const element = h("div", { class: "container", "data-part": "container" }, drawComponents(components, message));
  if (accent !== null && accent !== undefined) element.style.setProperty("--bar", cssColor(accent));
  return spoiler ? hidden(element) : element;
}
