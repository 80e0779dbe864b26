/** The words on what stands in the page's HTML itself. */

import { byId } from "../core/dom.js";
import { keepWorded, t } from "../core/words.js";

/** Keep them in the reader's language. */
export function startChrome() {
  keepWorded(() => {
    byId("skip").textContent = t("Skip to the composer");
    byId("present").textContent = t("New messages ↓");
    label("side", t("Server and channels"));
    label("messages", t("Messages"));
    label("drawer", t("Behind the scenes"));
  });
}

/** @type {(id: string, words: string) => void} */
function label(id, words) {
  byId(id).setAttribute("aria-label", words);
}
