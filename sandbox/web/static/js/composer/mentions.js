/** Mentions in a plain message: typed as "@Leo", sent as Discord writes them. */

import { entitiesOf, findEntities } from "./mentionables.js";

/** @import { Entity } from "./mentionables.js" */

const TYPED = /(?:^|\s)([@#][\p{L}\p{N}_.-]*)$/u;
const MOST_SHOWN = 10;

/**
 * What a person may be naming just before the caret: the text that stands there, and who or what it can be.
 * @type {(text: string, caret: number) => { typed: string, items: Entity[] } | null}
 */
export function mentionAt(text, caret) {
  const typed = TYPED.exec(text.slice(0, caret))?.[1];
  if (!typed) return null;
  const kind = typed.startsWith("#") ? "channels" : "mentionables";
  return { typed, items: findEntities(entitiesOf(kind), typed).slice(0, MOST_SHOWN) };
}

/**
 * Write the mentions that were chosen, by their labels, as Discord does; longer names go first.
 * @type {(text: string, chosen: Map<string, string>) => string}
 */
export function written(text, chosen) {
  const labels = [...chosen.keys()].sort((one, other) => other.length - one.length);
  return labels.reduce((sofar, label) => sofar.replaceAll(label, () => chosen.get(label) ?? label), text);
}
