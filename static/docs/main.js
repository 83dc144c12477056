// What every page of the documentation does beyond its text. Each part works alone, and pages read well without any.

import { addCopyButtons } from "./copy.js";
import { makeTabs } from "./tabs.js";
import { playPreviews } from "./previews.js";
import { prepareSearch } from "./search.js";
import { prepareTheme } from "./theme.js";
import { freeNarrowTables, followHeadings, showCurrentLink } from "./reading.js";

addCopyButtons(document);
makeTabs(document);
playPreviews(document);
prepareSearch();
prepareTheme();
freeNarrowTables();
followHeadings();
showCurrentLink();
