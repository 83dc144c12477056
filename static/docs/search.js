// The search: a dialog that opens by `/` or Ctrl-K, over an index that is fetched when it is needed.

import { prepared, ranked, words } from "./ranking.js";

const dialog = document.querySelector(".docs-search");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("ul");
const note = dialog?.querySelector(".search-note");
let rows;
let results = [];
let chosen = 0;

export function prepareSearch() {
  if (!dialog) return;
  for (const button of document.querySelectorAll("[data-search-open]")) {
    button.hidden = false;
    button.addEventListener("click", open);
    button.addEventListener("pointerenter", () => load().catch(() => {}), { once: true });
  }
  dialog.querySelector("[data-search-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => document.querySelector("[data-search-open]").focus());
  input.addEventListener("input", search);
  input.addEventListener("keydown", move);
  document.addEventListener("keydown", (event) => {
    if (!isShortcut(event)) return;
    event.preventDefault();
    open();
  });
}

function isShortcut(event) {
  if (dialog.open || event.altKey) return false;
  if ((event.ctrlKey || event.metaKey) && event.key === "k") return true;
  const isWriting = event.target.closest("input, textarea, select, [contenteditable]");
  return event.key === "/" && !event.ctrlKey && !event.metaKey && !isWriting;
}

async function open() {
  dialog.showModal();
  input.select();
  await search();
}

/** The index; asked for once, and again only if that failed. */
async function load() {
  rows ??= fetch(dialog.dataset.index).then(async (answer) => {
    if (!answer.ok) throw new Error(`${answer.status}`);
    return prepared((await answer.json()).sections);
  }).catch((error) => { rows = undefined; throw error; });
  return rows;
}

async function search() {
  try {
    const all = await load();
    results = ranked(all, input.value);
    draw();
  } catch {
    note.textContent = "The index cannot be fetched. Try again in a moment.";
  }
}

function draw() {
  chosen = 0;
  list.replaceChildren(...results.map(option));
  input.setAttribute("aria-expanded", String(results.length > 0));
  const isEmpty = !words(input.value).length;
  const count = results.length === 1 ? "1 result" : `${results.length} results`;
  note.textContent = isEmpty ? "↑ and ↓ choose, Enter opens." : results.length ? count : `Nothing is called “${input.value}”.`;
  mark();
}

function option(row, index) {
  const item = document.createElement("li");
  item.id = `search-result-${index}`;
  item.setAttribute("role", "option");
  const title = document.createElement("strong");
  title.append(...marked(row.heading ? `${row.page} › ${row.heading}` : row.page));
  const where = document.createElement("small");
  where.append(`${row.chapter} · `, ...marked(excerpt(row)));
  item.append(title, where);
  item.addEventListener("click", () => go(row));
  item.addEventListener("pointermove", () => { if (chosen !== index) { chosen = index; mark(); } });
  return item;
}

/** The text from shortly before the first word that was asked for. */
function excerpt(row) {
  const wanted = words(input.value);
  const whole = wanted.join("_");
  const name = row.names.find((one) => words(one).join("_") === whole);
  const lower = row.text.toLowerCase();
  const at = Math.max(0, Math.min(...wanted.map((word) => lower.indexOf(word)).filter((place) => place >= 0), Infinity));
  const start = Number.isFinite(at) && at > 40 ? row.text.indexOf(" ", at - 30) + 1 : 0;
  const text = (start ? "… " : "") + row.text.slice(start, start + 160);
  return name && !text.includes(name) ? `${name} · ${text}` : text;
}

/** The text with the words that were asked for marked. */
function marked(text) {
  const wanted = words(input.value).map((word) => word.replace(/[^\p{L}\p{N}]/gu, "")).filter(Boolean);
  if (!wanted.length) return [text];
  const pattern = new RegExp(`(${wanted.join("|")})`, "giu");
  return text.split(pattern).map((part, index) => {
    if (index % 2 === 0) return part;
    const mark = document.createElement("mark");
    mark.textContent = part;
    return mark;
  });
}

function mark() {
  [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
  const item = list.children[chosen];
  if (item) input.setAttribute("aria-activedescendant", item.id);
  else input.removeAttribute("aria-activedescendant");
  item?.scrollIntoView({ block: "nearest" });
}

function move(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && results.length) {
    event.preventDefault();
    chosen = (chosen + step + results.length) % results.length;
    mark();
  } else if (event.key === "Escape") {
    // Of a field for searching it would only empty it.
    event.preventDefault();
    dialog.close();
  } else if (event.key === "Enter" && results[chosen]) {
    event.preventDefault();
    go(results[chosen]);
  }
}

function go(row) {
  dialog.close();
  location.assign(row.address);
}
