// Says what the property at the caret does, and where the caret is.

import { describeType } from "./language.js";
import { placeOf } from "./positions.js";
import { contextAt, unquoted } from "./scanner.js";

const PAUSE_MS = 200;

/** The line below the editor. */
export class Inspector {
  constructor(overlay, line, place) {
    this.overlay = overlay;
    this.line = line;
    this.place = place;
    this.language = null;
    this.timer = 0;
    this.shown = "";
    place.hidden = false;
  }

  /** Follow the caret: its place at once, the sentence when it rests. */
  follow() {
    const { value, selectionEnd } = this.overlay.textarea;
    const { line, column } = placeOf(value, selectionEnd);
    this.overlay.setCurrent(line);
    this.place.textContent = `Line ${line + 1}, column ${column + 1}`;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.explain(value, selectionEnd), PAUSE_MS);
  }

  explain(value, caret) {
    if (!this.language) return;
    const context = contextAt(value, caret);
    const property = this.language.propertyAt(context);
    const written = context.token && context.expects !== "key" ? unquoted(context.token.text) : "";
    const about = this.language.textOfValue(property, written);
    const text = property ? [`${describeType(property)}.`, property.text, about && `${written}: ${about}`] : [];
    const state = `${property?.name} ${text.join(" ")}`;
    if (state === this.shown) return;
    this.shown = state;
    this.line.replaceChildren(...(property ? [named(property.name), ` ${text.filter(Boolean).join(" ")}`] : []));
  }
}

function named(name) {
  const code = document.createElement("code");
  code.textContent = name;
  return code;
}
