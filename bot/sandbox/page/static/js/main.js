/** Put the page together, then open the line. */

import { startComposer } from "./composer.js";
import { startDrawer } from "./drawer/drawer.js";
import { startForms } from "./form.js";
import { startHeader } from "./header.js";
import { startMenus } from "./menu.js";
import { startMessages } from "./messages.js";
import { startNarrow } from "./narrow.js";
import { startPlace } from "./place.js";
import { startSession } from "./session.js";
import { connect, on as heard } from "./socket.js";
import { setNow } from "./times.js";

heard("place", ({ now }) => setNow(now));
startSession();
startHeader();
startNarrow();
startPlace();
startMessages();
startComposer();
startForms();
startMenus();
startDrawer();
connect();
