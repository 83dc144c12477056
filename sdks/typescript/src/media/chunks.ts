import { FramelaneError } from "../errors.js";
import { blocksOf, type Bytes } from "./download.js";

/** Something with a size that can be read anywhere: a `Blob`, a `File`, or anything that behaves like one. */
export interface Sliceable {
  /** Bytes. */
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** What can be uploaded. */
export type UploadData = Sliceable | Uint8Array | ArrayBuffer | ReadableStream<Uint8Array>;

/** The bytes of an upload, a chunk at a time. */
export interface Chunks {
  /** Size of the whole; null while it is not known. */
  readonly totalBytes: number | null;
  /** Up to `maxBytes` from `offset` on; less only at the end. Offsets grow, but for what was not received. */
  at(offset: number, maxBytes: number): Promise<Bytes>;
}

/** The chunks of any data. */
export function chunksOf(data: UploadData): Chunks {
  if (isStream(data)) return new StreamChunks(data);
  if (data instanceof Uint8Array || data instanceof ArrayBuffer) return new SliceChunks(new Blob([data as BlobPart]));
  return new SliceChunks(data);
}

function isStream(data: UploadData): data is ReadableStream<Uint8Array> {
  return "getReader" in data;
}

class SliceChunks implements Chunks {
  readonly #data: Sliceable;

  constructor(data: Sliceable) {
    this.#data = data;
  }

  get totalBytes(): number {
    return this.#data.size;
  }

  async at(offset: number, maxBytes: number): Promise<Bytes> {
    const end = Math.min(offset + maxBytes, this.#data.size);
    return new Uint8Array(await this.#data.slice(offset, end).arrayBuffer());
  }
}

/** Keeps what may have to be sent again, and reads one block ahead: the last chunk must be known for the last one. */
class StreamChunks implements Chunks {
  totalBytes: number | null = null;
  readonly #blocks: AsyncGenerator<Bytes, void, undefined>;
  #kept: Bytes = new Uint8Array(0);
  #keptFrom = 0;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#blocks = blocksOf(stream);
  }

  async at(offset: number, maxBytes: number): Promise<Bytes> {
    if (offset < this.#keptFrom || offset > this.#keptFrom + this.#kept.length) {
      throw new FramelaneError(`The upload wants to go on at byte ${offset}, where the stream cannot go back to.`);
    }
    this.#kept = this.#kept.slice(offset - this.#keptFrom);
    this.#keptFrom = offset;
    await this.#fill(maxBytes);
    return this.#kept.slice(0, maxBytes);
  }

  /** Read until more than `wantedBytes` are kept or the stream has ended. */
  async #fill(wantedBytes: number): Promise<void> {
    const pieces = [this.#kept];
    let held = this.#kept.length;
    while (held <= wantedBytes && this.totalBytes === null) {
      const { value, done } = await this.#blocks.next();
      if (done) this.totalBytes = this.#keptFrom + held;
      else held += pieces.push(value) && value.length;
    }
    if (pieces.length > 1) this.#kept = joined(pieces, held);
  }
}

function joined(pieces: Bytes[], size: number): Bytes {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
