// Writes JSON in the way of the server: what fits on a line stands on one line. Numbers and strings stay as they are.

import { tokens } from "./scanner.js";

const WIDTH = 76;
const STEP = "  ";

/** The text in good order. Throws SyntaxError for what is no JSON. */
export function formatted(text) {
  JSON.parse(text);
  const reader = [...tokens(text)].map((token) => token.text).reverse();
  return `${written(valueOf(reader), "", 0)}\n`;
}

/** A tree of {flat} and {members} or {items}. */
function valueOf(reader) {
  const token = reader.pop();
  if (token === "{") return objectOf(reader);
  if (token === "[") return listOf(reader);
  return { flat: token };
}

function objectOf(reader) {
  const members = [];
  while (reader.at(-1) !== "}") {
    if (reader.at(-1) === ",") reader.pop();
    const key = reader.pop();
    reader.pop();
    members.push([key, valueOf(reader)]);
  }
  reader.pop();
  return { members, flat: `{${members.map(([key, value]) => `${key}: ${value.flat}`).join(", ")}}` };
}

function listOf(reader) {
  const items = [];
  while (reader.at(-1) !== "]") {
    if (reader.at(-1) === ",") reader.pop();
    items.push(valueOf(reader));
  }
  reader.pop();
  return { items, flat: `[${items.map((item) => item.flat).join(", ")}]` };
}

function written(node, indent, used) {
  const parts = node.members ?? node.items ?? [];
  if (!parts.length || (indent && indent.length + used + node.flat.length <= WIDTH)) return node.flat;
  const inner = indent + STEP;
  if (node.items) return `[\n${node.items.map((item) => inner + written(item, inner, 1)).join(",\n")}\n${indent}]`;
  const members = node.members.map(([key, value]) => `${key}: ${written(value, inner, key.length + 3)}`);
  return `{\n${linesOf(members, inner, Boolean(indent))}\n${indent}}`;
}

/** Several short members share a line; the film's own stand below each other. */
function linesOf(parts, inner, isPacked) {
  const lines = [];
  for (const part of parts) {
    const last = lines.at(-1) ?? "";
    const isShort = isPacked && lines.length && !(part + last).includes("\n") && !part.endsWith("]");
    if (isShort && last.length + part.length + 3 <= WIDTH) lines[lines.length - 1] += `, ${part}`;
    else lines.push(inner + part);
  }
  return lines.join(",\n");
}
