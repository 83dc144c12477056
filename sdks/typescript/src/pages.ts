import type { Query, RequestOptions, Transport } from "./transport.js";

/** One page of a list, as the API answers it. */
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
  has_more: boolean;
}

/** What every list takes. */
export interface ListOptions extends RequestOptions {
  /** Objects per page, 1 to 200; the platform's own default is 20. */
  limit?: number | undefined;
}

/**
 * A list, newest first, that fetches its pages as it is walked through.
 *
 * @example
 * for await (const job of client.renders.list({ status: "failed" })) console.log(job.id, job.error?.message);
 */
export class List<T> implements AsyncIterable<T> {
  readonly #transport: Transport;
  readonly #path: string;
  readonly #query: Query;
  readonly #options: RequestOptions;

  constructor(transport: Transport, path: string, query: Query, { signal, timeoutMs }: RequestOptions) {
    this.#transport = transport;
    this.#path = path;
    this.#query = query;
    this.#options = { signal, timeoutMs };
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for await (const page of this.pages()) yield* page.data;
  }

  /** Page by page. */
  async *pages(): AsyncGenerator<Page<T>> {
    let cursor: string | null = null;
    do {
      const query: Query = { ...this.#query, cursor };
      const page: Page<T> = await this.#transport.json({ ...this.#options, method: "GET", path: this.#path, query });
      yield page;
      cursor = page.has_more ? page.next_cursor : null;
    } while (cursor);
  }

  /** All of it, or the first `max` objects. */
  async toArray(max = Infinity): Promise<T[]> {
    const found: T[] = [];
    if (max <= 0) return found;
    for await (const item of this) {
      found.push(item);
      if (found.length >= max) break;
    }
    return found;
  }
}
