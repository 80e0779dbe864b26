/** The list of messages: rendered once, then kept up to date one message at a time. */

import { articleBeside, isOlder } from "./articles.js";
import { startButtons } from "./buttons.js";
import { announce, byId, closest, h, messageIdOf, sentenceOf } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { startLightbox } from "./lightbox.js";
import { placePendingCommands, startPendingCommands } from "./pending_commands.js";
import { startMedia } from "./media.js";
import { drawMessage, inOneLine, messageOf } from "./message.js";
import { morph } from "../core/morph.js";
import { complain, startPendingInteractions } from "./pending_interactions.js";
import { startKeyboardNav } from "./keyboard_nav.js";
import { startReactions } from "./reactions.js";
import { startScroll } from "./scroll.js";
import { startSelects } from "./selects.js";
import { ask } from "../core/socket.js";
import { startSpoilers } from "./spoilers.js";
import { currentView, on, state } from "../core/state.js";
import { tick } from "../core/times.js";
import { startCommandMentions } from "./typing.js";
import { keepWorded, t } from "../core/words.js";

/** @import { GuildView, Message } from "../core/wire.js" */

const FLASH_MS = 1500;

/** @type {HTMLElement} */
let list;
/** @type {ReturnType<typeof startScroll>} */
let scroll;
/** @type {{ channel: string | null, me: string | null, names: string | null }} */
let rendered = { channel: null, me: null, names: null };
/** @type {string | null} */
let sought = null;

/** Show the open channel's messages, and let everything on them work. */
export function startMessages() {
  list = h("div", { id: "list" });
  const lines = h("div", { id: "lines" });
  byId("messages").append(list, lines);
  scroll = startScroll(byId("messages"), [list, lines], byId("present"));
  startPendingInteractions(redraw);
  startPendingCommands(list, lines, scroll.toEnd);
  const works = [startButtons, startSelects, startReactions, startSpoilers, startMedia, startCommandMentions];
  for (const start of works) start(list);
  startKeyboardNav(byId("messages"), list);
  startLightbox();
  list.addEventListener("click", act);
  on("history", drawAll);
  on("message", drawOne);
  on("gone", remove);
  on("view", drawAgain);
  keepWorded(() => list.querySelector(".welcome")?.replaceWith(welcome()));
  setInterval(() => tick(list), 1000);
}

/**
 * Draw the whole channel: from nothing when it was just opened, else in place.
 * @type {(messages: Message[]) => void}
 */
function drawAll(messages) {
  const { channel, me } = currentView();
  const opened = rendered.channel !== channel;
  rendered = { channel, me: me.id, names: namesNow() };
  byId("messages").setAttribute("aria-live", "off");
  if (opened) list.replaceChildren();
  /** @type {Map<string | undefined, ChildNode>} */
  const old = new Map([...list.querySelectorAll("article")].map((article) => [article.dataset.message, article]));
  const fresh = document.createDocumentFragment();
  const articles = messages.map((message, index) => {
    const article = drawMessage(message, messages[index - 1] ?? null);
    const known = old.get(message.id);
    old.delete(message.id);
    return known ? morph(known, article) : article;
  });
  for (const gone of old.values()) gone.remove();
  for (const article of articles) if (!article.isConnected) fresh.append(article);
  settle(articles, fresh);
  if (!list.querySelector(".welcome")) list.prepend(welcome());
  placePendingCommands();
  if (opened) scroll.toEnd();
  seek(sought);
  sought = null;
  setTimeout(() => byId("messages").setAttribute("aria-live", "polite"), FLASH_MS);
}

/**
 * Put new articles among those that stayed.
 * @type {(articles: ChildNode[], fresh: DocumentFragment) => void}
 */
function settle(articles, fresh) {
  if (fresh.childNodes.length === articles.length) {
    list.append(fresh);
    return;
  }
  let next = list.querySelector("article");
  for (const article of articles) {
    if (article === next) next = articleBeside(next, "nextElementSibling");
    else list.insertBefore(article, next);
  }
}

function welcome() {
  const { channels, channel } = currentView();
  const here = channels.find(({ id }) => id === channel);
  const words =
    here?.sees === false ? t("You may not read what was written here before.") : t("This is where the channel begins.");
  return h(
    "div",
    { class: "welcome" },
    icon("hash"),
    h("h3", {}, t("Welcome to #{channel}", { channel: here?.name ?? "" })),
    h("p", {}, words),
  );
}

/** @type {(message: Message) => void} */
function drawOne(message) {
  const known = articleOf(message.id);
  if (known) {
    const wasThinking = known.querySelector(".thinking");
    known.setAttribute("aria-live", "off");
    redraw(message.id);
    if (wasThinking && !message.page.thinking) announce(inOneLine(message, known));
    return;
  }
  const last = list.lastElementChild;
  let above = last?.matches("article") ? last : articleBeside(last, "previousElementSibling");
  for (let id = messageIdOf(above); id && isOlder(message.id, id); id = messageIdOf(above)) {
    above = articleBeside(above, "previousElementSibling");
  }
  const article = drawMessage(message, messageOf(above) ?? null);
  const start = above ?? list.querySelector(".welcome");
  if (start) start.after(article);
  else list.append(article);
  redraw(messageIdOf(articleBeside(article, "nextElementSibling")));
  placePendingCommands();
  scroll.added(message.page.mine);
}

/** @type {(message: string) => void} */
function remove(message) {
  const article = articleOf(message);
  const next = articleBeside(article, "nextElementSibling");
  if (article?.contains(document.activeElement)) byId("messages").focus({ preventScroll: true });
  article?.remove();
  redraw(messageIdOf(next));
}

/**
 * Draw one message again, for example because one of its buttons was pressed.
 * @type {(id: string | null | undefined) => void}
 */
function redraw(id) {
  const article = id ? articleOf(id) : null;
  const message = messageOf(article);
  if (!article || !message) return;
  morph(article, drawMessage(message, messageOf(articleBeside(article, "previousElementSibling")) ?? null));
}

/**
 * Draw all again when only what people and roles are called has changed.
 * @type {(view: GuildView) => void}
 */
function drawAgain({ channel, me }) {
  if (rendered.channel !== channel || rendered.me !== me.id || rendered.names === namesNow()) return;
  rendered.names = namesNow();
  for (const id of state.messages.keys()) redraw(id);
}

function namesNow() {
  return JSON.stringify([currentView().names, currentView().me.locale]);
}

/** @type {(event: MouseEvent) => Promise<void>} */
async function act(event) {
  const id = messageIdOf(closest(event, "[data-message]"));
  const jump = closest(event, "[data-jump]")?.dataset.jump;
  if (jump) seek(jump);
  if (!id || !closest(event, "[data-dismiss]")) return;
  try {
    await ask("delete", { message: id });
  } catch (error) {
    complain(id, sentenceOf(error));
  }
}

/**
 * Go to a message, at once or when its channel is open.
 * @type {(id: string | null) => void}
 */
function seek(id) {
  const article = id ? articleOf(id) : null;
  if (article) flash(article);
  sought = article ? null : id;
}

/** @type {(article: HTMLElement) => void} */
function flash(article) {
  article.scrollIntoView({ block: "center" });
  article.focus({ preventScroll: true });
  article.classList.add("flash");
  setTimeout(() => article.classList.remove("flash"), FLASH_MS);
}

/** @type {(id: string) => HTMLElement | null} */
function articleOf(id) {
  return list.querySelector(`article[data-message="${CSS.escape(id)}"]`);
}
