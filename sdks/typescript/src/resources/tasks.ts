import type { List, ListOptions } from "../pages.js";
import { Transcript, type TranscriptDocument } from "../transcript.js";
import type { CreateOptions, RequestOptions, Transport } from "../transport.js";
import type {
  GazeRedirectBody,
  Job,
  JobStatus,
  RemoveBackgroundBody,
  SuperResolutionBody,
  TaskType,
  TranscribeBody,
} from "../types.js";
import { Jobs, type CreateAndWaitOptions } from "./jobs.js";

/** The body of every task, by the task's name in its address. */
export interface TaskBodies {
  "super-resolution": SuperResolutionBody;
  "remove-background": RemoveBackgroundBody;
  "gaze-redirect": GazeRedirectBody;
  transcribe: TranscribeBody;
}

export interface ListTasksOptions extends ListOptions {
  status?: JobStatus | undefined;
  type?: TaskType | undefined;
}

/** `/v1/tasks`: single operations on a video, an image or a sound. */
export class Tasks extends Jobs {
  constructor(transport: Transport) {
    super(transport, "/v1/tasks");
  }

  /** Submit a task. Throws ValidationFailed, UnsupportedFeature where this installation cannot do it. */
  async create<Name extends keyof TaskBodies>(name: Name, body: TaskBodies[Name], options: CreateOptions = {}): Promise<Job> {
    return this.createAt(`/v1/tasks/${name}`, body, options);
  }

  /** `create`, then `wait`. */
  async createAndWait<Name extends keyof TaskBodies>(
    name: Name,
    body: TaskBodies[Name],
    options: CreateAndWaitOptions = {},
  ): Promise<Job> {
    const { idempotencyKey, signal } = options;
    return this.wait((await this.create(name, body, { idempotencyKey, signal })).id, options);
  }

  /** Enlarge a video or an image, 1 to 4 times. */
  superResolution(body: SuperResolutionBody, options: CreateOptions = {}): Promise<Job> {
    return this.create("super-resolution", body, options);
  }

  /** Separate people from what is behind them. */
  removeBackground(body: RemoveBackgroundBody, options: CreateOptions = {}): Promise<Job> {
    return this.create("remove-background", body, options);
  }

  /** Turn the eyes towards the camera. */
  gazeRedirect(body: GazeRedirectBody, options: CreateOptions = {}): Promise<Job> {
    return this.create("gaze-redirect", body, options);
  }

  /** Turn speech into text in which every word has its times. */
  transcribe(body: TranscribeBody, options: CreateOptions = {}): Promise<Job> {
    return this.create("transcribe", body, options);
  }

  /** Tasks, newest first. */
  list({ status, type, ...options }: ListTasksOptions = {}): List<Job> {
    return this.listWith({ status, type }, options);
  }

  /** What a completed `transcribe` task has heard. Throws as `download`. */
  async transcript(job: Job | string, options: RequestOptions = {}): Promise<Transcript> {
    const text = await new Response(await this.download(job, options)).text();
    return new Transcript(JSON.parse(text) as TranscriptDocument);
  }
}
