// Draws uploads: the zone to drop files on, a row for each, and what is said aloud. File names are only ever text.

import { Memory, sizeText } from "./upload-protocol.js";
import { Queue, startUpload, Transfer } from "./upload-queue.js";

const TEXTS = {
  waiting: "Waiting",
  starting: "Starting",
  reconnecting: "The connection is lost; trying again",
  paused: "Paused",
  examining: "Received; being examined",
  ready: "Ready",
  cancelled: "Cancelled",
};
const SPOKEN_EVERY = 25;

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function button(text, label, act) {
  const made = element("button", "button small", text);
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

class Uploader {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector("[data-transfers]");
    this.announcer = form.querySelector("[data-announcer]");
    this.zone = form.querySelector("[data-zone]");
    this.memory = new Memory(localStorage, form.dataset.workspace);
    this.queue = new Queue(Number(form.dataset.atOnce));
    this.rows = new Map();
    this.listen();
    form.classList.add("live");
    this.recall();
  }

  listen() {
    const input = this.form.querySelector('input[type="file"]');
    input.addEventListener("change", () => {
      this.take([...input.files]);
      input.value = "";
    });
    this.zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.zone.classList.add("over");
    });
    for (const name of ["dragleave", "drop"]) this.zone.addEventListener(name, () => this.zone.classList.remove("over"));
    this.zone.addEventListener("drop", (event) => {
      event.preventDefault();
      this.take([...event.dataTransfer.files]);
    });
    // A file that misses the zone must not replace the page.
    for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
    addEventListener("beforeunload", (event) => {
      if ([...this.rows.keys()].some((transfer) => ["starting", "sending", "reconnecting"].includes(transfer.state))) event.preventDefault();
    });
  }

  /** Says which uploads a former page has begun and not ended. */
  recall() {
    for (const upload of Object.values(this.memory.all())) {
      const row = element("li", "transfer remembered");
      row.dataset.asset = upload.id;
      const words = element("div");
      words.append(element("bdi", "name", upload.name), element("div", "state", "Not finished. Choose or drop the same file again, and it goes on where it stopped."));
      const drop = button("Dismiss", `Dismiss ${upload.name}`, () => this.dismiss(row, upload));
      const actions = element("div", "actions");
      actions.append(drop);
      row.append(words, actions);
      this.show(row);
    }
  }

  dismiss(row, upload) {
    row.remove();
    const others = Object.entries(this.memory.all()).filter(([, kept]) => kept.id !== upload.id);
    this.memory.write(Object.fromEntries(others));
    this.list.hidden = !this.list.children.length;
  }

  take(files) {
    for (const file of files) this.add(file);
  }

  add(file) {
    const transfer = new Transfer(file, {
      start: (each) => startUpload(this.form.dataset.start, this.form.elements.csrfmiddlewaretoken.value, each),
      memory: this.memory,
      pieceBytes: Number(this.form.dataset.chunkBytes),
      changed: (each) => this.draw(each),
    });
    const remembered = this.memory.find(file);
    if (remembered) this.list.querySelector(`[data-asset="${CSS.escape(remembered.id)}"]`)?.remove();
    this.rows.set(transfer, this.row(transfer));
    const refusal = this.refusalOf(file);
    if (refusal) transfer.become("failed", refusal);
    else this.queue.add(transfer);
  }

  refusalOf(file) {
    const most = Number(this.form.dataset.maxBytes);
    if (file.size === 0) return "The file is empty.";
    return file.size > most ? `The file has ${sizeText(file.size)}; at most ${sizeText(most)} are accepted.` : "";
  }

  row(transfer) {
    const name = transfer.file.name;
    const row = {
      item: element("li", "transfer"),
      state: element("div", "state"),
      bar: element("progress"),
      actions: element("div", "actions"),
      spoken: 0,
    };
    const words = element("div");
    const title = element("div", "name");
    title.title = name;
    title.append(element("bdi", "", name));
    words.append(title, row.state);
    row.bar.max = 1;
    row.bar.setAttribute("aria-label", `Upload of ${name}`);
    row.pause = button("Pause", `Pause ${name}`, () => this.toggle(transfer));
    row.cancel = button("Cancel", `Cancel ${name}`, () => transfer.cancel());
    row.actions.append(row.pause, row.cancel);
    row.item.append(words, row.bar, row.actions);
    this.show(row.item);
    return row;
  }

  show(item) {
    this.list.hidden = false;
    this.list.append(item);
  }

  toggle(transfer) {
    if (transfer.state === "paused" || transfer.state === "failed") this.resume(transfer);
    else transfer.pause();
  }

  resume(transfer) {
    transfer.failures = 0;
    this.queue.add(transfer);
  }

  draw(transfer) {
    const row = this.rows.get(transfer);
    if (!row) return;
    const share = transfer.sentBytes / Math.max(1, transfer.file.size);
    row.item.className = `transfer ${transfer.state}`;
    row.item.dataset.state = transfer.state;
    row.bar.value = share;
    row.bar.hidden = transfer.isOver || transfer.state === "examining";
    row.state.textContent = this.words(transfer);
    this.label(transfer, row);
    this.say(transfer, row, share);
    if (transfer.state === "ready" && !row.link) this.finish(transfer, row);
  }

  words(transfer) {
    if (transfer.state === "failed") return transfer.note;
    if (transfer.state !== "sending") return TEXTS[transfer.state];
    const begun = transfer.isContinued ? "Going on where it stopped: " : "";
    return `${begun}${sizeText(transfer.sentBytes)} of ${sizeText(transfer.file.size)}`;
  }

  label(transfer, row) {
    const name = transfer.file.name;
    const text = { paused: "Resume", failed: "Try again" }[transfer.state] ?? "Pause";
    if (row.pause.textContent !== text) {
      row.pause.textContent = text;
      row.pause.setAttribute("aria-label", `${text} ${name}`);
    }
    const isRefused = transfer.state === "failed" && (transfer.isFinal || this.refusalOf(transfer.file));
    row.pause.hidden = ["starting", "examining", "ready", "cancelled"].includes(transfer.state) || Boolean(isRefused);
    row.cancel.hidden = transfer.isOver || transfer.state === "examining";
  }

  /** Politely: each quarter, and every change of state that a person would want to know of. */
  say(transfer, row, share) {
    const quarter = Math.floor((share * 100) / SPOKEN_EVERY) * SPOKEN_EVERY;
    const text = transfer.state === "sending" ? `${transfer.file.name}: ${quarter} %` : `${transfer.file.name}: ${this.words(transfer)}`;
    if (text !== row.spoken && transfer.state !== "starting" && transfer.state !== "waiting") {
      row.spoken = text;
      this.announcer.textContent = text;
    }
  }

  finish(transfer, row) {
    row.link = element("a", "button small", "Open");
    row.link.href = transfer.asset.page_url;
    row.link.setAttribute("aria-label", `Open ${transfer.file.name}`);
    row.actions.append(row.link);
    document.body.dispatchEvent(new CustomEvent("uploaded", { detail: transfer.asset }));
  }
}

for (const form of document.querySelectorAll("[data-upload]")) new Uploader(form);
