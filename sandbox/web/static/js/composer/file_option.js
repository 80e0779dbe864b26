/** An option that takes a file: chosen, dropped or pasted. */

import { fill, h } from "../core/dom.js";
import { chip } from "../files/chip.js";
import { Upload } from "../files/upload.js";
import { Field } from "./option_field.js";

/** A slot for one file. */
export class SlotField extends Field {
  constructor(option) {
    const choose = h("button", { type: "button", class: "slot-choose" }, "Choose a file");
    const picker = h("input", { type: "file", hidden: true, tabindex: "-1" });
    const place = h("span", { class: "slot" }, choose, picker);
    super(option, choose, place);
    this.root.classList.add("slotted");
    this.place = place;
    this.picker = picker;
    this.upload = null;
    choose.setAttribute("aria-label", `${this.title}: choose a file`);
    choose.addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => {
      if (picker.files.length) this.take(new Upload(picker.files[0]));
      picker.value = "";
      this.focus();
    });
  }

  get isEmpty() {
    return this.upload === null;
  }

  get isAtStart() {
    return true;
  }

  get isAtEnd() {
    return true;
  }

  /** Nothing of a file can be written as text. */
  get text() {
    return "";
  }

  /** Hold an upload, instead of any other. */
  take(upload) {
    this.upload?.discard();
    this.upload = upload;
    this.target.textContent = "Replace";
    this.target.setAttribute("aria-label", `${this.title}: ${upload.name}. Choose another file`);
    const shown = chip(upload, { tag: "span", onremove: () => this.empty() });
    fill(this.place, shown, this.target, this.picker);
    this.complain("");
  }

  /** Hold nothing; gives what was held, which is no longer the slot's. */
  release() {
    const released = this.upload;
    this.upload = null;
    this.target.textContent = "Choose a file";
    this.target.setAttribute("aria-label", `${this.title}: choose a file`);
    fill(this.place, this.target, this.picker);
    return released;
  }

  empty() {
    this.release()?.discard();
    this.complain("");
    this.focus();
  }

  discard() {
    this.release()?.discard();
  }

  read() {
    if (!this.upload) return {};
    return this.upload.phase === "ready" ? { value: this.upload.id } : { problem: this.upload.say };
  }
}
