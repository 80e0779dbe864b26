/**
 * Lines about commands that have no answer yet, at the end of the list, and about those that got none: these stay where
 * they were used, above what was written since.
 */

import { articleBeside, isOlder } from "./articles.js";
import { closest, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { privacyLine, usedLine } from "./message.js";
import { on as heard } from "../core/socket.js";
import { currentView, on, state } from "../core/state.js";
import { keepWorded, t } from "../core/words.js";

/** @import { InteractionEvent } from "../core/wire.js" */

/** How many commands that failed are kept in sight; the oldest go. */
const MOST_FAILED = 50;

const PATIENCE_MS = 200;

/** @type {Map<string, InteractionEvent & { since: string, ripe: boolean }>} */
const commands = new Map();
/** @type {Map<string, HTMLElement>} */
const drawn = new Map();
/** @type {HTMLElement} */
let list;
/** @type {HTMLElement} */
let end;
/** @type {() => void} */
let toEnd;
/** @type {string | null} */
let me = null;

/**
 * Show what becomes of the reader's commands among the messages and at their end; `scrollToEnd` brings the reader there.
 * @type {(messages: HTMLElement, afterThem: HTMLElement, scrollToEnd: () => void) => void}
 */
export function startPendingCommands(messages, afterThem, scrollToEnd) {
  list = messages;
  end = afterThem;
  toEnd = scrollToEnd;
  heard("interaction", follow);
  on("view", (view) => {
    if (me !== view.me.id) commands.clear();
    me = view.me.id;
    draw();
  });
  on("online", (online) => {
    if (online) return;
    for (const [id, line] of commands) if (line.state === "waiting") commands.delete(id);
    draw();
  });
  keepWorded(() => {
    for (const line of drawn.values()) line.dataset.state = "";
    if (drawn.size > 0) draw();
  });
  /** @type {(event: Event) => void} */
  const dismiss = (event) => {
    const dismissed = closest(event, "[data-dismiss-command]")?.dataset.dismissCommand;
    if (dismissed && commands.delete(dismissed)) draw();
  };
  list.addEventListener("click", dismiss);
  end.addEventListener("click", dismiss);
}

/** Put each command that failed above the messages that are newer, whenever these have changed. */
export function placePendingCommands() {
  for (const [id, line] of drawn) {
    const command = commands.get(id);
    const next = command?.state === "failed" ? firstSince(command.since) : null;
    if (next && articleBeside(line, "nextElementSibling") !== next) next.before(line);
    else if (!next && line.parentElement !== end) end.append(line);
  }
}

/**
 * Find the first message that is newer than an id.
 * @type {(id: string) => HTMLElement | null}
 */
function firstSince(id) {
  /** @type {NodeListOf<HTMLElement>} */
  const articles = list.querySelectorAll("article[data-message]");
  return [...articles].find(({ dataset }) => isOlder(id, dataset.message ?? "0")) ?? null;
}

/**
 * Give the newest id that there was when a command was used: its own, or that of a message that is in sight already.
 * @type {(interaction: string) => string}
 */
function newestWith(interaction) {
  const newest = [...state.messages.keys()].at(-1) ?? interaction;
  return isOlder(interaction, newest) ? newest : interaction;
}

/** @type {(interaction: InteractionEvent) => void} */
function follow(interaction) {
  const { id, kind, state: now } = interaction;
  if (kind !== "slash" && kind !== "menu") return;
  const since = commands.get(id)?.since ?? newestWith(id);
  if (now === "waiting" || now === "failed") commands.set(id, { ...interaction, since, ripe: now === "failed" });
  else commands.delete(id);
  if (now === "waiting") setTimeout(ripen, PATIENCE_MS, id);
  for (const oldest of commands.keys()) if (commands.size > MOST_FAILED) commands.delete(oldest);
  draw();
  if (now === "failed" || (now === "waiting" && kind === "slash")) toEnd();
}

/**
 * Only who waits for some time is told so.
 * @type {(id: string) => void}
 */
function ripen(id) {
  const line = commands.get(id);
  if (!line) return;
  line.ripe = true;
  draw();
}

/** What is told already stays the same element: it would be read aloud again. */
function draw() {
  const here = [...commands.values()].filter(({ channel, ripe }) => ripe && channel === currentView().channel);
  const before = new Map(drawn);
  drawn.clear();
  for (const command of here) {
    const known = before.get(command.id);
    drawn.set(command.id, known?.dataset.state === command.state ? known : drawLine(command));
  }
  for (const [id, line] of before) if (drawn.get(id) !== line) line.remove();
  placePendingCommands();
}

/** @type {(interaction: InteractionEvent) => HTMLElement} */
function drawLine({ id, kind, command, state: now, say }) {
  const { title } = currentView().people.find((person) => person.id === currentView().me.id) ?? {
    title: currentView().me.name,
  };
  const words = kind === "slash" ? `/${command}` : command;
  const body =
    now === "failed"
      ? [
          h("p", { class: "trouble", role: "alert" }, icon("alert"), say && t(say)),
          privacyLine({ "data-dismiss-command": id }),
        ]
      : h("p", { class: "thinking" }, t("Sending command…"));
  return h(
    "div",
    { class: "pending", "data-interaction": id, "data-state": now },
    usedLine(currentView().me.id, title, words),
    h("div", { class: "body" }, body),
  );
}
