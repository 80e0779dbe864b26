/** What can be done with a message, and doing it. */

import { messageCommands } from "../composer/slash.js";
import { announce } from "../core/dom.js";
import { inOneLine } from "../chat/message.js";
import { complain } from "../chat/pending_interactions.js";
import { ask } from "../core/socket.js";
import { confirm } from "./confirm.js";

const TEXT_DISPLAY = 10;

/** List the items of a message's menu; `link` is the link in it that was pointed at, if any. */
export function itemsFor(message, article, link) {
  const { page, id } = message;
  const words = textOf(message);
  const commands = page.ephemeral ? [] : messageCommands();
  const use = (command) => attempt(id, "menu", { command });
  const drop = (event) => remove(id, inOneLine(message, article), event);
  return [
    ...commands.map(({ name, title }) => ({ group: "Apps", label: title, act: () => use(name) })),
    words && { label: "Copy Text", act: () => copy(words, "The text") },
    link && { label: "Copy Link", act: () => copy(link.href, "The link") },
    { label: "Copy Message ID", act: () => copy(id, "The ID") },
    page.ephemeral && { label: "Dismiss Message", act: () => attempt(id, "delete") },
    page.may_delete && !page.ephemeral && { label: "Delete Message", danger: true, act: drop },
  ].filter(Boolean);
}

/** All that a message says in words, its components' texts too. */
function textOf(message) {
  const texts = (components) =>
    (components ?? []).flatMap((one) => [
      ...(one.type === TEXT_DISPLAY ? [one.content] : []),
      ...texts(one.components),
    ]);
  return [message.content, ...texts(message.components)].filter(Boolean).join("\n");
}

async function attempt(id, op, fields = {}) {
  try {
    await ask(op, { message: id, ...fields });
  } catch (refused) {
    complain(id, refused.message);
  }
}

/** As in Discord, holding Shift spares the question. */
async function remove(id, about, event) {
  if (event.shiftKey || (await confirm("Delete Message", "Are you sure you want to delete this message?", about))) {
    await attempt(id, "delete");
  }
}

async function copy(words, what) {
  try {
    await navigator.clipboard.writeText(words);
    announce(`${what} is copied.`);
  } catch {
    announce("The browser does not let the page copy.");
  }
}
