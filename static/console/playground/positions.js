// From offsets in a text to lines and columns, and to places on the screen.

/** The number of the line (from 0) and the column in it (from 0) of an offset. */
export function placeOf(text, offset) {
  const before = text.slice(0, offset);
  const line = before.split("\n").length - 1;
  return { line, column: offset - (before.lastIndexOf("\n") + 1) };
}

/** Where the line of an offset begins and ends, its line break left out. */
export function lineAround(text, offset) {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return { start, end: end < 0 ? text.length : end };
}

/** The rectangle of a character in a drawn line, measured where it really is: letters may be wider than others. */
export function rectangleOf(lineElement, column) {
  const range = document.createRange();
  const walker = document.createTreeWalker(lineElement, NodeFilter.SHOW_TEXT);
  let left = column;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (left <= node.length) {
      range.setStart(node, left);
      range.setEnd(node, left);
      const found = range.getClientRects()[0];
      if (found) return found;
    }
    left -= node.length;
  }
  const box = lineElement.getBoundingClientRect();
  const padding = parseFloat(getComputedStyle(lineElement).paddingLeft);
  return new DOMRect(box.left + padding, box.top, 0, box.height);
}

/** Brings a selection of a textarea into view: browsers do so only for what is typed. */
export function reveal(textarea, start, end) {
  textarea.focus();
  textarea.setSelectionRange(start, end);
  const height = parseFloat(getComputedStyle(textarea).lineHeight);
  const { line } = placeOf(textarea.value, start);
  const middle = line * height - textarea.clientHeight / 2;
  if (Math.abs(middle - textarea.scrollTop) > textarea.clientHeight / 2 - 2 * height) textarea.scrollTop = middle;
}
