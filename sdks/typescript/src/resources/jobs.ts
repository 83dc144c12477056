import { JobCancelled, JobFailed, Conflict } from "../errors.js";
import { download, type Bytes, type DownloadOptions } from "../media/download.js";
import { List, type ListOptions } from "../pages.js";
import type { CreateOptions, Query, RequestOptions, Transport } from "../transport.js";
import type { Job } from "../types.js";
import { follow, type WaitOptions } from "../waiting.js";

/** The longest that the platform holds an answer back, in seconds. */
export const LONG_POLL_S = 25;
/** How often progress is asked for, in seconds. */
const PROGRESS_S = 2;
const TERMINAL: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);

export interface GetJobOptions extends RequestOptions {
  /** Seconds to wait for the job's end before the answer comes, 0 to 25. */
  waitS?: number | undefined;
}

/** How to create something and wait for it. `timeoutMs` is for the waiting. */
export interface CreateAndWaitOptions extends WaitOptions {
  /** As in `CreateOptions`. */
  idempotencyKey?: string | undefined;
}

/** What renders and tasks have in common. */
export abstract class Jobs {
  protected readonly transport: Transport;
  readonly #path: string;

  constructor(transport: Transport, path: string) {
    this.transport = transport;
    this.#path = path;
  }

  /** The job as it is now. Throws NotFound. */
  async get(id: string, { waitS, ...options }: GetJobOptions = {}): Promise<Job> {
    const timeoutMs = (options.timeoutMs ?? this.transport.options.timeoutMs) + (waitS ?? 0) * 1000;
    const query: Query = { wait: waitS || undefined };
    return this.transport.json({ ...options, timeoutMs, method: "GET", path: this.#pathOf(id), query });
  }

  /** Cancel a job that has not ended; one that runs stops a moment later. Throws NotFound, and Conflict when it has ended. */
  async cancel(id: string, options: RequestOptions = {}): Promise<Job> {
    let tries = 0;
    const onTry = (): void => void (tries += 1);
    try {
      return await this.transport.json({ ...options, method: "DELETE", path: this.#pathOf(id), onTry });
    } catch (error) {
      if (!(error instanceof Conflict) || tries < 2) throw error;
      // The first try may have done it, and its answer was lost.
      const job = await this.get(id, options);
      if (job.status === "cancelled") return job;
      throw error;
    }
  }

  /**
   * Wait for the job's end; resolves with the completed job.
   *
   * @throws JobFailed, JobCancelled, WaitTimedOut; what `signal` is aborted with. The job itself goes on then.
   */
  async wait(id: string, options: WaitOptions = {}): Promise<Job> {
    const pollS = options.onProgress ? PROGRESS_S : LONG_POLL_S;
    const ask = (remainingMs: number): Promise<Job> =>
      this.get(id, { waitS: Math.min(pollS, remainingMs / 1000), signal: options.signal });
    const job = await follow(ask, ({ status }) => TERMINAL.has(status), options);
    if (job.status === "failed") throw new JobFailed(job);
    if (job.status === "cancelled") throw new JobCancelled(job);
    return job;
  }

  /**
   * The job's file as a stream, which goes on by itself after a broken connection.
   *
   * @throws NotFound, NotReady, Gone at once; ConnectionFailed and TimedOut while reading, once retrying does not help.
   */
  async download(job: Job | string, options: DownloadOptions = {}): Promise<ReadableStream<Bytes>> {
    const id = typeof job === "string" ? job : job.id;
    let first: string | null = await this.locate(id, options);
    const locate = async (): Promise<string> => {
      const url = first ?? (await this.locate(id, options));
      first = null;
      return url;
    };
    return download(this.transport, locate, options);
  }

  /**
   * A signed address of the job's file that works for a while, also without a key.
   *
   * @throws NotFound, NotReady while the job is not completed, Gone when its file was deleted after its time.
   */
  async locate(id: string, { signal, timeoutMs }: RequestOptions = {}): Promise<string> {
    const { output } = await this.get(id, { signal, timeoutMs });
    // Browsers do not show where a redirect goes to; where there is no output it is an error that they do show.
    return output?.url ?? this.transport.redirect(`${this.#pathOf(id)}/download`, { signal, timeoutMs });
  }

  protected createAt(path: string, body: unknown, options: CreateOptions): Promise<Job> {
    return this.transport.create(path, body, options);
  }

  protected listWith(query: Query, { limit, ...options }: ListOptions): List<Job> {
    return new List(this.transport, this.#path, { ...query, limit }, options);
  }

  #pathOf(id: string): string {
    return `${this.#path}/${encodeURIComponent(id)}`;
  }
}
