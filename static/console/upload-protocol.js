// The resumable upload protocol, as far as it can be said without sending anything. Sizes and offsets are bytes.

/** Every piece but the last holds a multiple of this: Google Cloud Storage asks for it. */
export const GRAIN_BYTES = 256 * 1024;

const LONGEST_PAUSE_MS = 30000;
const MEMORY_KEY = "framelane.uploads";

/** The piece to send next: from `start` up to `end`, which does not belong to it. */
export function nextPiece(start, totalBytes, pieceBytes) {
  const wanted = Math.max(GRAIN_BYTES, Math.floor(pieceBytes / GRAIN_BYTES) * GRAIN_BYTES);
  return { start, end: Math.min(totalBytes, start + wanted) };
}

/** `Content-Range` of a piece. */
export function contentRange({ start, end }, totalBytes) {
  return `bytes ${start}-${end - 1}/${totalBytes}`;
}

/** `Content-Range` that asks how much has come. */
export function question(totalBytes) {
  return `bytes */${totalBytes}`;
}

/** How much the other side holds by the `Range` of its answer, which is missing while it holds nothing. */
export function heldBytes(range) {
  const found = /^bytes=0-(\d{1,15})$/.exec(range ?? "");
  return found ? Number(found[1]) + 1 : 0;
}

/** What an answer means: `done`, `more` to send, `later` once more, `gone` for good, or `refused`. */
export function meaning(status) {
  if (status === 200 || status === 201) return "done";
  if (status === 308) return "more";
  if (status === 0 || status === 408 || status === 429 || status >= 500) return "later";
  if (status === 404 || status === 410 || status === 499) return "gone";
  return "refused";
}

/** How long to wait before the try after `failures` in a row, in milliseconds; `chance` is between 0 and 1. */
export function pauseMs(failures, chance) {
  const longest = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** (failures - 1));
  return longest / 2 + (longest / 2) * chance;
}

/** What a file is known by when it is chosen again. */
export function fingerprint(file) {
  return [file.name, file.size, file.lastModified].join("|");
}

/** A size in words. */
export function sizeText(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

/** The unfinished uploads of one workspace that this browser remembers: what an address is good for ends with it. */
export class Memory {
  constructor(storage, workspace, now = Date.now) {
    this.storage = storage;
    this.key = `${MEMORY_KEY}.${workspace}`;
    this.now = now;
  }

  /** All that can still go on: fingerprint → what `keep` was told. */
  all() {
    let kept = {};
    try {
      kept = JSON.parse(this.storage.getItem(this.key) ?? "{}") ?? {};
    } catch {
      return {};
    }
    const isAlive = ([, upload]) => Date.parse(upload?.expires_at) > this.now();
    return Object.fromEntries(Object.entries(kept).filter(isAlive));
  }

  find(file) {
    return this.all()[fingerprint(file)];
  }

  keep(file, upload) {
    this.write({ ...this.all(), [fingerprint(file)]: { ...upload, name: file.name } });
  }

  forget(file) {
    const { [fingerprint(file)]: _, ...others } = this.all();
    this.write(others);
  }

  write(uploads) {
    try {
      this.storage.setItem(this.key, JSON.stringify(uploads));
    } catch {
      // A full or a forbidden store only means that nothing goes on after the page is loaded again.
    }
  }
}
