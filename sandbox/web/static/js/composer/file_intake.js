/** How files come in: by the "+" button, by drag and drop over the whole chat, and from the clipboard. */

import { byId, h } from "../core/dom.js";
import { filesOf, keepThePage, takeDrops } from "../files/drops.js";
import { Upload } from "../files/upload.js";
import { complain } from "./error.js";
import { keepWorded, t } from "../core/words.js";

/** @import { ChannelView } from "../core/wire.js" */
/** @import { CommandForm } from "./command.js" */

/**
 * Where files come in.
 * @typedef {object} Receiver
 * @property {CommandForm | null} command
 * @property {ChannelView | null} channel
 * @property {import("./attachments.js").AttachmentTray} tray
 * @property {import("./textbox.js").TextBox} box
 */

/** Say why nothing can be written. */
export function mayNotWrite() {
  return t("You do not have permission to send messages in this channel.");
}

/** Bring files to a composer: into the slots of its command, else to its message. */
export class FileIntake {
  /** @param {Receiver} composer */
  constructor(composer) {
    this.composer = composer;
    this.picker = h("input", { type: "file", multiple: true, hidden: true, onchange: () => this.picked() });
    this.button = h("button", { type: "button", class: "plus", onclick: () => this.choose() }, "+");
    keepWorded(() => {
      for (const name of ["aria-label", "title"]) this.button.setAttribute(name, t("Attach files"));
    });
    this.root = h("span", { class: "intake" }, this.button, this.picker);
    keepThePage();
    takeDrops(byId("chat"), { hint: () => this.hint(), ondrop: (files) => this.take(files) });
    document.addEventListener("paste", (event) => this.paste(event));
  }

  choose() {
    complain(this.objection());
    if (!this.objection()) this.picker.click();
  }

  picked() {
    this.take([...(this.picker.files ?? [])]);
    this.picker.value = "";
  }

  /**
   * A picture of copied text comes with the text, which is what was meant.
   * @type {(event: ClipboardEvent) => void}
   */
  paste(event) {
    const pasted = event.clipboardData;
    if (!pasted || document.querySelector("dialog[open]") || pasted.types.includes("text/plain")) return;
    const files = filesOf(pasted);
    if (!files.length) return;
    event.preventDefault();
    this.take(files);
  }

  /** @type {(files: File[]) => void} */
  take(files) {
    const { command, tray, box } = this.composer;
    const objection = this.objection();
    complain(objection);
    if (objection || !files.length) return;
    if (command) {
      this.fill(command, files);
      return;
    }
    tray.add(files);
    box.focus();
  }

  /** @type {(command: CommandForm, files: File[]) => void} */
  fill(command, files) {
    const left = command.takeFiles(files.map((file) => new Upload(file)));
    for (const upload of left) upload.discard();
    if (left.length) complain(t("This command takes no further file."));
  }

  /** Why no file can be taken now; "" where one can. */
  objection() {
    const { channel, command } = this.composer;
    if (!channel?.may_write) return mayNotWrite();
    if (command) return command.nextSlot() ? "" : t("This command takes no file.");
    return channel.may_attach ? "" : t("You do not have permission to attach files in this channel.");
  }

  hint() {
    const { channel, command } = this.composer;
    if (this.objection()) return this.objection();
    const slot = command?.nextSlot();
    return slot
      ? t("Drop it into “{option}”", { option: slot.name })
      : t("Upload to #{channel}", { channel: channel?.name ?? "" });
  }
}
