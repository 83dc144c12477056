// Asks the server what it would say to the text, a moment after the last key, and shows where the problems are.

import { reveal } from "./positions.js";

const PAUSE_MS = 450;

/** Live checking: the marks of the overlay and the list of problems follow the text. */
export class Check {
  constructor(overlay, section, address) {
    this.overlay = overlay;
    this.textarea = overlay.textarea;
    this.section = section;
    this.address = address;
    this.timer = 0;
    this.asked = null;
    section.addEventListener("click", (event) => this.followed(event));
  }

  /** Check when nothing has been written for a moment. */
  soon() {
    this.asked?.abort();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE_MS);
  }

  /** Check at once; answers once the problems are shown. */
  async now() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      this.show(await this.ask(this.asked.signal));
    } catch (error) {
      if (error.name !== "AbortError") this.say("The text could not be checked. Is the connection gone?", "warning");
    }
  }

  async ask(signal) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
    const answer = await fetch(this.address, { method: "POST", body: this.textarea.value, headers, signal });
    const body = await answer.json();
    return answer.ok ? body : { refusal: body.error.message };
  }

  show({ ok, problems = [], refusal }) {
    if (refusal) return this.say(refusal, "warning");
    this.mark(problems);
    this.textarea.setAttribute("aria-invalid", String(!ok));
    if (!problems.length) return this.say("No problems. This request can be rendered.", "fine");
    const heading = element("h2", ok ? "It can be rendered, but look at this" : "This cannot be rendered yet", "small");
    const list = document.createElement("ol");
    list.append(...problems.map(item));
    this.section.replaceChildren(heading, list);
    this.section.hidden = false;
  }

  mark(problems) {
    this.overlay.marks = problems;
    this.overlay.draw();
  }

  say(text, kind) {
    this.section.replaceChildren(element("p", text, kind));
    this.section.hidden = false;
  }

  followed(event) {
    const link = event.target.closest("a[data-start]");
    if (!link) return;
    event.preventDefault();
    reveal(this.textarea, Number(link.dataset.start), Number(link.dataset.end));
  }
}

function csrfToken() {
  return document.querySelector('[name="csrfmiddlewaretoken"]').value;
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function item({ start, end, line, place, message, severity }) {
  const made = element("li", "", severity);
  const link = element("a", `Line ${line}`, "");
  link.href = "#source";
  Object.assign(link.dataset, { start, end });
  if (place) link.append(", ", element("span", place.slice(0, 80), "mono"));
  made.append(link, " ", element("span", message, ""));
  return made;
}
