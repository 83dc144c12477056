import { TimedOut } from "./errors.js";

/**
 * A signal that fires after some time, or with the caller's own signal.
 *
 * `AbortSignal.any` and `AbortSignal.timeout` would do, but neither is in every runtime, and a pending timer of the
 * latter keeps nothing alive but cannot be pushed back either.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  readonly #outer: AbortSignal | undefined;
  readonly #follow = (): void => this.#controller.abort(this.#outer?.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Throws what `outer` was aborted with if it already was. `timeoutMs` may be `Infinity`. */
  constructor(timeoutMs: number, outer?: AbortSignal) {
    outer?.throwIfAborted();
    this.#timeoutMs = timeoutMs;
    this.#outer = outer;
    outer?.addEventListener("abort", this.#follow);
    this.extend();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Start the time anew: there was a sign of life. */
  extend(): void {
    this.hold();
    if (Number.isFinite(this.#timeoutMs)) {
      this.#timer = setTimeout(() => this.#controller.abort(new TimedOut(this.#timeoutMs)), this.#timeoutMs);
    }
  }

  /** Stop the time until it is extended. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  /** Done: nothing fires any more. */
  stop(): void {
    this.hold();
    this.#outer?.removeEventListener("abort", this.#follow);
  }
}

/** Wait. Throws what `signal` is aborted with. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
