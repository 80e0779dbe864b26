/** The line to the sandbox: questions with one answer each, and what it tells by itself. */

const RETRY_MS = [250, 500, 1000, 2000];

/** Why the sandbox, or the line to it, refused: its message is a sentence for people. */
export class Refused extends Error {}

const listeners = new Map();
const waiting = new Map();
let socket = null;
let lastRef = 0;
let failures = 0;

/** Call a function for each message of one kind; "open" and "closed" are told of the line itself. */
export function on(op, listener) {
  listeners.set(op, [...(listeners.get(op) ?? []), listener]);
}

/** Ask for something; resolves with the answer, rejects with `Refused`. */
export function ask(op, fields = {}) {
  if (socket?.readyState !== WebSocket.OPEN) {
    return Promise.reject(new Refused("The connection is lost; nothing was sent. Try again in a moment."));
  }
  lastRef += 1;
  const ref = lastRef;
  socket.send(JSON.stringify({ ...fields, op, ref }));
  return new Promise((resolve, reject) => waiting.set(ref, { resolve, reject }));
}

/** Open the line, and open it again whenever it breaks. */
export function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/socket`);
  socket.addEventListener("open", () => {
    failures = 0;
    tell("open");
  });
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    for (const { reject } of waiting.values()) reject(new Refused("The connection broke before an answer came."));
    waiting.clear();
    tell("closed");
    setTimeout(connect, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
    failures += 1;
  });
}

function receive(said) {
  if (said.op !== "done" && said.op !== "refused") {
    tell(said.op, said);
    return;
  }
  const asked = waiting.get(said.ref);
  waiting.delete(said.ref);
  if (said.op === "done") asked?.resolve(said);
  else asked?.reject(new Refused(said.say));
}

function tell(op, said) {
  for (const listener of listeners.get(op) ?? []) listener(said);
}
