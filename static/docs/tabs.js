// One example in several languages: tabs instead of one block after another. The choice holds for all of them.

import { copyButton, textOf } from "./copy.js";
import { recall, remember } from "./memory.js";

const KEY = "docs.language";
const groups = [];

export function makeTabs(root) {
  for (const group of root.querySelectorAll(".code-tabs")) groups.push(tabbed(group));
  const language = recall(KEY);
  if (language) choose(language);
  addEventListener("storage", (event) => { if (event.key === KEY && event.newValue) choose(event.newValue); });
}

/** Every example that has this language shows it. */
function choose(language) {
  for (const group of groups) if (group.languages.includes(language)) group.show(language);
}

function tabbed(group) {
  const blocks = [...group.querySelectorAll(".code-block")];
  const languages = blocks.map((block) => block.dataset.language);
  const number = groups.length;
  const list = document.createElement("div");
  list.className = "tab-list";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Language");
  const buttons = blocks.map((block, index) => tab(block, `example-${number}-${languages[index]}`));
  list.append(...buttons);
  let shown = languages[0];
  const show = (language) => {
    shown = language;
    blocks.forEach((block, index) => {
      const isShown = languages[index] === language;
      block.hidden = !isShown;
      buttons[index].setAttribute("aria-selected", String(isShown));
      buttons[index].tabIndex = isShown ? 0 : -1;
    });
  };
  const bar = document.createElement("div");
  bar.className = "tab-bar";
  bar.append(list, copyButton(() => textOf(blocks[languages.indexOf(shown)])));
  group.prepend(bar);
  group.classList.add("live");
  list.addEventListener("click", (event) => {
    const index = buttons.indexOf(event.target);
    if (index >= 0) chooseHere(group, languages[index]);
  });
  list.addEventListener("keydown", (event) => move(event, buttons, languages, group));
  show(shown);
  return { languages, show };
}

function tab(block, id) {
  const button = document.createElement("button");
  button.type = "button";
  button.id = `${id}-tab`;
  button.textContent = block.querySelector("figcaption").firstChild.textContent;
  button.setAttribute("role", "tab");
  button.setAttribute("aria-controls", id);
  block.id = id;
  block.setAttribute("role", "tabpanel");
  block.setAttribute("aria-labelledby", button.id);
  return button;
}

/** Other examples change their height too: the one that was touched stays where it is. */
function chooseHere(group, language) {
  const before = group.getBoundingClientRect().top;
  choose(language);
  remember(KEY, language);
  scrollBy(0, group.getBoundingClientRect().top - before);
}

function move(event, buttons, languages, group) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const index = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
  chooseHere(group, languages[index]);
  buttons[index].focus();
}
