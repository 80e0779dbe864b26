/** What can be done with a message, and doing it. */

import { messageCommands } from "../composer/slash.js";
import { announce, sentenceOf } from "../core/dom.js";
import { inOneLine } from "../chat/message.js";
import { complain } from "../chat/pending_interactions.js";
import { OFFERED, toggle } from "../chat/reactions.js";
import { ask } from "../core/socket.js";
import { confirm } from "./confirm.js";
import { t } from "../core/words.js";

/** @import { Component, Message } from "../core/wire.js" */
/** @import { Item } from "./popup.js" */

const TEXT_DISPLAY = 10;

/**
 * List the items of a message's menu; `link` is the link in it that was pointed at, if any.
 * @type {(message: Message, article: HTMLElement, link: HTMLAnchorElement | null) => Item[]}
 */
export function itemsFor(message, article, link) {
  const { page, id } = message;
  const words = textOf(message);
  const commands = page.ephemeral ? [] : messageCommands();
  const use = (/** @type {string} */ command) => attempt(id, ask("message_command", { message: id, command }));
  const offered = page.may_react ? OFFERED : [];
  const drop = (/** @type {MouseEvent} */ event) => remove(id, inOneLine(message, article), event);
  return [
    ...commands.map(({ name, title }) => ({ group: t("Apps"), label: title, act: () => use(name) })),
    ...offered.map((emoji) => ({ label: t("React with {emoji}", { emoji }), act: () => toggle(id, emoji) })),
    words ? { label: t("Copy Text"), act: () => copy(words, t("The text is copied.")) } : null,
    link ? { label: t("Copy Link"), act: () => copy(link.href, t("The link is copied.")) } : null,
    { label: t("Copy Message ID"), act: () => copy(id, t("The ID is copied.")) },
    page.ephemeral ? { label: t("Dismiss Message"), act: () => attempt(id, ask("delete", { message: id })) } : null,
    page.may_delete && !page.ephemeral ? { label: t("Delete Message"), danger: true, act: drop } : null,
  ].filter((item) => item !== null);
}

/**
 * All that a message says in words, its components' texts too.
 * @type {(message: Message) => string}
 */
function textOf(message) {
  /** @type {(components: Component[]) => string[]} */
  const texts = (components) =>
    components.flatMap((one) => [
      ...(one.type === TEXT_DISPLAY ? [one.content] : []),
      ...("components" in one ? texts(one.components) : []),
    ]);
  return [message.content, ...texts(message.components)].filter(Boolean).join("\n");
}

/** @type {(id: string, asked: Promise<unknown>) => Promise<void>} */
async function attempt(id, asked) {
  try {
    await asked;
  } catch (refused) {
    complain(id, sentenceOf(refused));
  }
}

/**
 * As in Discord, holding Shift spares the question.
 * @type {(id: string, about: string, event: MouseEvent) => Promise<void>}
 */
async function remove(id, about, event) {
  const question = t("Are you sure you want to delete this message?");
  if (event.shiftKey || (await confirm(t("Delete Message"), question, about))) {
    await attempt(id, ask("delete", { message: id }));
  }
}

/** @type {(words: string, done: string) => Promise<void>} */
async function copy(words, done) {
  try {
    await navigator.clipboard.writeText(words);
    announce(done);
  } catch {
    announce(t("The browser does not let the page copy."));
  }
}
