/** Images and clips in Discord's mosaic, thumbnails, and files to fetch. */

import { closest, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { safeAddress } from "../markdown/links.js";
import { number, t, tn } from "../core/words.js";

/** @import { Child } from "../core/dom.js" */

/** @type {Record<Exclude<Medium["kind"], "file">, RegExp>} */
const KINDS = {
  video: /\.(mp4|webm|mov|m4v)$/i,
  image: /\.(png|jpe?g|gif|webp|avif)$/i,
  audio: /\.(mp3|ogg|wav|m4a)$/i,
};
const UNITS = ["", "KB", "MB", "GB"];
const NARROWEST = 1;
const WIDEST = 16 / 9;

/**
 * Whether films show their first picture and a play mark until they are tapped: where nothing hovers, a browser's
 * controls cover the film for good. Asked once, for a film that plays is never drawn again.
 */
const ON_TAP = matchMedia("(pointer: coarse), (max-width: 480px)").matches;
/** Far enough into a film for the browsers of phones to show a picture of it. */
const FIRST_PICTURE = "#t=0.001";

/**
 * @typedef {{key: string, url: string, kind: "image" | "video" | "audio" | "file", name: string, alt: string,
 *   width: number | null | undefined, height: number | null | undefined, spoiler: boolean}} Medium
 */

/**
 * What a component, an embed or a message shows.
 * @typedef {{id?: string, url: string, attachment_id?: string, filename?: string, content_type?: string | null,
 *   description?: string | null, width?: number | null, height?: number | null}} Item
 */

/**
 * Read an unfurled media item, or an attachment, into a medium.
 * @type {(item: Item, shown?: { description?: string | null, spoiler?: boolean }) => Medium}
 */
export function mediumOf(item, { description = null, spoiler = false } = {}) {
  const name = item.filename ?? item.url.split(/[?#]/)[0]?.split("/").at(-1) ?? "";
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

/**
 * Draw one to ten images and clips side by side; when all have one shape, nothing of them is cut off.
 * @type {(media: Medium[]) => HTMLElement}
 */
export function mosaic(media) {
  const shapes = media.map(({ width, height }) => (width && height ? width / height : WIDEST));
  const [only] = media.length === 1 ? media : [];
  const shape = only ? Math.min(...shapes) : Math.min(WIDEST, Math.max(NARROWEST, Math.min(...shapes)));
  const element = h("div", { class: `mosaic of-${media.length}`, "data-part": "mosaic" }, media.map(tile));
  element.style.setProperty("--shape", shape.toFixed(4));
  if (only?.width) element.style.setProperty("--natural", `${only.width}px`);
  return element;
}

/** @type {(medium: Medium) => HTMLElement} */
function tile(medium) {
  const inside = medium.kind === "video" ? clip(medium) : image(medium);
  const key = { "data-key": medium.key };
  return h("div", { class: "tile", ...key }, medium.spoiler ? hidden(inside) : inside);
}

/**
 * Draw the small image beside a section's text.
 * @type {(medium: Medium) => HTMLElement}
 */
export function thumbnail(medium) {
  const inside = medium.kind === "video" ? clip(medium) : image(medium);
  return h(
    "div",
    { class: "thumbnail", "data-key": `thumbnail ${medium.key}` },
    medium.spoiler ? hidden(inside) : inside,
  );
}

/**
 * Draw a file that is no image: its name, its size, and a link to fetch it.
 * @type {(medium: Medium, size: number | null | undefined) => HTMLElement}
 */
export function fileCard(medium, size) {
  const target = { href: medium.url, target: "_blank", rel: "noopener noreferrer" };
  const card = h(
    "div",
    { class: "file" },
    icon("file"),
    h("div", {}, h("a", target, medium.name), typeof size === "number" && h("small", {}, sizeInWords(size))),
    medium.kind === "audio" &&
      h("audio", { controls: true, src: medium.url, preload: "metadata", "data-media": medium.key }),
  );
  return medium.spoiler ? hidden(card) : card;
}

/**
 * Hide something until it is pressed.
 * @type {(inside: Child) => HTMLElement}
 */
export function hidden(inside) {
  const attributes = {
    class: "veil",
    role: "button",
    tabindex: 0,
    "aria-label": t("Spoiler, hidden"),
    "data-spoiler": true,
  };
  return h("div", attributes, h("div", { inert: true }, inside));
}

/**
 * Write a number of bytes for people.
 * @type {(bytes: number) => string}
 */
export function sizeInWords(bytes) {
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < UNITS.length - 1; unit += 1) size /= 1024;
  return unit ? `${number(size, size < 10 ? 2 : 1)} ${UNITS[unit]}` : tn("{count} byte", "{count} bytes", size);
}

/** @type {(medium: Medium) => Child} */
function clip({ key, url, alt, name }) {
  const words = alt || name;
  const src = ON_TAP && url ? `${url}${FIRST_PICTURE}` : url;
  const attributes = { controls: !ON_TAP, playsinline: true, preload: "metadata", src, "aria-label": words };
  return [
    h("video", { ...attributes, "data-media": key }),
    ON_TAP &&
      h(
        "button",
        { type: "button", class: "play", "data-play": true, "aria-label": t("Play: {what}", { what: words }) },
        icon("clip"),
      ),
  ];
}

/**
 * Play the film that a mark lies on; its controls, which stay, take the mark's place.
 * @type {(event: Event) => void}
 */
function play(event) {
  const film = closest(event, "[data-play]")?.previousElementSibling;
  if (!(film instanceof HTMLVideoElement)) return;
  film.controls = true;
  film.focus({ preventScroll: true });
  film.play().catch(() => {}); // The controls tell that it cannot be played.
}

/** @type {(medium: Medium) => HTMLElement} */
function image({ key, url, alt, name, width, height }) {
  const shown = h("img", { src: url, alt: alt || name, width, height, loading: "lazy", decoding: "async" });
  return h("button", { type: "button", class: "image", "data-view": true, "data-media": key }, shown);
}

/** @type {(type: string | null | undefined, name: string) => Medium["kind"]} */
function kindOf(type, name) {
  const kinds = /** @type {Array<keyof typeof KINDS>} */ (Object.keys(KINDS));
  return kinds.find((kind) => (type ? type.startsWith(`${kind}/`) : KINDS[kind].test(name))) ?? "file";
}

/**
 * Play films that are tapped, and mark what cannot be loaded, so that a fresh link may take its place.
 * @type {(list: HTMLElement) => void}
 */
export function startMedia(list) {
  /** @type {(broken: boolean) => (event: Event) => void} */
  const mark = (broken) => (event) => closest(event, "[data-media]")?.classList.toggle("broken", broken);
  list.addEventListener("click", play);
  list.addEventListener("error", mark(true), true);
  list.addEventListener("load", mark(false), true);
  list.addEventListener("loadedmetadata", mark(false), true);
}
