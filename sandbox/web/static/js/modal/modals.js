/** Modals that the application opens: they stay until they are sent, or cancelled. */

import { ModalDialog } from "./dialog.js";
import { on as heard } from "../core/socket.js";

/** @import { InteractionEvent } from "../core/wire.js" */

/** Open each modal that the server tells of, and follow what becomes of it. */
export function startModals() {
  /** @type {ModalDialog | null} */
  let opened = null;
  /** @type {Map<string, InteractionEvent>} */
  const outcomes = new Map();

  heard("interaction", (told) => {
    if (told.state === "modal" && told.modal) {
      opened?.close();
      outcomes.clear();
      opened = new ModalDialog(told.modal, openerOf(told), outcomes);
      opened.onclose = () => {
        opened = null;
      };
      opened.open();
    }
    if (told.kind === "submit" && told.state !== "waiting") {
      // What becomes of it may be told before it is told that it was sent.
      outcomes.set(told.id, told);
      opened?.learn();
    }
  });
  heard("closed", () => opened?.lose());
}

/**
 * Find the button that a modal belongs to: it is drawn anew meanwhile, so it is looked for when it is needed.
 * @type {(interaction: InteractionEvent) => () => HTMLElement | null}
 */
function openerOf({ message, custom_id: customId }) {
  const before = document.activeElement;
  return () => {
    const article = message === null ? null : find(document, `[data-message="${CSS.escape(message)}"]`);
    const button = article && customId !== null ? find(article, `[data-custom-id="${CSS.escape(customId)}"]`) : null;
    const kept = before instanceof HTMLElement && before.isConnected && before !== document.body ? before : null;
    return button ?? article ?? kept ?? document.getElementById("text");
  };
}

/** @type {(within: ParentNode, selector: string) => HTMLElement | null} */
function find(within, selector) {
  return within.querySelector(selector);
}
