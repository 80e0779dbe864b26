/** Forms that the application opens: they stay until they are sent, or cancelled. */

import { FormDialog } from "./dialog.js";
import { on as heard } from "../core/socket.js";

/** Open each form that the server tells of, and follow what becomes of it. */
export function startForms() {
  let opened = null;
  const outcomes = new Map();

  heard("interaction", (told) => {
    if (told.state === "form") {
      opened?.close();
      outcomes.clear();
      opened = new FormDialog(told, openerOf(told), outcomes);
      opened.onclose = () => (opened = null);
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

/** Find the button that a form belongs to: it is drawn anew meanwhile, so it is looked for when it is needed. */
function openerOf({ message, custom_id: customId }) {
  const before = document.activeElement;
  return () => {
    const article = message && document.querySelector(`[data-message="${CSS.escape(message)}"]`);
    const button = customId && article?.querySelector(`[data-custom-id="${CSS.escape(customId)}"]`);
    const kept = before?.isConnected && before !== document.body ? before : null;
    return button || article || kept || document.getElementById("text");
  };
}
