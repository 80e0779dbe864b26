/** Put the page together, then open the line. */

import { startComposer } from "./composer/composer.js";
import { startDrawer } from "./drawer/drawer.js";
import { startForms } from "./form/forms.js";
import { startHeader } from "./layout/header.js";
import { startMenus } from "./menu/menu.js";
import { startMessages } from "./chat/messages.js";
import { startNarrow } from "./layout/mobile.js";
import { startPlace } from "./layout/sidebar.js";
import { startSession } from "./core/session.js";
import { connect, on as heard } from "./core/socket.js";
import { setNow } from "./core/times.js";

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
