/** The list of messages: drawn once, then kept up to date one message at a time. */

import { startButtons } from "./buttons.js";
import { announce, byId, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { startLightbox } from "./lightbox.js";
import { startLines } from "./pending_commands.js";
import { startMedia } from "./media.js";
import { drawMessage, inOneLine, messageOf } from "./message.js";
import { morph } from "../core/morph.js";
import { complain, startPresses } from "./pending_interactions.js";
import { startRoving } from "./keyboard_nav.js";
import { startScroll } from "./scroll.js";
import { startSelects } from "./selects.js";
import { ask } from "../core/socket.js";
import { startSpoilers } from "./spoilers.js";
import { on, state } from "../core/state.js";
import { tick } from "../core/times.js";
import { startTyping } from "./typing.js";

const FLASH_MS = 1500;

let list;
let scroll;
let drawn = { channel: null, me: null, names: null };
let sought = null;

/** Show the open channel's messages, and let everything on them work. */
export function startMessages() {
  list = h("div", { id: "list" });
  const lines = h("div", { id: "lines" });
  byId("messages").append(list, lines);
  scroll = startScroll(byId("messages"), [list, lines], byId("present"));
  startPresses(redraw);
  startLines(lines, scroll.toEnd);
  for (const start of [startButtons, startSelects, startSpoilers, startMedia, startTyping]) start(list);
  startRoving(byId("messages"), list);
  startLightbox();
  list.addEventListener("click", act);
  on("history", drawAll);
  on("message", drawOne);
  on("gone", remove);
  on("place", drawAgain);
  setInterval(tick, 1000, list);
}

/** Draw the whole channel: from nothing when it was just opened, else in place. */
function drawAll(messages) {
  const { channel, me } = state.place;
  const opened = drawn.channel !== channel;
  drawn = { channel, me: me.id, names: namesNow() };
  byId("messages").setAttribute("aria-live", "off");
  if (opened) list.replaceChildren();
  const old = new Map([...list.querySelectorAll("article")].map((article) => [article.dataset.message, article]));
  const fresh = document.createDocumentFragment();
  const articles = messages.map((message, place) => {
    const article = drawMessage(message, messages[place - 1] ?? null);
    const known = old.get(message.id);
    old.delete(message.id);
    return known ? morph(known, article) : article;
  });
  for (const gone of old.values()) gone.remove();
  for (const article of articles) if (!article.isConnected) fresh.append(article);
  settle(articles, fresh);
  if (!list.querySelector(".welcome")) list.prepend(welcome());
  if (opened) scroll.toEnd();
  seek(sought);
  sought = null;
  setTimeout(() => byId("messages").setAttribute("aria-live", "polite"), FLASH_MS);
}

/** Put new articles among those that stayed. */
function settle(articles, fresh) {
  if (fresh.childNodes.length === articles.length) {
    list.append(fresh);
    return;
  }
  let next = list.querySelector("article");
  for (const article of articles) {
    if (article === next) next = next.nextElementSibling;
    else list.insertBefore(article, next);
  }
}

function welcome() {
  const { channels, channel } = state.place;
  const here = channels.find(({ id }) => id === channel);
  const words = here?.sees === false ? "You may not read what was written here before." : "This is where the channel begins.";
  return h("div", { class: "welcome" }, icon("hash"), h("h3", {}, `Welcome to #${here?.name ?? ""}`), h("p", {}, words));
}

function drawOne(message) {
  const known = articleOf(message.id);
  if (known) {
    const wasThinking = known.querySelector(".thinking");
    known.setAttribute("aria-live", "off");
    redraw(message.id);
    if (wasThinking && !message.page.thinking) announce(inOneLine(message, known));
    return;
  }
  let above = list.lastElementChild;
  while (above?.dataset.message && isOlder(message.id, above.dataset.message)) above = above.previousElementSibling;
  const article = drawMessage(message, messageOf(above) ?? null);
  if (above) above.after(article);
  else list.append(article);
  redraw(article.nextElementSibling?.dataset.message);
  scroll.added(message.page.mine);
}

function remove(message) {
  const article = articleOf(message);
  const next = article?.nextElementSibling;
  if (article?.contains(document.activeElement)) byId("messages").focus({ preventScroll: true });
  article?.remove();
  redraw(next?.dataset.message);
}

/** Draw one message again, for example because one of its buttons was pressed. */
function redraw(id) {
  const article = id && articleOf(id);
  const message = messageOf(article);
  if (!message) return;
  morph(article, drawMessage(message, messageOf(article.previousElementSibling) ?? null));
}

/** Draw all again when only what people and roles are called has changed. */
function drawAgain({ channel, me }) {
  if (drawn.channel !== channel || drawn.me !== me.id || drawn.names === namesNow()) return;
  drawn.names = namesNow();
  for (const id of state.messages.keys()) redraw(id);
}

function namesNow() {
  return JSON.stringify([state.place.names, state.place.me.locale]);
}

async function act({ target }) {
  const id = target.closest("[data-message]")?.dataset.message;
  const jump = target.closest("[data-jump]")?.dataset.jump;
  if (jump) seek(jump);
  if (!target.closest("[data-dismiss]")) return;
  try {
    await ask("delete", { message: id });
  } catch (error) {
    complain(id, error.message);
  }
}

/** Go to a message, at once or when its channel is open. */
function seek(id) {
  const article = id && articleOf(id);
  if (article) flash(article);
  sought = article ? null : id;
}

function flash(article) {
  article.scrollIntoView({ block: "center" });
  article.focus({ preventScroll: true });
  article.classList.add("flash");
  setTimeout(() => article.classList.remove("flash"), FLASH_MS);
}

function articleOf(id) {
  return list.querySelector(`article[data-message="${CSS.escape(id)}"]`);
}

function isOlder(one, other) {
  return BigInt(one) < BigInt(other);
}
