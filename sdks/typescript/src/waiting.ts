import { WaitTimedOut } from "./errors.js";
import type { Asset, Import, Job } from "./types.js";

/** How to wait for something. */
export interface WaitOptions<T = Job> {
  /** Called with the state about every two seconds, and with the last one. */
  onProgress?: ((latest: T) => void) | undefined;
  /** Milliseconds to wait in all; without it, as long as it takes. */
  timeoutMs?: number | undefined;
  /** Ends the waiting, not the job. */
  signal?: AbortSignal | undefined;
}

/**
 * Ask for new states until one has ended.
 *
 * @param ask - Resolves with the latest state; it may take up to `remainingMs` for that.
 * @throws WaitTimedOut with the latest state; what `signal` is aborted with.
 */
export async function follow<T extends Job | Import | Asset>(
  ask: (remainingMs: number) => Promise<T>,
  hasEnded: (latest: T) => boolean,
  { onProgress, timeoutMs = Infinity, signal }: WaitOptions<T>,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const latest = await ask(Math.max(0, end - Date.now()));
    onProgress?.(latest);
    if (hasEnded(latest)) return latest;
    signal?.throwIfAborted();
    if (Date.now() >= end) throw new WaitTimedOut(latest, timeoutMs);
  }
}
