// The page's script: small modules, each bound to data-* hooks; nothing here is needed to read or to send a form.
import "../css/main.css";
import "./requests.js";
import { startCells } from "./cells.js";
import { startColumns } from "./columns.js";
import { startContents } from "./contents.js";
import { startCopying } from "./copying.js";
import { startDialogs } from "./dialogs.js";
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { startPalette } from "./palette.js";
import { startPanel } from "./panel.js";
import { startPasskeys } from "./passkeys.js";
import { startPreferences } from "./preferences.js";
import { startRecords } from "./records.js";
import { startRefreshing } from "./refreshing.js";
import { startSelection } from "./selection.js";
import { startStrips } from "./strips.js";
import { startToasts } from "./toasts.js";
import { startUploads } from "./uploads.js";

for (const start of [
  startToasts,
  startPreferences,
  startMenus,
  startDialogs,
  startForms,
  startCells,
  startColumns,
  startContents,
  startStrips,
  startCopying,
  startSelection,
  startPanel,
  startPalette,
  startKeys,
  startRecords,
  startRefreshing,
  startUploads,
  startPasskeys,
]) {
  start();
}
