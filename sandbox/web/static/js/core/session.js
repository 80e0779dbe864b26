/** Who this tab is and where: kept over a reload, told to the sandbox again whenever the line comes back. */

import { announce } from "./dom.js";
import { ask, Refused } from "./socket.js";
import { on, state } from "./state.js";

/** @import { Enter } from "./wire.js" */

const KEY = "tab";

/** Begin to be somebody, and stay it. */
export function startSession() {
  on("online", (online) => online && enter(kept()));
  on("view", ({ me, channel }) => {
    sessionStorage.setItem(KEY, JSON.stringify({ user: me.name, channel, locale: me.locale }));
    remember(channel);
  });
  addEventListener("popstate", ({ state: then }) => then?.channel && enter({ channel: then.channel }));
}

/**
 * Let the browser's back and forward buttons lead through the channels.
 * @type {(channel: string | null) => void}
 */
function remember(channel) {
  const known = history.state?.channel;
  if (known === undefined) history.replaceState({ channel }, "");
  else if (known !== channel) history.pushState({ channel }, "");
}

/**
 * Become somebody else, go somewhere else, or read in another language; what is not named stays.
 * @type {(wanted: Enter) => Promise<void>}
 */
export async function enter({ user = null, channel = null, locale = null }) {
  try {
    await ask("enter", { user, channel, locale });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (!state.online) return;
    if (user !== null && channel !== null) await enter({ user });
    else if (user !== null && !state.view) await enter({});
    else announce(error.message);
  }
}

/** @type {() => Enter} */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
