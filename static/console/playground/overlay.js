// Draws the coloured lines behind the textarea, and the numbers beside it. Only lines that changed are drawn anew.

import { placeOf } from "./positions.js";
import { piecesOf } from "./scanner.js";

const MAX_LINES = 6000;
const MAX_LENGTH = 400000;

/** The lines of a textarea as people see them. `marks` are problems: {start, end, severity}. */
export class Overlay {
  constructor(editor) {
    this.editor = editor;
    this.textarea = editor.querySelector("textarea");
    this.lines = editor.querySelector(".lines");
    this.numbers = editor.querySelector(".numbers");
    this.drawn = [];
    this.marks = [];
    this.textarea.addEventListener("scroll", () => this.scroll());
  }

  /** The element of a line (from 0); undefined where the text is too long to be coloured. */
  line(index) {
    return this.lines.children[index];
  }

  /** Draw the text as it is. What is very long stays plain, so that writing stays quick. */
  draw() {
    const text = this.textarea.value;
    const lines = text.split("\n");
    const isLive = lines.length <= MAX_LINES && text.length <= MAX_LENGTH;
    this.editor.classList.toggle("is-live", isLive);
    this.editor.querySelector(".overlay").hidden = !isLive;
    this.editor.querySelector(".gutter").hidden = !isLive;
    if (isLive) this.drawLines(lines, this.marksByLine(text));
    this.scroll();
  }

  drawLines(lines, marks) {
    resize(this.lines, lines.length, () => document.createElement("div"));
    resize(this.numbers, lines.length, (index) => numbered(index + 1));
    lines.forEach((line, index) => {
      const own = marks.get(index) ?? [];
      const state = `${line}\n${own.map((mark) => `${mark.from}-${mark.to}${mark.severity}`).join()}`;
      if (this.drawn[index] === state) return;
      this.drawn[index] = state;
      this.lines.children[index].replaceChildren(...drawnPieces(line, own));
      this.numbers.children[index].classList.toggle("error", own.some((mark) => mark.severity === "error"));
      this.numbers.children[index].classList.toggle("warning", own.some((mark) => mark.severity === "warning"));
    });
    this.drawn.length = lines.length;
  }

  marksByLine(text) {
    const found = new Map();
    for (const mark of this.marks) {
      const { line, column } = placeOf(text, Math.min(mark.start, text.length));
      const length = Math.max(1, mark.end - mark.start);
      found.set(line, [...(found.get(line) ?? []), { from: column, to: column + length, severity: mark.severity }]);
    }
    return found;
  }

  /** Show which line (from 0) the caret is in. */
  setCurrent(index) {
    for (const parent of [this.lines, this.numbers]) {
      parent.querySelector(":scope > .current")?.classList.remove("current");
      parent.children[index]?.classList.add("current");
    }
  }

  scroll() {
    const { scrollLeft, scrollTop } = this.textarea;
    this.lines.style.transform = `translate(${-scrollLeft}px, ${-scrollTop}px)`;
    this.numbers.style.transform = `translateY(${-scrollTop}px)`;
  }
}

function resize(parent, count, make) {
  while (parent.children.length > count) parent.lastElementChild.remove();
  while (parent.children.length < count) parent.append(make(parent.children.length));
}

function numbered(number) {
  const element = document.createElement("div");
  element.textContent = number;
  return element;
}

/** The pieces of a line as elements, cut where a mark begins or ends. */
function drawnPieces(line, marks) {
  const pieces = piecesOf(line);
  const ends = marks.flatMap((mark) => [mark.from, mark.to]);
  const cuts = [...new Set([0, line.length, ...pieces.flatMap((piece) => [piece.start, piece.end]), ...ends])];
  cuts.sort((first, second) => first - second);
  return cuts.slice(0, -1).map((from, index) => drawnPiece(line, from, cuts[index + 1], pieces, marks));
}

function drawnPiece(line, from, to, pieces, marks) {
  const text = line.slice(from, to) || " ";
  const kind = pieces.find((piece) => piece.start <= from && from < piece.end)?.kind;
  const mark = marks.find((one) => one.from <= from && from < one.to);
  if (!kind && !mark) return document.createTextNode(text);
  const element = document.createElement("span");
  element.className = [kind, mark?.severity].filter(Boolean).join(" ");
  element.textContent = text;
  return element;
}
