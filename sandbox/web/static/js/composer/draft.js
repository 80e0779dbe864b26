/** What somebody has begun to write in one channel: text and files, or a command. */

/** @import { CommandForm } from "./command.js" */

/** @import { Upload } from "../files/upload.js" */

const PREFIX = "draft:";

/** @type {Map<string, Draft>} */
const drafts = new Map();

/** A draft; the text outlives a reload, files and commands live as long as the page. */
export class Draft {
  /** @param {string} key */
  constructor(key) {
    this.key = key;
    this.text = sessionStorage.getItem(PREFIX + key) ?? "";
    /** @type {Upload[]} */
    this.uploads = [];
    /** @type {CommandForm | null} */
    this.command = null;
  }

  /**
   * Remember the text.
   * @type {(text: string) => void}
   */
  keep(text) {
    this.text = text;
    if (text) sessionStorage.setItem(PREFIX + this.key, text);
    else sessionStorage.removeItem(PREFIX + this.key);
  }
}

/**
 * Give the draft of a person in a channel.
 * @type {(person: string, channel: string) => Draft}
 */
export function draftOf(person, channel) {
  const key = `${person}/${channel}`;
  const draft = drafts.get(key) ?? new Draft(key);
  drafts.set(key, draft);
  return draft;
}
