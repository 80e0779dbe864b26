/** Emoji that stand alone are shown big. */

const EMOJI =
  /(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F)\p{Emoji_Modifier}?(?:\u200D\p{Emoji}\uFE0F?\p{Emoji_Modifier}?)*|<a?:\w{2,32}:\d{1,20}>|\s)/uy;
const MOST = 30;

/**
 * Tell whether a text is nothing but a few emoji.
 * @type {(text: string) => boolean}
 */
export function jumbo(text) {
  let count = 0;
  let at = 0;
  while (at < text.length) {
    EMOJI.lastIndex = at;
    const match = EMOJI.exec(text);
    if (!match) return false;
    at += match[0].length;
    if (match[0].trim()) count += 1;
    if (count > MOST) return false;
  }
  return count > 0;
}
