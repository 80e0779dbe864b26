/** What was said in one call: request and answer, and the files that went along. */

import { h } from "../core/dom.js";
import { json } from "./json.js";
import { size } from "./format.js";
import { t } from "../core/words.js";

/** @import { Call } from "../core/wire.js" */
/** @import { Child } from "../core/dom.js" */

/**
 * Draw the parts of a call.
 * @type {(call: Call) => HTMLElement[]}
 */
export function callBody(call) {
  return [
    part("request", t("Request"), call.request === null ? t("No body.") : json(call.request)),
    call.files.length > 0 && part("files", t("Files"), fileList(call.files)),
    part("answer", t("Answer"), answerOf(call)),
  ].filter((part) => part !== false);
}

/**
 * Bring a call that is unfolded up to date: only what has come since is drawn anew.
 * @type {(body: HTMLElement, call: Call, before: Call) => void}
 */
export function updateBody(body, call, before) {
  if (JSON.stringify(call.answer) !== JSON.stringify(before.answer) || call.status !== before.status) {
    body.querySelector("[data-part=answer]")?.replaceWith(part("answer", t("Answer"), answerOf(call)));
  }
  if (call.files.length > 0 && !body.querySelector("[data-part=files]")) {
    body.lastElementChild?.before(part("files", t("Files"), fileList(call.files)));
  }
  if (before.request === null && call.request !== null) {
    body.firstElementChild?.replaceWith(part("request", t("Request"), json(call.request)));
  }
}

/** @type {(name: string, title: string, content: Child) => HTMLElement} */
function part(name, title, content) {
  return h("section", { "data-part": name }, h("h4", {}, title), content);
}

/** @type {(call: Call) => Child} */
function answerOf({ answer, status }) {
  if (answer === null) return status === null ? t("No answer yet, or none at all.") : t("No body.");
  return typeof answer === "string" ? answer : json(answer);
}

/** @type {(files: Call["files"]) => HTMLElement} */
function fileList(files) {
  return h(
    "ul",
    {},
    files.map(([name, bytes]) => h("li", {}, t("{name}, {size}", { name, size: size(bytes) }))),
  );
}
