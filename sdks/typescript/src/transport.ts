import { randomUuid } from "./crypto.js";
import { Deadline, pause } from "./deadline.js";
import { ApiError, apiError, ConnectionFailed, FramelaneError } from "./errors.js";
import { delayMs, isTransient, wasNotActedUpon } from "./retries.js";
import { VERSION } from "./version.js";

/** What every method takes as its last argument. */
export interface RequestOptions {
  /** Ends the call: it rejects with what the signal was aborted with. What the platform has begun goes on. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait for an answer, instead of the client's. */
  timeoutMs?: number | undefined;
}

/** What methods that create something take. */
export interface CreateOptions extends RequestOptions {
  /** 1 to 255 characters; one is made where none is given. The same key never creates twice within 24 hours. */
  idempotencyKey?: string | undefined;
}

export type Query = Record<string, string | number | boolean | null | undefined>;

/** One call of the API. */
export interface Call extends RequestOptions {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  query?: Query;
  body?: unknown;
  /** Sent with every try. Without one, a POST is sent again only where the platform has certainly not acted. */
  idempotencyKey?: string | undefined;
  /** For a POST that may be repeated as it is. */
  repeatable?: boolean;
  redirect?: "manual";
  /** Called before every try. */
  onTry?: () => void;
}

/** How requests are sent. */
export interface TransportOptions {
  baseUrl: string;
  apiKey: string | undefined;
  timeoutMs: number;
  maxRetries: number;
  fetch: typeof globalThis.fetch;
}

/** Sends requests, again where that is safe, and turns refusals into errors. */
export class Transport {
  readonly options: TransportOptions;

  constructor(options: TransportOptions) {
    this.options = options;
  }

  /** The JSON of an answer; `undefined` of an empty one. Throws ApiError, ConnectionFailed, TimedOut. */
  async json<T>(call: Call): Promise<T> {
    return this.#repeat(call, async (response) => {
      const text = await response.text();
      if (!response.ok) throw apiError(response, text);
      return (text ? parsed(text, response) : undefined) as T;
    });
  }

  /** The JSON that creates something, always with an `Idempotency-Key`. */
  async create<T>(path: string, body: unknown, options: CreateOptions = {}): Promise<T> {
    const idempotencyKey = options.idempotencyKey ?? (await randomUuid());
    return this.json({ ...options, method: "POST", path, body, idempotencyKey });
  }

  /** The address that an answer redirects to, without going there. Throws as `json`. */
  async redirect(path: string, options: RequestOptions = {}): Promise<string> {
    return this.#repeat({ ...options, method: "GET", path, redirect: "manual" }, async (response) => {
      if (response.status >= 400) throw apiError(response, await response.text());
      return response.headers.get("location") ?? "";
    });
  }

  /** DELETE. That it is gone already on a second try is no error: the first one did it. */
  async delete(path: string, options: RequestOptions = {}): Promise<void> {
    let tries = 0;
    const onTry = (): void => void (tries += 1);
    await this.#repeat({ ...options, method: "DELETE", path, onTry }, async (response) => {
      const text = await response.text();
      if (!response.ok && !(response.status === 404 && tries > 1)) throw apiError(response, text);
    });
  }

  /** Send once, to any address; `read` reads the answer. Throws ConnectionFailed, TimedOut, and what `read` throws. */
  async once<T>(
    url: string,
    init: RequestInit,
    read: (response: Response) => Promise<T>,
    options: RequestOptions,
  ): Promise<T> {
    const deadline = new Deadline(options.timeoutMs ?? this.options.timeoutMs, options.signal);
    try {
      return await read(await this.options.fetch(url, { ...init, signal: deadline.signal }));
    } catch (error) {
      throw connectionError(error, deadline, url);
    } finally {
      deadline.stop();
    }
  }

  /** Run `attempt` until it succeeds, fails for good, or has been retried as often as the client may. */
  async retrying<T>(
    attempt: () => Promise<T>,
    mayRetry: (error: unknown) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    for (let retry = 0; ; retry++) {
      try {
        return await attempt();
      } catch (error) {
        if (retry >= this.options.maxRetries || !mayRetry(error)) throw error;
        await pause(delayMs(retry, retryAfterOf(error)), signal);
      }
    }
  }

  async #repeat<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const url = this.#url(call);
    const init = this.#init(call);
    const repeatable = call.method !== "POST" || call.idempotencyKey !== undefined || call.repeatable === true;
    const attempt = (): Promise<T> => {
      call.onTry?.();
      return this.once(url, init, read, call);
    };
    return this.retrying(attempt, repeatable ? isTransient : wasNotActedUpon, call.signal);
  }

  #url({ path, query = {} }: Call): string {
    const url = new URL(this.options.baseUrl.replace(/\/+$/, "") + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) url.searchParams.set(name, `${value}`);
    }
    return url.href;
  }

  #init(call: Call): RequestInit {
    const headers: Record<string, string> = { Accept: "application/json" };
    // In browsers it would be one more header to ask permission for.
    if (!("document" in globalThis)) headers["User-Agent"] = `framelane-typescript/${VERSION}`;
    if (this.options.apiKey) headers["Authorization"] = `Bearer ${this.options.apiKey}`;
    if (call.idempotencyKey !== undefined) headers["Idempotency-Key"] = call.idempotencyKey;
    if (call.body !== undefined) headers["Content-Type"] = "application/json";
    return {
      method: call.method,
      headers,
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      ...(call.redirect && { redirect: call.redirect }),
    };
  }
}

/** Seconds that the platform asked to wait before the next try. */
export function retryAfterOf(error: unknown): number | null {
  return error instanceof ApiError ? error.retryAfterS : null;
}

function parsed(text: string, response: Response): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FramelaneError(`The server answered ${response.status} with what is not JSON: ${text.slice(0, 200)}`, { cause });
  }
}

/**
 * What went wrong on the way: what `fetch` throws, or reading a body, is a broken connection. Errors of this package and
 * the reason for an abortion stay what they are.
 */
export function connectionError(error: unknown, deadline: Deadline, url: string): unknown {
  if (deadline.signal.aborted) return deadline.signal.reason;
  if (error instanceof FramelaneError) return error;
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : error;
  return new ConnectionFailed(`The connection to ${new URL(url).origin} failed: ${reason}`, { cause: error });
}
