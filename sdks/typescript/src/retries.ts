import { ApiError, ConnectionFailed } from "./errors.js";

const BASE_MS = 500;
const MAX_BACKOFF_MS = 8_000;
/** No `Retry-After` is waited for longer than this: the API's limits are per minute. */
export const MAX_RETRY_AFTER_S = 60;
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
/** Error codes of Node and Deno for connections that were never made. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Whether sending the same again may help. */
export function isTransient(error: unknown): boolean {
  return error instanceof ConnectionFailed || (error instanceof ApiError && TRANSIENT_STATUSES.has(error.status));
}

/** Whether a failed request has certainly not been acted upon. */
export function wasNotActedUpon(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 429;
  return error instanceof ConnectionFailed && neverConnected(error.cause);
}

function neverConnected(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ("code" in cause && typeof cause.code === "string" && NEVER_CONNECTED.has(cause.code)) return true;
  }
  return false;
}

/**
 * Milliseconds to wait before retry number `retry`, counted from 0: what `Retry-After` asked for, at most a minute,
 * else exponential with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function delayMs(retry: number, retryAfterS: number | null): number {
  if (retryAfterS !== null) return Math.min(retryAfterS, MAX_RETRY_AFTER_S) * 1000;
  return Math.random() * Math.min(MAX_BACKOFF_MS, BASE_MS * 2 ** retry);
}
