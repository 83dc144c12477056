// Sends files: several at a time, each in pieces, through pauses and lost connections. Knows nothing of how it looks.

import { contentRange, heldBytes, meaning, nextPiece, pauseMs, question } from "./upload-protocol.js";

const MOST_FAILURES = 12;
const SLOWEST_LOOK_MS = 5000;

/** Something that a person has to know of; `isFinal` when trying again cannot help. */
class Refusal extends Error {
  constructor(message, isFinal = false) {
    super(message);
    this.isFinal = isFinal;
  }
}
class Stopped extends Error {}

/** One file on its way. `changed` is called with it whenever `state`, `sentBytes` or `note` are others than before. */
export class Transfer {
  constructor(file, { start, memory, pieceBytes, changed }) {
    Object.assign(this, { file, start, memory, pieceBytes, changed });
    this.state = "waiting";
    this.sentBytes = 0;
    this.note = "";
    this.asset = null;
    this.failures = 0;
    this.isContinued = false;
    this.isFinal = false;
  }

  get isOver() {
    return ["ready", "failed", "cancelled"].includes(this.state);
  }

  become(state, note = "") {
    this.state = state;
    this.note = note;
    this.changed(this);
  }

  pause() {
    if (this.state === "paused" || this.state === "examining" || this.isOver) return;
    this.become("paused");
    this.interrupt();
  }

  cancel() {
    if (this.isOver) return;
    this.become("cancelled");
    this.interrupt();
    this.memory.forget(this.file);
    if (this.upload) request("DELETE", this.upload.upload_url, { headers: {} }).catch(() => {});
  }

  /** Ends what is being sent and what is being waited for. */
  interrupt() {
    this.sending?.abort();
    this.wake?.();
  }

  /** Sends the file to its end; returns once it is paused, over, or examined. */
  async run() {
    try {
      await this.open();
      await this.send();
      this.memory.forget(this.file);
      await this.watch();
    } catch (error) {
      if (error instanceof Stopped) return;
      if (!(error instanceof Refusal)) console.error(error);
      this.isFinal = error.isFinal ?? false;
      this.become("failed", error instanceof Refusal ? error.message : "Something went wrong in this page. Try again.");
    }
  }

  async open() {
    this.become("starting");
    this.upload ??= this.memory.find(this.file);
    if (this.upload) {
      this.isContinued = true;
      return;
    }
    await this.openAnew();
  }

  async openAnew() {
    this.upload = await this.persist(() => this.start(this.file));
    this.memory.keep(this.file, this.upload);
    this.sentBytes = 0;
    this.isContinued = false;
  }

  async send() {
    let answer = this.isContinued ? await this.exchange(question(this.file.size)) : { kind: "more", held: 0 };
    for (;;) {
      if (answer.kind === "done") return;
      if (answer.kind === "refused") throw new Refusal(answer.message);
      if (answer.kind === "gone") {
        this.memory.forget(this.file);
        if (!this.isContinued) throw new Refusal(answer.message);
        await this.openAnew();
        answer = { kind: "more", held: 0 };
      }
      this.sentBytes = answer.held;
      this.become("sending");
      const piece = nextPiece(answer.held, this.file.size, this.pieceBytes);
      answer = await this.exchange(contentRange(piece, this.file.size), piece);
    }
  }

  /** One answer to a piece or a question. A connection that is lost is waited for, and then asked for the offset. */
  async exchange(range, piece = null) {
    let [wanted, body] = [range, piece];
    for (;;) {
      this.throwIfStopped();
      const answer = await this.put(wanted, body).catch(() => ({ status: 0 }));
      this.throwIfStopped();
      const kind = meaning(answer.status);
      if (kind !== "later") {
        const held = heldBytes(answer.range);
        if (kind === "more" && body) this.judge(held > body.start);
        return { kind, held, message: answer.message };
      }
      await this.waitAfterFailure();
      [wanted, body] = [question(this.file.size), null];
    }
  }

  /** Pieces that are answered and yet not kept count like failures: else they would be sent for ever. */
  judge(hasArrived) {
    this.failures = hasArrived ? 0 : this.failures + 1;
    if (this.failures > MOST_FAILURES) throw new Refusal("Nothing arrives. Try again later.");
  }

  put(range, piece) {
    const body = piece ? this.file.slice(piece.start, piece.end) : null;
    const { sending, answer } = open("PUT", this.upload.upload_url, {
      headers: { "Content-Range": range },
      body,
      progress: (loaded) => {
        if (!piece || this.state !== "sending") return;
        this.sentBytes = piece.start + Math.min(loaded, piece.end - piece.start);
        this.changed(this);
      },
    });
    this.sending = sending;
    return answer;
  }

  async watch() {
    this.sentBytes = this.file.size;
    this.become("examining");
    for (let pause = 700; ; pause = Math.min(SLOWEST_LOOK_MS, pause * 1.3)) {
      this.asset = await this.persist(() => request("GET", this.upload.status_url, { headers: { Accept: "application/json" } }).then(inJson));
      if (this.asset.status === "ready") return this.become("ready");
      if (this.asset.status === "failed") throw new Refusal(this.asset.error?.message ?? "The file cannot be used.", true);
      await this.sleep(pause);
      this.throwIfStopped();
    }
  }

  /** Does `act` until it is answered; only refusals end that. */
  async persist(act) {
    for (;;) {
      this.throwIfStopped();
      try {
        const result = await act();
        this.failures = 0;
        return result;
      } catch (error) {
        if (error instanceof Refusal) throw error;
        await this.waitAfterFailure();
      }
    }
  }

  async waitAfterFailure() {
    this.throwIfStopped();
    if (++this.failures > MOST_FAILURES) throw new Refusal("The connection did not come back. Try again later.");
    const state = this.state;
    this.become("reconnecting");
    await this.sleep(pauseMs(this.failures, Math.random()));
    this.throwIfStopped();
    this.become(state === "reconnecting" ? "sending" : state);
  }

  /** Waits, but not for longer than until the browser is online again or `interrupt` is called. */
  sleep(ms) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        removeEventListener("online", end);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      addEventListener("online", end);
      this.wake = end;
    });
  }

  throwIfStopped() {
    if (this.state === "paused" || this.isOver) throw new Stopped();
  }
}

/** Runs transfers, at most `atOnce` at a time, in the order in which they came. */
export class Queue {
  constructor(atOnce) {
    this.atOnce = atOnce;
    this.waiting = [];
    this.running = new Set();
  }

  add(transfer) {
    transfer.become("waiting");
    this.waiting.push(transfer);
    this.next();
  }

  next() {
    while (this.running.size < this.atOnce && this.waiting.length) {
      const transfer = this.waiting.shift();
      if (transfer.state !== "waiting") continue;
      this.running.add(transfer);
      transfer.run().finally(() => {
        this.running.delete(transfer);
        this.next();
      });
    }
  }
}

/** Opens an upload at `address`; resolves to what it is told. A refusal carries the sentence for the person. */
export async function startUpload(address, token, file) {
  const body = JSON.stringify({ filename: file.name.slice(-255), content_type: file.type, size_bytes: file.size });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" };
  return inJson(await request("POST", address, { headers, body }));
}

function inJson(answer) {
  const said = parsed(answer.text);
  if (answer.status >= 200 && answer.status < 300 && said) return said;
  if (meaning(answer.status) === "later" && answer.status !== 429) throw new Error(`answered with ${answer.status}`);
  if (answer.status === 200) throw new Refusal("You are signed out. Load the page again to sign in; the upload then goes on.");
  if (answer.status === 403 && !said) throw new Refusal("This page is too old. Load it again; the upload then goes on.");
  throw new Refusal(said?.error?.message ?? `The server answered with status ${answer.status}.`, [413, 422].includes(answer.status));
}

function request(method, url, options) {
  return open(method, url, options).answer;
}

/** Rejects when nobody answers. XMLHttpRequest, because fetch tells nothing of how much has been sent. */
function open(method, url, { headers, body = null, progress = null }) {
  const sending = new XMLHttpRequest();
  const answer = new Promise((resolve, reject) => {
    sending.open(method, url);
    for (const [name, value] of Object.entries(headers)) sending.setRequestHeader(name, value);
    if (progress) sending.upload.onprogress = (event) => progress(event.loaded);
    sending.onload = () => resolve(understood(sending));
    sending.onerror = sending.onabort = sending.ontimeout = () => reject(new Error("nobody answered"));
    sending.send(body);
  });
  return { sending, answer };
}

function understood(sending) {
  const text = sending.responseText;
  const message = parsed(text)?.error?.message ?? `The store answered with status ${sending.status}.`;
  return { status: sending.status, range: sending.getResponseHeader("Range"), text, message };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
