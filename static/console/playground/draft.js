// Keeps what is written in this browser, for each workspace on its own.

const PAUSE_MS = 300;

/** The draft of a workspace. What it was before a template was opened is kept until it is asked for. */
export class Draft {
  constructor(key, textarea) {
    this.key = key;
    this.textarea = textarea;
    this.timer = 0;
  }

  get text() {
    return read(this.key);
  }

  get earlier() {
    return read(`${this.key}.earlier`);
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE_MS);
  }

  keep() {
    clearTimeout(this.timer);
    write(this.key, this.textarea.value);
  }

  /** What is in the editor now takes the draft's place, which can be brought back. */
  supersede() {
    const before = this.text;
    if (before && before !== this.textarea.value) write(`${this.key}.earlier`, before);
    this.keep();
  }

  forgetEarlier() {
    write(`${this.key}.earlier`, "");
  }
}

// A browser may refuse to keep anything: then there is no draft.
function read(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function write(key, text) {
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    // Full, or forbidden.
  }
}
