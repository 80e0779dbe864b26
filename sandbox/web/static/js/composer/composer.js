/** The composer: plain messages and commands are written here, and sent. */

import { CommandForm } from "./command.js";
import { draftOf } from "./draft.js";
import { FileIntake, mayNotWrite } from "./file_intake.js";
import { commandKey } from "./keys.js";
import { complain, refusalLine } from "./error.js";
import { lengthOf } from "./search.js";
import { FileField } from "./file_option.js";
import { slashCommands } from "./slash.js";
import { Suggestions } from "./suggestions.js";
import { TextBox } from "./textbox.js";
import { AttachmentTray } from "./attachments.js";
import { byId, fill, h, sentenceOf } from "../core/dom.js";
import { ask } from "../core/socket.js";
import { currentView, on, state } from "../core/state.js";
import { keepWorded, t } from "../core/words.js";

/** @import { Upload } from "../files/upload.js" */
/** @import { Stop } from "./command.js" */
/** @import { Draft } from "./draft.js" */
/** @import { SlashCommand } from "./slash.js" */

/** Draw the composer and keep it in step with where the person is. */
export function startComposer() {
  const composer = new Composer();
  on("view", () => composer.arrive());
  if (state.view) composer.arrive();
}

class Composer {
  constructor() {
    this.list = new Suggestions();
    this.box = new TextBox(this.list, {
      changed: () => this.changed(),
      send: () => this.send(),
      command: (command, texts) => this.write(command, texts),
    });
    this.tray = new AttachmentTray({ complain, onremoved: () => this.box.focus() });
    /** @type {Draft | null} */
    this.draft = null;
    this.isSending = false;
    this.about = h("p", { class: "about", hidden: true });
    this.intake = new FileIntake(this);
    this.sender = h("button", { type: "button", class: "send", onclick: () => this.send() }, "➤");
    this.line = h("div", { class: "writing" }, this.intake.root, this.box.root, this.box.counter, this.sender);
    this.root = byId("composer");
    fill(this.root, this.list.root, this.about, refusalLine(), h("div", { class: "box" }, this.tray.root, this.line));
    this.line.addEventListener("keydown", (event) => this.command && commandKey(this.command, event));
    document.addEventListener("keydown", (event) => this.focusOnTyping(event));
    keepWorded(() => {
      for (const name of ["aria-label", "title"]) this.sender.setAttribute(name, t("Send"));
      complain("");
    });
  }

  /**
   * Begin a command anew in the reader's language, with all that was filled in.
   * @type {(form: CommandForm) => void}
   */
  translate(form) {
    const command = slashCommands().find(({ words }) => words === form.words);
    if (command) this.begin(command)?.takeOver(form);
  }

  get command() {
    return this.draft?.command ?? null;
  }

  get channel() {
    return state.view?.channels.find(({ id }) => id === currentView().channel) ?? null;
  }

  /** Follow the person to a channel; what was being written in another stays there. */
  arrive() {
    const { me, channel } = currentView();
    const draft = me && channel ? draftOf(me.id, channel) : null;
    if (draft !== this.draft) this.open(draft);
    if (this.command && this.command.locale !== me.locale) this.translate(this.command);
    const mayWrite = Boolean(draft && this.channel?.may_write);
    const invitation = this.channel ? t("Message #{channel}", { channel: this.channel.name }) : t("Choose a channel");
    this.box.allow(mayWrite, this.channel && !mayWrite ? mayNotWrite() : invitation);
    this.intake.button.disabled = this.sender.disabled = !mayWrite;
    this.root.classList.toggle("closed", !mayWrite);
    if (this.command) this.command.root.inert = !mayWrite;
  }

  /** @type {(draft: Draft | null) => void} */
  open(draft) {
    this.list.close();
    complain("");
    if (this.draft) this.draft.uploads = this.tray.take();
    this.draft = draft;
    this.box.text = draft?.text ?? "";
    this.tray.put(draft?.uploads ?? []);
    this.draw();
  }

  /** Show the text box, or the command that is being written. */
  draw() {
    const { command } = this;
    this.line.querySelector(".command")?.remove();
    if (command) this.box.root.before(command.root);
    this.box.root.hidden = this.box.counter.hidden = Boolean(command);
    this.tray.root.hidden = Boolean(command) || !this.tray.uploads.length;
    this.about.hidden = true;
  }

  /**
   * Begin a command; the files that wait go into its slots.
   * @type {(command: SlashCommand, texts: Map<string, string>) => void}
   */
  write(command, texts) {
    const uploads = this.tray.take();
    const form = this.begin(command);
    form?.fillIn(texts);
    this.tray.put(form?.takeFiles(uploads) ?? uploads);
    this.draw();
    form?.focus();
  }

  /** @type {(command: SlashCommand) => CommandForm | null} */
  begin(command) {
    this.list.close();
    complain("");
    const { draft } = this;
    if (!draft) return null;
    const form = new CommandForm(command, this.list, {
      about: (stop) => this.explain(stop),
      sent: () => this.close(draft, ""),
      refused: complain,
      left: (text) => this.leave(text),
    });
    draft.command = form;
    this.setText("");
    this.draw();
    return form;
  }

  /**
   * Turn the command back into text; its files wait for the message.
   * @type {(text: string) => void}
   */
  leave(text) {
    const { draft } = this;
    if (!draft?.command) return;
    const fields = draft.command.fields.filter((field) => field instanceof FileField);
    const held = fields.map((field) => field.release()).filter((upload) => upload !== null);
    this.close(draft, text);
    this.tray.put([...this.tray.uploads, ...held]);
    this.box.suggest();
  }

  /** @type {(draft: Draft, text: string) => void} */
  close(draft, text) {
    draft.command?.discard();
    draft.command = null;
    complain("");
    draft.keep(text);
    if (draft !== this.draft) return;
    this.setText(text);
    this.draw();
    this.box.focus();
  }

  /**
   * Say above the composer what the option with the focus is about, or what is wrong with it.
   * @type {(stop: Stop) => void}
   */
  explain({ title, description, problem }) {
    this.about.hidden = !title && !problem;
    this.about.classList.toggle("wrong", Boolean(problem));
    fill(this.about, title && h("b", {}, title), ` ${problem || description}`);
  }

  changed() {
    complain("");
    this.draft?.keep(this.box.text);
  }

  /** @type {(text: string) => void} */
  setText(text) {
    this.box.text = text;
    this.draft?.keep(text);
  }

  async send() {
    if (this.command) {
      await this.command.send();
      return;
    }
    if (this.isSending || !this.channel?.may_write) return;
    this.isSending = true;
    try {
      await Promise.all(this.tray.uploads.map((upload) => upload.settled));
    } finally {
      this.isSending = false;
    }
    const problem = this.problemOfMessage();
    complain(problem);
    if (!problem && (this.box.written || this.tray.uploads.length)) await this.say();
  }

  problemOfMessage() {
    if (this.box.excess > 0) {
      const { most } = this.box;
      const length = lengthOf(this.box.written);
      return t("Your message is too long: it has {length} characters, and {most} are the most.", { length, most });
    }
    const failed = this.tray.uploads.some((upload) => upload.phase === "failed");
    return failed ? t("Some files could not be uploaded. Remove them, or try them again.") : "";
  }

  /** Send what is there; a refusal puts it back, before whatever was typed since. */
  async say() {
    const { draft, box } = this;
    if (!draft) return;
    const { text, written: content } = box;
    const uploads = this.tray.take();
    this.setText("");
    this.list.close();
    try {
      await ask("send_message", { content, files: uploads.map(({ id }) => id ?? "") });
      for (const upload of uploads) upload.discard();
    } catch (refused) {
      this.putBack(draft, text, uploads);
      complain(sentenceOf(refused));
    }
  }

  /** @type {(draft: Draft, text: string, uploads: Upload[]) => void} */
  putBack(draft, text, uploads) {
    const isHere = draft === this.draft;
    const whole = [text, isHere ? this.box.text : draft.text].filter(Boolean).join("\n");
    draft.keep(whole);
    if (!isHere) {
      draft.uploads = [...uploads, ...draft.uploads];
      return;
    }
    this.box.text = whole;
    this.tray.put([...uploads, ...this.tray.uploads]);
    if (this.command) this.draw();
  }

  /**
   * Typing beside everything that takes text goes into the composer.
   * @type {(event: KeyboardEvent) => void}
   */
  focusOnTyping(event) {
    const isText = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey;
    const isNowhere = document.activeElement?.matches("body, #messages, #messages article");
    if (isText && isNowhere) (this.command ?? this.box).focus();
  }
}
