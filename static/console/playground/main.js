// Puts the playground together. Without this script the page is a form with a plain textarea.

import { Check } from "./check.js";
import { Completion } from "./completion.js";
import { Draft } from "./draft.js";
import { formatted } from "./format.js";
import { Inspector } from "./inspector.js";
import { Language } from "./language.js";
import { Overlay } from "./overlay.js";
import { replace, Writing } from "./writing.js";

const editor = document.getElementById("editor");
const textarea = document.getElementById("source");
const form = document.getElementById("playground-form");
const result = document.getElementById("result");
const announcer = document.getElementById("announcer");
const restore = document.getElementById("restore");

const overlay = new Overlay(editor);
const completion = new Completion(overlay, document.getElementById("suggestions"));
const writing = new Writing(textarea);
const draft = new Draft(editor.dataset.draft, textarea, Boolean(editor.dataset.origin));
const check = new Check(overlay, document.getElementById("problems"), editor.dataset.check);
const inspector = new Inspector(overlay, document.getElementById("inspector"), document.getElementById("place"));

function begin() {
  for (const shown of document.querySelectorAll("#format, .with-script")) shown.hidden = false;
  for (const hidden of document.querySelectorAll(".without-script")) hidden.hidden = true;
  textarea.setAttribute("aria-autocomplete", "list");
  textarea.setAttribute("aria-controls", "suggestions");
  open();
  overlay.draw();
  inspector.follow();
  check.soon();
  Language.load(editor.dataset.schema).then((language) => {
    completion.language = language;
    inspector.language = language;
    inspector.follow();
  });
}

/** Where nothing else was asked for the draft comes back. */
function open() {
  if (!draft.isForeign && draft.text) textarea.value = draft.text;
  restore.hidden = !draft.other;
  textarea.setSelectionRange(0, 0);
}

function changed() {
  // A mark that was right before the last key is in the way after it.
  overlay.marks = overlay.marks.filter((mark) => mark.end < textarea.selectionStart);
  overlay.draw();
  inspector.follow();
  check.soon();
  draft.soon();
  // What is loaded again is the draft then, no more the template that it began as.
  if (location.search) history.replaceState(null, "", editor.dataset.page);
}

function rewrite(text) {
  if (text !== textarea.value) replace(textarea, 0, textarea.value.length, text, 0);
}

function format() {
  try {
    rewrite(formatted(textarea.value));
    announcer.textContent = "Formatted.";
  } catch {
    announcer.textContent = "It cannot be formatted before it is JSON.";
    check.now();
  }
}

function shortcut(event) {
  if (!(event.ctrlKey || event.metaKey)) return false;
  if (event.key === "Enter") return form.requestSubmit(document.getElementById("render")), true;
  if (event.shiftKey && event.key.toLowerCase() === "f") return format(), true;
  return false;
}

textarea.addEventListener("keydown", (event) => {
  if (shortcut(event) || completion.handle(event) || writing.handle(event)) event.preventDefault();
});
textarea.addEventListener("input", (event) => {
  changed();
  if (event.inputType?.startsWith("insert") && event.inputType !== "insertFromPaste") completion.update(false);
  else completion.close();
});
document.addEventListener("selectionchange", () => {
  if (document.activeElement === textarea) inspector.follow();
});
addEventListener("pagehide", () => draft.keep());

document.getElementById("format").addEventListener("click", format);
document.getElementById("check").addEventListener("click", async (event) => {
  event.preventDefault();
  await check.now();
  announcer.textContent = document.getElementById("problems").firstElementChild?.textContent ?? "";
});
restore.addEventListener("click", () => {
  rewrite(draft.other);
  draft.keep();
  draft.forgetEarlier();
  restore.hidden = true;
});

// htmx throws answers of refused renders away unless it is told that they are worth showing.
result.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 500) Object.assign(event.detail, { shouldSwap: true, isError: false });
});
result.addEventListener("htmx:afterSettle", () => {
  const state = result.querySelector("#job")?.dataset.state ?? "";
  if (announcer.textContent !== state) announcer.textContent = state;
  fit();
  play();
  if (matchMedia("(max-width: 68.74rem)").matches && state && !result.dataset.seen) result.scrollIntoView({ block: "start" });
  result.dataset.seen = state ? "yes" : "";
});

/** The screen takes the shape of its film before the film is there. */
function fit() {
  const screen = result.querySelector("[data-ratio]");
  const [width, height] = screen?.dataset.ratio.split("/") ?? [];
  const player = screen?.querySelector("video, img");
  if (player) player.style.aspectRatio = `${width} / ${height}`;
}

/** A new film begins by itself, without its sound, for those who do not mind things that move. */
function play() {
  const film = result.querySelector("video");
  if (!film || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  film.muted = true;
  // A browser that forbids it leaves the film to its controls.
  film.play().catch(() => {});
}

begin();
fit();
