/** The lines at the end of the list about commands that have no answer yet, or got none. */

import { fill, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { privacyLine, usedLine } from "./message.js";
import { on as heard } from "../core/socket.js";
import { on, state } from "../core/state.js";

const PATIENCE_MS = 200;

const lines = new Map();
let root;
let toEnd;
let me = null;

/** Show what becomes of the reader's commands; `scrollToEnd` brings the reader to where that is seen. */
export function startLines(element, scrollToEnd) {
  root = element;
  toEnd = scrollToEnd;
  heard("interaction", follow);
  on("place", (place) => {
    if (me !== place.me.id) lines.clear();
    me = place.me.id;
    draw();
  });
  on("online", (online) => {
    if (online) return;
    for (const [id, line] of lines) if (line.state === "waiting") lines.delete(id);
    draw();
  });
  root.addEventListener("click", ({ target }) => {
    const dismissed = target.closest("[data-dismiss-line]")?.dataset.dismissLine;
    if (lines.delete(dismissed)) draw();
  });
}

function follow(interaction) {
  const { id, kind, state: now } = interaction;
  if (kind !== "slash" && kind !== "menu") return;
  if (now === "waiting" || now === "failed") lines.set(id, { ...interaction, ripe: now === "failed" });
  else lines.delete(id);
  if (now === "waiting") setTimeout(ripen, PATIENCE_MS, id);
  draw();
  if (now === "failed" || (now === "waiting" && kind === "slash")) toEnd();
}

/** Only who waits for some time is told so. */
function ripen(id) {
  const line = lines.get(id);
  if (!line) return;
  line.ripe = true;
  draw();
}

function draw() {
  const here = [...lines.values()].filter(({ channel, ripe }) => ripe && channel === state.place.channel);
  fill(root, here.map(drawLine));
}

function drawLine({ id, kind, command, state: now, say }) {
  const { title } = state.place.people.find((person) => person.id === state.place.me.id) ?? { title: state.place.me.name };
  const words = kind === "slash" ? `/${command}` : command;
  const body =
    now === "failed"
      ? [h("p", { class: "trouble", role: "alert" }, icon("alert"), say), privacyLine({ "data-dismiss-line": id })]
      : h("p", { class: "thinking" }, "Sending command…");
  return h("div", { class: "pending", "data-interaction": id }, usedLine(state.place.me.id, title, words), h("div", { class: "body" }, body));
}
