/** Pictures and films in Discord's mosaic, thumbnails, and files to fetch. */

import { h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { safeAddress } from "../markdown/links.js";

const KINDS = { video: /\.(mp4|webm|mov|m4v)$/i, image: /\.(png|jpe?g|gif|webp|avif)$/i, audio: /\.(mp3|ogg|wav|m4a)$/i };
const UNITS = ["bytes", "KB", "MB", "GB"];
const NARROWEST = 1;
const WIDEST = 16 / 9;

/**
 * @typedef {{key: string, url: string, kind: "image"|"video"|"audio"|"file", name: string, alt: string,
 *   width: number|undefined, height: number|undefined, spoiler: boolean}} Medium
 */

/** Read an unfurled media item, or an attachment, into a medium. */
export function mediumOf(item, { description = null, spoiler = false } = {}) {
  const name = item.filename ?? item.url.split(/[?#]/)[0].split("/").at(-1);
  return {
    key: item.attachment_id ?? item.id ?? item.url,
    url: safeAddress(item.url) ?? "",
    kind: kindOf(item.content_type, name),
    name,
    alt: description ?? item.description ?? "",
    width: item.width,
    height: item.height,
    spoiler,
  };
}

/** Draw one to ten pictures and films side by side; when all have one shape, nothing of them is cut off. */
export function mosaic(media) {
  const shapes = media.map(({ width, height }) => (width && height ? width / height : WIDEST));
  const shape = media.length === 1 ? shapes[0] : Math.min(WIDEST, Math.max(NARROWEST, Math.min(...shapes)));
  const element = h("div", { class: `mosaic of-${media.length}`, "data-part": "mosaic" }, media.map(tile));
  element.style.setProperty("--shape", shape.toFixed(4));
  if (media.length === 1 && media[0].width) element.style.setProperty("--natural", `${media[0].width}px`);
  return element;
}

function tile(medium) {
  const inside = medium.kind === "video" ? film(medium) : picture(medium);
  const key = { "data-key": medium.key };
  return h("div", { class: "tile", ...key }, medium.spoiler ? hidden(inside) : inside);
}

/** Draw the small picture beside a section's text. */
export function thumbnail(medium) {
  const inside = medium.kind === "video" ? film(medium) : picture(medium);
  return h("div", { class: "thumbnail", "data-key": `thumbnail ${medium.key}` }, medium.spoiler ? hidden(inside) : inside);
}

/** Draw a file that is no picture: its name, its size, and a link to fetch it. */
export function fileCard(medium, size) {
  const target = { href: medium.url, target: "_blank", rel: "noopener noreferrer" };
  const card = h(
    "div",
    { class: "file" },
    icon("file"),
    h("div", {}, h("a", target, medium.name), Number.isFinite(size) && h("small", {}, sizeInWords(size))),
    medium.kind === "audio" && h("audio", { controls: true, src: medium.url, preload: "metadata", "data-media": medium.key }),
  );
  return medium.spoiler ? hidden(card) : card;
}

/** Hide something until it is pressed. */
export function hidden(inside) {
  const attributes = { class: "veil", role: "button", tabindex: 0, "aria-label": "Spoiler, hidden", "data-spoiler": true };
  return h("div", attributes, h("div", { inert: true }, inside));
}

/** Write a number of bytes for people. */
export function sizeInWords(bytes) {
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < UNITS.length - 1; unit += 1) size /= 1024;
  return `${unit ? size.toFixed(size < 10 ? 2 : 1) : size} ${UNITS[unit]}`;
}

function film({ key, url, alt, name }) {
  const attributes = { controls: true, playsinline: true, preload: "metadata", src: url, "aria-label": alt || name };
  return h("video", { ...attributes, "data-media": key });
}

function picture({ key, url, alt, name, width, height }) {
  const image = h("img", { src: url, alt: alt || name, width, height, loading: "lazy", decoding: "async" });
  return h("button", { type: "button", class: "picture", "data-view": true, "data-media": key }, image);
}

function kindOf(type, name) {
  const claimed = /^(image|video|audio)\//.exec(type ?? "")?.[1];
  return claimed ?? Object.keys(KINDS).find((kind) => !type && KINDS[kind].test(name)) ?? "file";
}

/** Mark what cannot be loaded, so that a fresh link may take its place. */
export function startMedia(list) {
  const mark = (broken) => (event) => event.target.closest?.("[data-media]")?.classList.toggle("broken", broken);
  list.addEventListener("error", mark(true), true);
  list.addEventListener("load", mark(false), true);
  list.addEventListener("loadedmetadata", mark(false), true);
}
