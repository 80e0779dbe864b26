/** Embeds: the framed previews of classic messages. */

import { h } from "../core/dom.js";
import { inlineMarkdown, markdown } from "../markdown/markdown.js";
import { safeAddress } from "../markdown/links.js";
import { mediumOf, mosaic, thumbnail } from "./media.js";
import { cssColor, names } from "./names.js";
import { when } from "../core/times.js";

/** @import { Child } from "../core/dom.js" */
/** @import { Embed, EmbedField } from "../core/wire.js" */

/**
 * Draw an embed.
 * @type {(embed: Embed) => HTMLElement}
 */
export function drawEmbed(embed) {
  const element = h(
    "div",
    { class: "embed", "data-part": "embed" },
    h(
      "div",
      { class: "texts" },
      embed.provider?.name && h("small", {}, embed.provider.name),
      embed.author && h("p", { class: "embed-author" }, linked(embed.author.url, embed.author.name)),
      embed.title && h("p", { class: "embed-title" }, linked(embed.url, inlineMarkdown(embed.title, names()))),
      embed.description && markdown(embed.description, names()),
      embed.fields?.length ? h("dl", {}, embed.fields.map(drawField)) : null,
    ),
    embed.thumbnail?.url && thumbnail(mediumOf(embed.thumbnail)),
    embed.image?.url && mosaic([{ ...mediumOf(embed.image), kind: "image" }]),
    drawFooter(embed),
  );
  if (embed.color) element.style.setProperty("--bar", cssColor(embed.color));
  return element;
}

/** @type {(field: EmbedField) => HTMLElement} */
function drawField({ name, value, inline }) {
  return h(
    "div",
    { class: inline ? "inline" : null },
    h("dt", {}, inlineMarkdown(name, names())),
    h("dd", {}, markdown(value, names())),
  );
}

/** @type {(embed: Embed) => HTMLElement | null} */
function drawFooter({ footer, timestamp }) {
  const words = [footer?.text, timestamp && when(new Date(timestamp), names().locale)].filter(Boolean);
  return words.length ? h("p", { class: "embed-footer" }, words.join(" • ")) : null;
}

/** @type {(address: string | null | undefined, inside: Child) => Child} */
function linked(address, inside) {
  const url = address ? safeAddress(address) : null;
  return url ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, inside) : inside;
}
