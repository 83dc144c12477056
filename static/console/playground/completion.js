// Suggestions: a listbox below the caret, worked by keys while the focus stays in the textarea.

import { placeOf, rectangleOf } from "./positions.js";
import { contextAt, isClosed, unquoted } from "./scanner.js";
import { replace } from "./writing.js";

const MAX_SHOWN = 60;

/** The listbox of suggestions. It opens while somebody writes, or when it is asked for. */
export class Completion {
  constructor(overlay, list) {
    this.overlay = overlay;
    this.textarea = overlay.textarea;
    this.list = list;
    this.language = null;
    this.found = [];
    this.chosen = 0;
    this.range = null;
    list.addEventListener("pointerdown", (event) => this.clicked(event));
    this.textarea.addEventListener("blur", () => this.close());
    this.textarea.addEventListener("scroll", () => this.close());
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** Look what fits at the caret. Unasked, nothing is shown before something has been written. */
  update(isAsked) {
    const { selectionStart: caret, selectionEnd, value } = this.textarea;
    if (!this.language || caret !== selectionEnd) return this.close();
    const context = contextAt(value, caret);
    const { token } = context;
    if (token && isClosed(token.text) && (caret === token.end || caret === token.start)) return this.close();
    if (!token && !isAsked) return this.close();
    this.range = token ? { start: token.start, end: token.end } : { start: caret, end: caret };
    this.context = context;
    const written = token ? unquoted(value.slice(token.start, caret)) : "";
    this.show(matching(this.language.suggestionsAt(context), written), written);
  }

  show(found, written) {
    const isDone = found.length === 1 && found[0].label === written;
    if (!found.length || isDone) return this.close();
    this.found = found.slice(0, MAX_SHOWN);
    this.list.replaceChildren(...this.found.map(option));
    this.list.hidden = false;
    this.choose(0);
    this.place();
  }

  choose(index) {
    this.chosen = (index + this.found.length) % this.found.length;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === this.chosen)));
    const item = this.list.children[this.chosen];
    this.textarea.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  place() {
    const { line, column } = placeOf(this.textarea.value, this.range.start);
    const element = this.overlay.line(line);
    if (!element) return this.close();
    const caret = rectangleOf(element, column);
    const { offsetWidth: width, offsetHeight: height } = this.list;
    const isLow = caret.bottom + height + 8 > innerHeight && caret.top > height;
    this.list.style.left = `${Math.max(8, Math.min(caret.left, innerWidth - width - 8))}px`;
    this.list.style.top = `${isLow ? caret.top - height - 4 : caret.bottom + 4}px`;
  }

  close() {
    this.list.hidden = true;
    this.textarea.removeAttribute("aria-activedescendant");
  }

  /** Whether the list has used a key. */
  handle(event) {
    if (event.key === " " && event.ctrlKey) return this.update(true), true;
    if (!this.isOpen) return false;
    if (event.key === "ArrowDown") this.choose(this.chosen + 1);
    else if (event.key === "ArrowUp") this.choose(this.chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") this.accept();
    else if (event.key === "Escape") this.close();
    else return false;
    return true;
  }

  clicked(event) {
    event.preventDefault();
    const item = event.target.closest("li");
    if (item) this.choose([...this.list.children].indexOf(item)), this.accept();
  }

  /** Write the chosen suggestion in the place of what was begun; of an empty value the caret goes inside. */
  accept() {
    const { insert, replacement } = this.found[this.chosen];
    const { start, end } = this.range;
    const hasColon = /^\s*:/.test(this.textarea.value.slice(end));
    const text = hasColon && replacement ? replacement : insert;
    const hole = text.search(/"(?="(?:[,}\]]|$))|\[(?=\])|\{(?=\})|#(?="$)|\/(?="$)/);
    this.close();
    replace(this.textarea, start, end, text, hole < 0 ? text.length : hole + 1);
    if (replacement && !hasColon) this.update(true);
  }
}

/** What begins with what is written, then what holds it. */
function matching(suggestions, written) {
  const wanted = written.toLowerCase();
  const begins = suggestions.filter(({ label }) => label.toLowerCase().startsWith(wanted));
  const holds = suggestions.filter(({ label }) => label.toLowerCase().indexOf(wanted) > 0);
  return [...begins, ...holds];
}

function option({ label, detail, text }, index) {
  const item = document.createElement("li");
  item.id = `suggestion-${index}`;
  item.setAttribute("role", "option");
  for (const [name, content] of [["b", label], ["i", detail], ["small", text]]) {
    if (!content) continue;
    const part = document.createElement(name);
    part.textContent = content;
    item.append(part);
  }
  return item;
}
