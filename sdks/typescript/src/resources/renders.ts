import type { List, ListOptions } from "../pages.js";
import type { CreateOptions, RequestOptions, Transport } from "../transport.js";
import type { Job, JobStatus, RenderRequest, Validation } from "../types.js";
import { Jobs, type CreateAndWaitOptions } from "./jobs.js";

/** A film: a request as it is, or something that builds one, such as a `Timeline`. */
export type Scene = RenderRequest | { build(): RenderRequest };

export interface ListRendersOptions extends ListOptions {
  status?: JobStatus | undefined;
}

/** `/v1/renders`: films from scenes. */
export class Renders extends Jobs {
  constructor(transport: Transport) {
    super(transport, "/v1/renders");
  }

  /**
   * Submit a film; resolves as soon as it is accepted.
   *
   * @throws ValidationFailed with `fields`, UnsupportedFeature, PlanLimit, QuotaExceeded, IdempotencyConflict.
   */
  async create(scene: Scene, options: CreateOptions = {}): Promise<Job> {
    return this.createAt("/v1/renders", requestOf(scene), options);
  }

  /** `create`, then `wait`. */
  async createAndWait(scene: Scene, options: CreateAndWaitOptions = {}): Promise<Job> {
    const { idempotencyKey, signal } = options;
    return this.wait((await this.create(scene, { idempotencyKey, signal })).id, options);
  }

  /** Renders, newest first. */
  list({ status, ...options }: ListRendersOptions = {}): List<Job> {
    return this.listWith({ status }, options);
  }

  /**
   * Ask the platform about a film without rendering it; resolves with warnings. Costs nothing, and needs a key that may read.
   *
   * @throws What `create` would throw.
   */
  async validate(scene: Scene, options: RequestOptions = {}): Promise<Validation> {
    const call = { ...options, method: "POST", path: "/v1/renders/validate", body: requestOf(scene) } as const;
    return this.transport.json({ ...call, repeatable: true });
  }
}

function requestOf(scene: Scene): RenderRequest {
  return "build" in scene && typeof scene.build === "function" ? scene.build() : (scene as RenderRequest);
}
