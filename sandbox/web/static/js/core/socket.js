/** The line to the sandbox: questions with one answer each, and what it tells by itself. */

import { t } from "./words.js";

/** @import { Events, Replies, Requests } from "./wire.js" */

/** @typedef {Events & { open: undefined, closed: undefined }} Heard */

/**
 * @typedef {object} Pending
 * @property {(reply: unknown) => void} resolve
 * @property {(error: Refused) => void} reject
 */

/** @typedef {{ op: "done", ref: number } | { op: "refused", ref: number, say: string }} Answer */

const RETRY_MS = [250, 500, 1000, 2000];

/** Why the sandbox, or the line to it, refused: its message is a sentence for people. */
export class Refused extends Error {}

/** @type {{ [Op in keyof Heard]?: Array<(event: Heard[Op]) => void> }} */
const listeners = {};
/** @type {Map<number, Pending>} */
const waiting = new Map();
/** @type {WebSocket | null} */
let socket = null;
let lastRef = 0;
let failures = 0;

/**
 * Call a function for each message of one kind; "open" and "closed" are told of the line itself.
 * @template {keyof Heard} Op
 * @param {Op} op
 * @param {(event: Heard[Op]) => void} listener
 */
export function on(op, listener) {
  /** @type {Array<(event: Heard[Op]) => void>} */
  const before = listeners[op] ?? [];
  Object.assign(listeners, { [op]: [...before, listener] });
}

/**
 * Ask for something; resolves with the answer, rejects with `Refused`.
 * @template {keyof Requests} Op
 * @param {Op} op
 * @param {Requests[Op]} fields
 * @returns {Promise<Replies[Op]>}
 */
export function ask(op, fields) {
  if (socket?.readyState !== WebSocket.OPEN) {
    return Promise.reject(new Refused(t("The connection is lost; nothing was sent. Try again in a moment.")));
  }
  lastRef += 1;
  const ref = lastRef;
  socket.send(JSON.stringify({ ...fields, op, ref }));
  return new Promise((resolve, reject) => {
    waiting.set(ref, { resolve: (reply) => resolve(/** @type {Replies[Op]} */ (reply)), reject });
  });
}

/** Open the line, and open it again whenever it breaks. */
export function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/socket`);
  socket.addEventListener("open", () => {
    failures = 0;
    tell("open", undefined);
  });
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    for (const { reject } of waiting.values()) reject(new Refused(t("The connection broke before an answer came.")));
    waiting.clear();
    tell("closed", undefined);
    setTimeout(connect, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
    failures += 1;
  });
}

/** @type {(frame: Answer | { op: keyof Events } & Events[keyof Events]) => void} */
function receive(frame) {
  if (frame.op !== "done" && frame.op !== "refused") {
    tell(frame.op, frame);
    return;
  }
  const asked = waiting.get(frame.ref);
  waiting.delete(frame.ref);
  if (frame.op === "done") asked?.resolve(frame);
  else asked?.reject(new Refused(frame.say));
}

/** @type {(op: keyof Heard, event: Heard[keyof Heard]) => void} */
function tell(op, event) {
  const told = /** @type {Array<(event: Heard[keyof Heard]) => void>} */ (listeners[op] ?? []);
  for (const listener of told) listener(event);
}
