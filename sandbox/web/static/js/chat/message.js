/** One message as an article; drawing it again gives the same elements, so that `morph` can bring the old ones up to date. */

import { avatar } from "./avatars.js";
import { drawComponents } from "./components.js";
import { h, messageIdOf } from "../core/dom.js";
import { drawEmbed } from "./embeds.js";
import { icon } from "../core/icons.js";
import { inlineMarkdown, markdown } from "../markdown/markdown.js";
import { fileCard, mediumOf, mosaic } from "./media.js";
import { colorOf, cssColor, nameOf, names } from "./names.js";
import { errorOf } from "./pending_interactions.js";
import { drawReactions } from "./reactions.js";
import { state } from "../core/state.js";
import { clock, day, full, when } from "../core/times.js";
import { keepWorded, t, weave } from "../core/words.js";

/** @import { Attributes, Child } from "../core/dom.js" */
/** @import { Medium } from "./media.js" */
/** @import { Message } from "../core/wire.js" */

const GROUP_MS = 7 * 60_000;
const CHAT_INPUT = 20;

/**
 * Draw a message; `previous` is the one above it, or null.
 * @type {(message: Message, previous: Message | null) => HTMLElement}
 */
export function drawMessage(message, previous) {
  const { page } = message;
  const written = new Date(message.timestamp);
  const { locale } = names();
  const first = !previous || !sameDay(previous, message);
  const classes = [
    "message",
    follows(message, previous) && "follows",
    page.pings_me && "pings",
    page.ephemeral && "ephemeral",
  ];
  return h(
    "article",
    {
      class: classes.filter(Boolean).join(" "),
      "data-message": message.id,
      "data-day": first ? day(written, locale) : null,
      "aria-label": `${nameOf(message.author)}, ${when(written, locale)}`,
      tabindex: -1,
    },
    contextOf(message),
    avatar(message.author.id, nameOf(message.author), message.author.bot),
    h("time", { class: "gutter", datetime: message.timestamp, "aria-hidden": "true" }, clock(written, locale)),
    headOf(message, written, locale),
    h("div", { class: "body", "data-part": "body" }, bodyOf(message)),
    toolbar(),
  );
}

/**
 * Tell whether a message belongs to the group of the one above it: same author, soon after, with nothing said of it.
 * @type {(message: Message, previous: Message | null) => boolean}
 */
function follows(message, previous) {
  if (!previous || message.page.used || message.page.reply || previous.author.id !== message.author.id) return false;
  if (previous.page.ephemeral !== message.page.ephemeral || !sameDay(previous, message)) return false;
  return Date.parse(message.timestamp) - Date.parse(previous.timestamp) < GROUP_MS;
}

/** @type {(one: Message, other: Message) => boolean} */
function sameDay(one, other) {
  return new Date(one.timestamp).toDateString() === new Date(other.timestamp).toDateString();
}

/**
 * Draw the line above: who used which command, or what is answered.
 * @type {(message: Message) => HTMLElement | null}
 */
function contextOf({ page, type }) {
  if (page.used) {
    const command = type === CHAT_INPUT ? `/${page.used.command}` : page.used.command;
    return usedLine(page.used.user, page.used.title, command);
  }
  if (!page.reply) return null;
  const { id, author, text } = page.reply;
  const plain = inlineMarkdown(text.replaceAll("\n", " "), names()).textContent;
  const words = [author && h("strong", {}, author), h("span", {}, plain || t("Click to see attachment"))];
  return h("p", { class: "context reply" }, h("button", { type: "button", "data-jump": id }, words));
}

/**
 * Draw "mira used /video".
 * @type {(user: string, title: string, command: string | null) => HTMLElement}
 */
export function usedLine(user, title, command) {
  const parts = { who: h("strong", { dir: "auto" }, title), command: h("span", { class: "command" }, command) };
  const words = weave(t("{who} used {command}"), parts);
  return h("p", { class: "context used" }, avatar(user, title), h("span", {}, words));
}

/** @type {(message: Message, written: Date, locale: string) => HTMLElement} */
function headOf({ author, timestamp }, written, locale) {
  const name = h("span", { class: "author" }, nameOf(author));
  const color = colorOf(author.id);
  if (color) name.style.setProperty("--role", cssColor(color));
  const time = h("time", { datetime: timestamp, title: full(written, locale) }, when(written, locale));
  return h("p", { class: "head" }, name, author.bot && h("span", { class: "tag" }, t("App")), time);
}

/** @type {(message: Message) => Child[]} */
function bodyOf(message) {
  const { page } = message;
  if (page.thinking) return [thinking(nameOf(message.author)), privacyOf(message)];
  const files = page.files.map((file) => ({ ...mediumOf(file), size: file.size }));
  const seen = files.filter(isSeen);
  return [
    message.content && h("div", { class: "content", "data-part": "content" }, markdown(message.content, names())),
    seen.length > 0 && mosaic(seen),
    files
      .filter((file) => !seen.includes(file))
      .map((file) => h("div", { "data-part": "file" }, fileCard(file, file.size))),
    message.embeds.map(drawEmbed),
    drawComponents(message.components, message.id),
    editedOf(message),
    drawReactions(message),
    errorBelow(message.id),
    privacyOf(message),
  ];
}

/**
 * A file that only claims to be a picture has no size in pixels, and is shown as a file.
 * @type {(medium: Medium) => boolean}
 */
function isSeen({ kind, width }) {
  return kind === "video" || (kind === "image" && Boolean(width));
}

/** @type {(name: string) => HTMLElement} */
function thinking(name) {
  const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  return h("p", { class: "thinking", "data-part": "thinking" }, dots, t("{name} is thinking…", { name }));
}

/** @type {(message: Message) => Child} */
function editedOf({ edited_timestamp: edited }) {
  return (
    edited &&
    h("span", { class: "edited", "data-part": "edited", title: full(new Date(edited), names().locale) }, t("(edited)"))
  );
}

/** @type {(id: string) => Child} */
function errorBelow(id) {
  const sentence = errorOf(id);
  return sentence && h("p", { class: "trouble", role: "alert", "data-part": "trouble" }, icon("alert"), sentence);
}

/** @type {(message: Message) => Child} */
function privacyOf({ page }) {
  return page.ephemeral && privacyLine({ "data-dismiss": true });
}

/**
 * Draw "Only you can see this • Dismiss message".
 * @type {(hook: Attributes) => HTMLElement}
 */
export function privacyLine(hook) {
  const dismiss = h("button", { type: "button", class: "text-button", ...hook }, t("Dismiss message"));
  const words = weave(t("Only you can see this • {dismiss}"), { dismiss });
  return h("p", { class: "privacy", "data-part": "privacy" }, icon("eye"), words);
}

/** @type {HTMLElement | null} */
let tools = null;
keepWorded(() => {
  tools = null;
});

/** Draw what each message offers: the same for all, so that it is drawn once and copied. */
function toolbar() {
  tools ??= drawToolbar();
  return /** @type {HTMLElement} */ (tools.cloneNode(true));
}

function drawToolbar() {
  const words = { "aria-label": t("More"), title: t("More") };
  const more = { type: "button", "data-more": true, "aria-haspopup": "menu", ...words };
  return h("div", { class: "toolbar", "data-part": "toolbar" }, h("button", more, icon("more")));
}

/**
 * Say a message in one line, for screen readers.
 * @type {(message: Message, article: HTMLElement) => string}
 */
export function inOneLine(message, article) {
  /** @type {HTMLElement | null} */
  const body = article.querySelector(".body");
  const text = body?.innerText ?? "";
  return `${nameOf(message.author)}: ${text.replace(/\s+/g, " ").trim().slice(0, 200)}`;
}

/**
 * Give the message of an article; undefined when it is gone.
 * @type {(article: Element | null | undefined) => Message | undefined}
 */
export function messageOf(article) {
  return state.messages.get(messageIdOf(article ?? null) ?? "");
}
