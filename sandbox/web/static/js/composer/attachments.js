/** The files of a plain message, above the text. */

import { fill, h } from "../core/dom.js";
import { chip } from "../files/chip.js";
import { Upload } from "../files/upload.js";
import { keepWorded, t } from "../core/words.js";

const MOST = 10;

/** A row of chips; `complain` is called with a sentence, `onremoved` when a chip's button was pressed. */
export class AttachmentTray {
  /** @param {{ complain: (sentence: string) => void, onremoved: () => void }} hooks */
  constructor({ complain, onremoved }) {
    this.complain = complain;
    this.onremoved = onremoved;
    /** @type {Upload[]} */
    this.uploads = [];
    this.root = h("ul", { class: "tray", hidden: true });
    keepWorded(() => {
      this.root.setAttribute("aria-label", t("Files of the message"));
      this.put(this.uploads);
    });
  }

  /**
   * Upload files at once, as many as a message takes.
   * @type {(files: File[]) => void}
   */
  add(files) {
    const room = MOST - this.uploads.length;
    if (files.length > room) this.complain(t("You can only upload 10 files at a time!"));
    this.put([...this.uploads, ...[...files].slice(0, room).map((file) => new Upload(file))]);
  }

  /**
   * Show these uploads instead of those that are there.
   * @type {(uploads: Upload[]) => void}
   */
  put(uploads) {
    this.uploads = uploads;
    fill(
      this.root,
      uploads.map((upload) => chip(upload, { onremove: () => this.remove(upload) })),
    );
    this.root.hidden = !uploads.length;
  }

  /** Give all uploads away. */
  take() {
    const taken = this.uploads;
    this.put([]);
    return taken;
  }

  /** @type {(upload: Upload) => void} */
  remove(upload) {
    upload.discard();
    this.put(this.uploads.filter((one) => one !== upload));
    this.onremoved();
  }
}
