// Reads JSON as it is being written: tokens of a line, and where in the document a place lies. It accepts anything.

const TOKEN = /"(?:[^"\\\n]|\\.)*"?|[{}[\],:]|[^\s"{}[\],:]+/g;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const LITERALS = new Set(["true", "false", "null"]);

/** The tokens of a text: {text, start, end}. No token of JSON reaches over the end of a line. */
export function* tokens(text) {
  for (const match of text.matchAll(TOKEN)) {
    yield { text: match[0], start: match.index, end: match.index + match[0].length };
  }
}

/** The kind of a token, which is the class of its colour. */
function kindOf(token, after) {
  if (token[0] === '"') return isClosed(token) ? (/^\s*:/.test(after) ? "key" : "string") : "broken";
  if ("{}[],:".includes(token)) return "mark";
  if (LITERALS.has(token)) return "literal";
  return NUMBER.test(token) ? "number" : "broken";
}

/** Whether a token that begins with a quotation mark also ends with its own. */
export function isClosed(token) {
  return token.length > 1 && token.endsWith('"') && !/^"(?:[^"\\]|\\.)*\\"$/.test(token);
}

/** The coloured pieces of one line: {start, end, kind}. */
export function piecesOf(line) {
  const found = [];
  for (const { text, start, end } of tokens(line)) found.push({ start, end, kind: kindOf(text, line.slice(end)) });
  return found;
}

/** What a token says: the text of a string, also of one that is still being written. */
export function unquoted(token) {
  if (token[0] !== '"') return token;
  try {
    return JSON.parse(isClosed(token) ? token : `${token}"`);
  } catch {
    return token.replace(/^"|"$/g, "");
  }
}

/** An object or a list that is open at the caret. `fields` are the members that are known to have plain values. */
function opened(isObject, owner) {
  return { isObject, owner, key: null, index: 0, fields: {}, expects: isObject ? "key" : "value" };
}

/**
 * Where the caret stands: {frames, token, expects, key}. `frames` are the objects and lists around it, the outermost
 * first; `expects` says whether a key or a value stands there; `token` is the one that the caret is in or behind.
 */
export function contextAt(text, caret) {
  const stack = [];
  let frames = null;
  let token = null;
  for (const next of tokens(text)) {
    if (frames === null && next.start >= caret && !(next.start === caret && isWord(next.text))) frames = snapshot(stack);
    if (frames === null && next.end >= caret && isWord(next.text)) {
      token = next;
      frames = snapshot(stack);
    }
    advance(stack, next.text);
  }
  frames ??= snapshot(stack);
  const top = frames.at(-1);
  return { frames, token, expects: top ? top.expects : "value", key: top ? top.key : null };
}

function isWord(token) {
  return !"{}[],:".includes(token);
}

/** The frames as they are at the caret. They keep their `fields`, which what comes behind the caret adds to. */
function snapshot(stack) {
  return stack.map((frame) => ({ ...frame }));
}

function advance(stack, token) {
  const top = stack.at(-1);
  if (token === "{" || token === "[") stack.push(opened(token === "{", top && (top.isObject ? top.key : top.index)));
  else if (token === "}" || token === "]") close(stack);
  else if (!top) return;
  else if (token === ",") Object.assign(top, { key: null, index: top.index + 1, expects: top.isObject ? "key" : "value" });
  else if (token === ":") top.expects = "value";
  else if (top.expects === "key") top.key = unquoted(token);
  else note(top, unquoted(token));
}

function close(stack) {
  stack.pop();
  const top = stack.at(-1);
  if (top) note(top, null);
}

function note(frame, value) {
  if (frame.isObject && frame.key !== null) frame.fields[frame.key] = value;
  frame.expects = "after";
}
