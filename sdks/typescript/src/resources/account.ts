import { List, type ListOptions } from "../pages.js";
import type { CreateOptions, RequestOptions, Transport } from "../transport.js";
import type {
  ApiKey,
  ApiKeyRequest,
  ApiKeyRotation,
  Capabilities,
  CheckoutRequest,
  CreatedApiKey,
  Erasure,
  Plan,
  PortalRequest,
  Redirect,
  ResendRequest,
  Resent,
  Signup as SignupAnswer,
  SignupRequest,
  Subscription,
  Usage,
  UsagePeriod,
  Verification,
  VerifyRequest,
  Workspace as WorkspaceAnswer,
  WorkspaceUpdate,
} from "../types.js";

abstract class Resource {
  protected readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  protected read<T>(path: string, options: RequestOptions): Promise<T> {
    return this.transport.json({ ...options, method: "GET", path });
  }

  protected post<T>(path: string, body: unknown, options: RequestOptions): Promise<T> {
    return this.transport.json({ ...options, method: "POST", path, body });
  }
}

export interface RotateKeyOptions extends CreateOptions, ApiKeyRotation {}

/** `/v1/api-keys`. */
export class ApiKeys extends Resource {
  /** The answer shows the `key` this once. Throws ValidationFailed, Forbidden for scopes beyond the caller's own. */
  create(request: ApiKeyRequest, options: CreateOptions = {}): Promise<CreatedApiKey> {
    return this.transport.create("/v1/api-keys", request, options);
  }

  /** Keys, newest first, revoked ones too. */
  list({ limit, ...options }: ListOptions = {}): List<ApiKey> {
    return new List(this.transport, "/v1/api-keys", { limit }, options);
  }

  /** End a key at once. */
  revoke(id: string, options: RequestOptions = {}): Promise<void> {
    return this.transport.delete(`/v1/api-keys/${encodeURIComponent(id)}`, options);
  }

  /** A new key in place of another, which works on for `overlap_s` seconds, a day unless given. */
  rotate(id: string, { overlap_s, ...options }: RotateKeyOptions = {}): Promise<CreatedApiKey> {
    const body = overlap_s === undefined ? {} : { overlap_s };
    return this.transport.create(`/v1/api-keys/${encodeURIComponent(id)}/rotate`, body, options);
  }
}

export interface UsageOptions extends RequestOptions {
  /** `current` (the billing period, unless given), `7d`, `30d` or `90d`. */
  period?: UsagePeriod | undefined;
}

/** `/v1/workspace`. */
export class Workspace extends Resource {
  get(options: RequestOptions = {}): Promise<WorkspaceAnswer> {
    return this.read("/v1/workspace", options);
  }

  update(changes: WorkspaceUpdate, options: RequestOptions = {}): Promise<WorkspaceAnswer> {
    return this.transport.json({ ...options, method: "PATCH", path: "/v1/workspace", body: changes });
  }

  /** Erase the workspace with everything in it. `confirm` is its id. There is no way back. */
  delete(confirm: string, options: RequestOptions = {}): Promise<Erasure> {
    return this.transport.json({ ...options, method: "DELETE", path: "/v1/workspace", body: { confirm } });
  }

  usage({ period, ...options }: UsageOptions = {}): Promise<Usage> {
    return this.transport.json({ ...options, method: "GET", path: "/v1/workspace/usage", query: { period } });
  }
}

/** `/v1/billing`. */
export class Billing extends Resource {
  /** All plans. Needs no key. */
  async plans(options: RequestOptions = {}): Promise<Plan[]> {
    return (await this.read<{ data: Plan[] }>("/v1/billing/plans", options)).data;
  }

  subscription(options: RequestOptions = {}): Promise<Subscription> {
    return this.read("/v1/billing/subscription", options);
  }

  /** A page on which the plan can be bought. Throws NotConfigured, Conflict. */
  checkout(request: CheckoutRequest, options: RequestOptions = {}): Promise<Redirect> {
    return this.post("/v1/billing/checkout", request, options);
  }

  /** A page on which cards, invoices and the plan can be managed. Throws NotConfigured, Conflict. */
  portal(request: PortalRequest = {}, options: RequestOptions = {}): Promise<Redirect> {
    return this.post("/v1/billing/portal", request, options);
  }
}

/** `/v1/capabilities`: everything that this installation can do. Needs no key. */
export class CapabilitiesResource extends Resource {
  get(options: RequestOptions = {}): Promise<Capabilities> {
    return this.read("/v1/capabilities", options);
  }
}

/** `/v1/signup`: from an e-mail address to a workspace and a key. Needs no key. */
export class Signup extends Resource {
  /** The key in the answer works once the address is verified. Not repeated on its own: it sends a mail. */
  create(request: SignupRequest, options: RequestOptions = {}): Promise<SignupAnswer> {
    return this.post("/v1/signup", request, options);
  }

  /** Verify the address with the code from the mail. Throws ValidationFailed for a wrong or outdated one. */
  verify(request: VerifyRequest, options: RequestOptions = {}): Promise<Verification> {
    return this.post("/v1/signup/verify", request, options);
  }

  /** Send a new code, at most three times an hour. */
  resend(request: ResendRequest, options: RequestOptions = {}): Promise<Resent> {
    return this.post("/v1/signup/resend", request, options);
  }
}
