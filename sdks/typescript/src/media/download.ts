import { Deadline, pause } from "../deadline.js";
import { ApiError, apiError, ConnectionFailed, FramelaneError } from "../errors.js";
import { delayMs, isTransient } from "../retries.js";
import { connectionError, retryAfterOf, type RequestOptions, type Transport } from "../transport.js";

export type Bytes = Uint8Array<ArrayBuffer>;

/** How far a file has come. */
export interface TransferProgress {
  /** Bytes that have arrived. */
  doneBytes: number;
  /** Size of the file; null where nobody has said it. */
  totalBytes: number | null;
}

/** How to fetch a file. */
export interface DownloadOptions extends RequestOptions {
  onProgress?: ((progress: TransferProgress) => void) | undefined;
}

/** A signed address stops working after a while; these statuses say that it has. */
const OUTDATED: ReadonlySet<number> = new Set([401, 403, 404, 410]);

/** The file at the address that `locate` finds, as a stream that goes on after a broken connection. */
export function download(
  transport: Transport,
  locate: () => Promise<string>,
  options: DownloadOptions = {},
): ReadableStream<Bytes> {
  const blocks = new Download(transport, locate, options).blocks();
  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        const { value, done } = await blocks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await blocks.return();
      },
    },
    { highWaterMark: 0 },
  );
}

class Download {
  readonly #transport: Transport;
  readonly #locate: () => Promise<string>;
  readonly #options: DownloadOptions;
  #doneBytes = 0;
  #totalBytes: number | null = null;
  #etag: string | null = null;
  #url: string | null = null;

  constructor(transport: Transport, locate: () => Promise<string>, options: DownloadOptions) {
    this.#transport = transport;
    this.#locate = locate;
    this.#options = options;
  }

  async *blocks(): AsyncGenerator<Bytes, void, undefined> {
    let failures = 0;
    for (;;) {
      const before = this.#doneBytes;
      try {
        yield* this.#rest();
        return;
      } catch (error) {
        failures = this.#doneBytes > before ? 0 : failures + 1;
        if (failures > this.#transport.options.maxRetries || !this.#mayGoOn(error)) throw error;
        await pause(delayMs(failures, retryAfterOf(error)), this.#options.signal);
      }
    }
  }

  #mayGoOn(error: unknown): boolean {
    if (isTransient(error)) return true;
    const isOutdated = error instanceof ApiError && OUTDATED.has(error.status) && this.#doneBytes > 0;
    if (isOutdated) this.#url = null;
    return isOutdated;
  }

  /** From the first byte that is missing to the end. */
  async *#rest(): AsyncGenerator<Bytes, void, undefined> {
    const url = (this.#url ??= await this.#locate());
    const deadline = new Deadline(this.#options.timeoutMs ?? this.#transport.options.timeoutMs, this.#options.signal);
    try {
      const response = await this.#transport.options.fetch(url, { headers: this.#headers(), signal: deadline.signal });
      await this.#begin(response);
      for await (const block of blocksOf(response.body)) {
        this.#doneBytes += block.length;
        this.#options.onProgress?.({ doneBytes: this.#doneBytes, totalBytes: this.#totalBytes });
        // Who reads may take its time.
        deadline.hold();
        yield block;
        deadline.extend();
      }
    } catch (error) {
      throw connectionError(error, deadline, url);
    } finally {
      deadline.stop();
    }
    if (this.#totalBytes !== null && this.#doneBytes < this.#totalBytes) {
      throw new ConnectionFailed(`The connection ended after ${this.#doneBytes} of ${this.#totalBytes} bytes.`);
    }
  }

  #headers(): Record<string, string> {
    if (this.#doneBytes === 0) return {};
    const range = { Range: `bytes=${this.#doneBytes}-` };
    return this.#etag === null ? range : { ...range, "If-Range": this.#etag };
  }

  /** Check the beginning of an answer. Throws ApiError, and FramelaneError where the rest is not that of the same file. */
  async #begin(response: Response): Promise<void> {
    const { status, headers } = response;
    if (!response.ok) throw apiError(response, await response.text());
    if (this.#doneBytes > 0 && (status !== 206 || !headers.get("content-range")?.startsWith(`bytes ${this.#doneBytes}-`))) {
      throw new FramelaneError("The file has changed during the download; begin anew.");
    }
    if (this.#doneBytes > 0) return;
    const etag = headers.get("etag");
    // A weak tag promises nothing about bytes (RFC 9110, section 13.1.5).
    this.#etag = etag?.startsWith('"') ? etag : null;
    const length = headers.get("content-length");
    this.#totalBytes = length === null || headers.has("content-encoding") ? null : Number(length);
  }
}

/** Not every runtime can walk through a stream; a reader can everywhere. Leaving early lets the connection go. */
export async function* blocksOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Bytes, void, undefined> {
  if (stream === null) return;
  const reader = stream.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value as Bytes;
    }
  } finally {
    // Of a stream that has ended or failed there is nothing left to cancel.
    await reader.cancel().catch(() => undefined);
  }
}
