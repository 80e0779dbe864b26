/** One file on its way to Discord: sent at once, named by an id when it is there. */

import { sizeOf } from "../composer/search.js";
import { currentView } from "../core/state.js";
import { t } from "../core/words.js";

/**
 * An upload; `phase` is sending, ready or failed, `progress` a share of 1, `say` why it failed, `mayTryAgain` whether
 * the same file could be taken a second time. `onchange` is called after each change.
 */
export class Upload {
  /** @param {File} file */
  constructor(file) {
    this.file = file;
    this.name = file.name || t("file");
    this.size = file.size;
    this.isImage = file.type.startsWith("image/");
    this.preview = URL.createObjectURL(file);
    /** @type {() => void} */
    this.onchange = () => {};
    /** @type {string | null} */
    this.id = null;
    this.progress = 0;
    /** @type {() => string} */
    this.why = () => "";
    this.mayTryAgain = false;
    /** @type {"sending" | "ready" | "failed"} */
    this.phase = "sending";
    this.settle = () => {};
    /** @type {Promise<void>} */
    this.settled = Promise.resolve();
    /** @type {XMLHttpRequest | null} */
    this.request = null;
    this.send();
  }

  /** Why it failed, in the reader's language. */
  get say() {
    return this.why();
  }

  /** Send it, or send it again. */
  send() {
    this.id = null;
    this.progress = 0;
    this.why = () => "";
    this.mayTryAgain = false;
    this.phase = "sending";
    this.settled = new Promise((resolve) => {
      this.settle = resolve;
    });
    if (problemOf(this.file)) this.fail(() => problemOf(this.file));
    else this.post();
  }

  /** Stop, and forget the preview. */
  discard() {
    this.request?.abort();
    URL.revokeObjectURL(this.preview);
  }

  post() {
    const { me, channel } = currentView();
    const request = new XMLHttpRequest();
    this.request = request;
    request.open("POST", `/files?${new URLSearchParams({ name: this.name, channel: channel ?? "", user: me.name })}`);
    request.setRequestHeader("Content-Type", this.file.type || "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      this.progress = event.total ? event.loaded / event.total : 0;
      this.onchange();
    });
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.breakOff());
    request.addEventListener("abort", () => this.breakOff());
    request.send(this.file);
  }

  /** @type {(request: XMLHttpRequest) => void} */
  answered(request) {
    const answer = jsonOf(request.responseText);
    const { say } = answer;
    if (say) this.fail(() => say);
    else if (request.status === 200 && answer.id) this.arrive({ ...answer, id: answer.id });
    else this.breakOff();
  }

  /** @type {(answer: { id: string, filename?: string }) => void} */
  arrive({ id, filename }) {
    this.id = id;
    this.name = filename ?? this.name;
    this.progress = 1;
    this.end("ready");
  }

  breakOff() {
    this.mayTryAgain = true;
    this.fail(() => t("The upload broke off. Try again."));
  }

  /** @type {(why: () => string) => void} */
  fail(why) {
    this.why = why;
    this.end("failed");
  }

  /** @type {(phase: "ready" | "failed") => void} */
  end(phase) {
    this.phase = phase;
    this.settle();
    this.onchange();
  }
}

/**
 * What is wrong with a file before it is sent; the sandbox says the same of one that is sent nevertheless.
 * @type {(file: File) => string}
 */
function problemOf(file) {
  const most = currentView().limits?.file ?? Infinity;
  if (file.size > most) return t("This file is larger than {size}.", { size: sizeOf(most) });
  return file.size === 0 ? t("This file is empty.") : "";
}

/** @type {(text: string) => { say?: string, id?: string, filename?: string }} */
function jsonOf(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
