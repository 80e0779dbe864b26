/** What somebody has begun to write in one channel: text and files, or a command. */

const PREFIX = "draft:";

const drafts = new Map();

/** A draft; the text outlives a reload, files and commands live as long as the page. */
export class Draft {
  constructor(key) {
    this.key = key;
    this.text = sessionStorage.getItem(PREFIX + key) ?? "";
    this.uploads = [];
    this.command = null;
  }

  /** Remember the text. */
  keep(text) {
    this.text = text;
    if (text) sessionStorage.setItem(PREFIX + this.key, text);
    else sessionStorage.removeItem(PREFIX + this.key);
  }
}

/** Give the draft of a person in a channel. */
export function draftOf(person, channel) {
  const key = `${person}/${channel}`;
  if (!drafts.has(key)) drafts.set(key, new Draft(key));
  return drafts.get(key);
}
