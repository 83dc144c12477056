import { pause } from "../deadline.js";
import { apiError } from "../errors.js";
import { delayMs, isTransient } from "../retries.js";
import { retryAfterOf, type RequestOptions, type Transport } from "../transport.js";
import { chunksOf, type Chunks, type UploadData } from "./chunks.js";
import type { TransferProgress } from "./download.js";

/** Chunks but the last are multiples of this: the protocol of Google Cloud Storage asks for it. */
export const CHUNK_UNIT_BYTES = 256 * 1024;
/** Size of a chunk where none is given: 8 MiB. */
export const DEFAULT_CHUNK_BYTES = 8 * 1024 * 1024;

/** How bytes are sent. */
export interface SendOptions extends RequestOptions {
  /** Called after every chunk. */
  onProgress?: ((progress: TransferProgress) => void) | undefined;
  /** Size of a chunk, a multiple of 262,144 bytes; 8 MiB unless given. So much is kept in memory of a stream. */
  chunkBytes?: number | undefined;
}

/**
 * Send data to the address of an upload in chunks, going on where it broke off.
 *
 * @throws RangeError for a size of chunks that is no multiple of 262,144, and for no data at all; ApiError, ConnectionFailed,
 *   TimedOut once retrying does not help.
 */
export async function send(transport: Transport, url: string, data: UploadData, options: SendOptions): Promise<void> {
  const chunkBytes = options.chunkBytes ?? DEFAULT_CHUNK_BYTES;
  if (!Number.isInteger(chunkBytes) || chunkBytes <= 0 || chunkBytes % CHUNK_UNIT_BYTES) {
    throw new RangeError(`chunkBytes is ${chunkBytes}; multiples of ${CHUNK_UNIT_BYTES} are accepted.`);
  }
  await new Sending(transport, url, chunksOf(data), chunkBytes, options).run();
}

class Sending {
  readonly #transport: Transport;
  readonly #url: string;
  readonly #chunks: Chunks;
  readonly #chunkBytes: number;
  readonly #options: SendOptions;

  constructor(transport: Transport, url: string, chunks: Chunks, chunkBytes: number, options: SendOptions) {
    this.#transport = transport;
    this.#url = url;
    this.#chunks = chunks;
    this.#chunkBytes = chunkBytes;
    this.#options = options;
  }

  async run(): Promise<void> {
    let offset: number | null = 0;
    let furthest = 0;
    let failures = 0;
    let isUncertain = false;
    while (offset !== null) {
      try {
        offset = isUncertain ? await this.#ask() : await this.#sendFrom(offset);
        isUncertain = false;
      } catch (error) {
        failures += 1;
        if (failures > this.#transport.options.maxRetries || !isTransient(error)) throw error;
        // Nobody knows how much of the chunk has come.
        isUncertain = true;
        await pause(delayMs(failures - 1, retryAfterOf(error)), this.#options.signal);
      }
      if (offset === null || offset > furthest) {
        this.#tell(offset);
        furthest = offset ?? furthest;
        failures = 0;
      }
    }
  }

  #tell(offset: number | null): void {
    const { totalBytes } = this.#chunks;
    this.#options.onProgress?.({ doneBytes: offset ?? totalBytes ?? 0, totalBytes });
  }

  /** Send a chunk; where to go on, null at the end. */
  async #sendFrom(offset: number): Promise<number | null> {
    const bytes = await this.#chunks.at(offset, this.#chunkBytes);
    if (!bytes.length) throw new RangeError(`There is nothing to upload from byte ${offset} on; send at least one byte.`);
    const end = offset + bytes.length;
    const { totalBytes } = this.#chunks;
    const total = totalBytes !== null && end >= totalBytes ? totalBytes : this.#announced();
    return this.#put(`bytes ${offset}-${end - 1}/${total}`, bytes);
  }

  #ask(): Promise<number | null> {
    return this.#put(`bytes */${this.#announced()}`, null);
  }

  #announced(): number | "*" {
    return this.#chunks.totalBytes ?? "*";
  }

  async #put(contentRange: string, body: Uint8Array<ArrayBuffer> | null): Promise<number | null> {
    const init: RequestInit = { method: "PUT", headers: { "Content-Range": contentRange }, body };
    return this.#transport.once(this.#url, init, where, this.#options);
  }
}

/** How much has come, by the answer to a PUT; null for all. */
async function where(response: Response): Promise<number | null> {
  const text = await response.text();
  if (response.ok) return null;
  if (response.status !== 308) throw apiError(response, text);
  const last = /^bytes=0-(\d+)$/.exec(response.headers.get("range") ?? "")?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}
