/** The commands at the end of the list about commands that have no answer yet, or got none. */

import { closest, fill, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { privacyLine, usedLine } from "./message.js";
import { on as heard } from "../core/socket.js";
import { currentView, on } from "../core/state.js";

/** @import { InteractionEvent } from "../core/wire.js" */

/** How many commands that failed are kept in sight; the oldest go. */
const MOST_FAILED = 50;

const PATIENCE_MS = 200;

/** @type {Map<string, InteractionEvent & { ripe: boolean }>} */
const commands = new Map();
/** @type {HTMLElement} */
let root;
/** @type {() => void} */
let toEnd;
/** @type {string | null} */
let me = null;

/**
 * Show what becomes of the reader's commands; `scrollToEnd` brings the reader to where that is seen.
 * @type {(element: HTMLElement, scrollToEnd: () => void) => void}
 */
export function startPendingCommands(element, scrollToEnd) {
  root = element;
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
  root.addEventListener("click", (event) => {
    const dismissed = closest(event, "[data-dismiss-command]")?.dataset.dismissCommand;
    if (dismissed && commands.delete(dismissed)) draw();
  });
}

/** @type {(interaction: InteractionEvent) => void} */
function follow(interaction) {
  const { id, kind, state: now } = interaction;
  if (kind !== "slash" && kind !== "menu") return;
  if (now === "waiting" || now === "failed") commands.set(id, { ...interaction, ripe: now === "failed" });
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

function draw() {
  const here = [...commands.values()].filter(({ channel, ripe }) => ripe && channel === currentView().channel);
  fill(root, here.map(drawLine));
}

/** @type {(interaction: InteractionEvent) => HTMLElement} */
function drawLine({ id, kind, command, state: now, say }) {
  const { title } = currentView().people.find((person) => person.id === currentView().me.id) ?? {
    title: currentView().me.name,
  };
  const words = kind === "slash" ? `/${command}` : command;
  const body =
    now === "failed"
      ? [h("p", { class: "trouble", role: "alert" }, icon("alert"), say), privacyLine({ "data-dismiss-command": id })]
      : h("p", { class: "thinking" }, "Sending command…");
  return h(
    "div",
    { class: "pending", "data-interaction": id },
    usedLine(currentView().me.id, title, words),
    h("div", { class: "body" }, body),
  );
}
