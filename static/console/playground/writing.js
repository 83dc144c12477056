// Keys that help to write: indentation, pairs, and a way out for those who work without a mouse.

import { lineAround } from "./positions.js";

const STEP = "  ";
const PAIRS = { "{": "}", "[": "]", '"': '"' };
const CLOSING = new Set(["}", "]", '"']);

/** Replaces a stretch of the text so that undoing works; the caret goes `caret` characters behind its beginning. */
export function replace(textarea, start, end, text, caret = text.length) {
  textarea.focus();
  textarea.setSelectionRange(start, end);
  // Deprecated, but the only way to write into the history of undoing.
  const isWritten = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!isWritten) {
    textarea.setRangeText(text, start, end, "end");
    textarea.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  textarea.setSelectionRange(start + caret, start + caret);
}

/** The keys of the editor. After Escape the next Tab leaves it. */
export class Writing {
  constructor(textarea) {
    this.textarea = textarea;
    this.isLeaving = false;
  }

  /** Whether a key was used. */
  handle(event) {
    const wasLeaving = this.isLeaving;
    this.isLeaving = event.key === "Escape" || (wasLeaving && event.key === "Shift");
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
    if (event.key === "Tab") return !wasLeaving && this.indent(event.shiftKey);
    if (event.key === "Enter") return this.breakLine();
    if (event.key === "Backspace") return this.deletePair();
    return event.key.length === 1 && (this.stepOver(event.key) || this.pair(event.key));
  }

  get selection() {
    const { selectionStart: start, selectionEnd: end, value } = this.textarea;
    return { start, end, value };
  }

  indent(isBackwards) {
    const { start, end, value } = this.selection;
    if (start === end && !isBackwards) return replace(this.textarea, start, end, STEP), true;
    const first = lineAround(value, start).start;
    const last = lineAround(value, end).end;
    const lines = value.slice(first, last).split("\n");
    const moved = lines.map((line) => (isBackwards ? line.replace(/^ {1,2}/, "") : line && STEP + line)).join("\n");
    replace(this.textarea, first, last, moved);
    this.textarea.setSelectionRange(first, first + moved.length);
    return true;
  }

  /** The next line begins where this one does, a step further in behind an opening bracket. */
  breakLine() {
    const { start, end, value } = this.selection;
    const line = lineAround(value, start);
    const indentation = /^[ \t]*/.exec(value.slice(line.start, start))[0];
    const before = value.slice(line.start, start).trimEnd().at(-1);
    const after = value.slice(end).trimStart()[0];
    const isOpened = before === "{" || before === "[";
    const inner = `\n${indentation}${isOpened ? STEP : ""}`;
    const isPair = isOpened && after === PAIRS[before] && !value.slice(end, lineAround(value, end).end).trim().slice(1);
    replace(this.textarea, start, end, isPair ? `${inner}\n${indentation}` : inner, inner.length);
    return true;
  }

  pair(key) {
    const { start, end, value } = this.selection;
    if (!(key in PAIRS) || (key === '"' && isInString(value, start))) return false;
    const next = value[end] ?? "\n";
    if (start === end && !/[\s,\]}]/.test(next)) return false;
    replace(this.textarea, start, end, key + value.slice(start, end) + PAIRS[key], 1 + (end - start));
    return true;
  }

  /** A closing character that stands there already is not written twice. */
  stepOver(key) {
    const { start, end, value } = this.selection;
    if (start !== end || !CLOSING.has(key) || value[start] !== key || value[start - 1] === "\\") return false;
    if (key === '"' && !isInString(value, start)) return false;
    this.textarea.setSelectionRange(start + 1, start + 1);
    return true;
  }

  deletePair() {
    const { start, end, value } = this.selection;
    if (start !== end || !start || PAIRS[value[start - 1]] !== value[start]) return false;
    replace(this.textarea, start - 1, start + 1, "");
    return true;
  }
}

function isInString(value, offset) {
  const before = value.slice(lineAround(value, offset).start, offset).replace(/\\./g, "");
  return before.split('"').length % 2 === 0;
}
