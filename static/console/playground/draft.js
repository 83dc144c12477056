// Keeps what is written in this browser, for each workspace on its own.

const PAUSE_MS = 300;

/**
 * The draft of a workspace. A text that came from elsewhere (`isForeign`) becomes the draft with its first change; the
 * draft that it supersedes is kept until it is asked for.
 */
export class Draft {
  constructor(key, textarea, isForeign) {
    this.key = key;
    this.textarea = textarea;
    this.isForeign = isForeign;
    this.timer = 0;
  }

  get text() {
    return read(this.key);
  }

  /** The draft that is not in the editor; "" where there is none. */
  get other() {
    const other = this.isForeign ? this.text : read(`${this.key}.earlier`);
    return other === this.textarea.value ? "" : other;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE_MS);
  }

  /** Keep what has changed since. */
  keep() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.isForeign && this.text !== this.textarea.value) write(`${this.key}.earlier`, this.text);
    this.isForeign = false;
    write(this.key, this.textarea.value);
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
