/** Put the page together, then open the line. */

import { startComposer } from "./composer/composer.js";
import { startDrawer } from "./drawer/drawer.js";
import { startModals } from "./modal/modals.js";
import { startChrome } from "./layout/chrome.js";
import { startHeader } from "./layout/header.js";
import { startMenus } from "./menu/menu.js";
import { startMessages } from "./chat/messages.js";
import { startMobile } from "./layout/mobile.js";
import { startSidebar } from "./layout/sidebar.js";
import { startSession } from "./core/session.js";
import { connect, on as heard } from "./core/socket.js";
import { setNow } from "./core/times.js";

heard("guild_view", ({ now }) => setNow(now));
startSession();
startChrome();
startHeader();
startMobile();
startSidebar();
startMessages();
startComposer();
startModals();
startMenus();
startDrawer();
connect();
