// The interactive reference: finds operations, and sends them with a key that only this page's memory holds.

import { prepareFilter } from "./filter.js";
import { prepareForms } from "./forms.js";

for (const part of document.querySelectorAll("[data-with-script]")) part.hidden = false;
prepareFilter();
prepareForms();

/** An operation that an address leads to is open. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.matches("details.operation")) {
    target.open = true;
    target.scrollIntoView();
  }
}

addEventListener("hashchange", openTarget);
openTarget();
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.operation") && event.target.open) history.replaceState(null, "", `#${event.target.id}`);
}, true);
