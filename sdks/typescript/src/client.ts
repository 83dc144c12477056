import { FramelaneError } from "./errors.js";
import { ApiKeys, Billing, CapabilitiesResource, Signup, Workspace } from "./resources/account.js";
import { Assets, Imports } from "./resources/media.js";
import { Renders } from "./resources/renders.js";
import { Tasks } from "./resources/tasks.js";
import { Uploads } from "./resources/uploads.js";
import { Webhooks } from "./resources/webhooks.js";
import { Transport } from "./transport.js";

/** How to reach the platform. */
export interface FramelaneOptions {
  /** `fl_live_…`; the environment's `FRAMELANE_API_KEY` unless given. Never put one into a page: keep it on a server. */
  apiKey?: string | null | undefined;
  /** The environment's `FRAMELANE_BASE_URL` unless given, else `http://localhost:8000`. */
  baseUrl?: string | undefined;
  /** Milliseconds to wait for an answer, 60,000 unless given; of a stream, for its next bytes. `Infinity` waits on. */
  timeoutMs?: number | undefined;
  /** How often a request is sent again where that is safe, 3 times unless given; 0 never does. */
  maxRetries?: number | undefined;
  /** What sends requests, the runtime's `fetch` unless given. */
  fetch?: typeof globalThis.fetch | undefined;
}

const DEFAULT_BASE_URL = "http://localhost:8000";
const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_RETRIES = 3;

/**
 * A client of the Framelane API.
 *
 * Every method throws an `ApiError` of the class of its code when the platform refuses, `ConnectionFailed` or `TimedOut`
 * when it cannot be reached. Answers 429, 500, 502, 503 and 504 and broken connections are tried again where that cannot
 * do anything twice; what is created carries an `Idempotency-Key`, the same on every try.
 *
 * @example
 * const client = new Framelane();
 * const job = await client.renders.createAndWait({
 *   elements: [{ type: "text", text: "Hello, world", duration: 3, font_size: 96 }],
 * });
 * console.log(job.output?.url);
 */
export class Framelane {
  readonly renders: Renders;
  readonly tasks: Tasks;
  readonly uploads: Uploads;
  readonly imports: Imports;
  readonly assets: Assets;
  readonly webhooks: Webhooks;
  readonly apiKeys: ApiKeys;
  readonly workspace: Workspace;
  readonly billing: Billing;
  readonly capabilities: CapabilitiesResource;
  readonly signup: Signup;

  /** Throws FramelaneError for an address that is none, RangeError for numbers out of range. */
  constructor(options: FramelaneOptions = {}) {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const maxRetries = options.maxRetries ?? DEFAULT_MAX_RETRIES;
    if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs is ${timeoutMs}; numbers above 0 are accepted.`);
    if (!Number.isInteger(maxRetries) || maxRetries < 0) {
      throw new RangeError(`maxRetries is ${maxRetries}; whole numbers from 0 on are accepted.`);
    }
    const transport = new Transport({
      baseUrl: address(options.baseUrl ?? environment("FRAMELANE_BASE_URL") ?? DEFAULT_BASE_URL),
      apiKey: options.apiKey ?? environment("FRAMELANE_API_KEY"),
      timeoutMs,
      maxRetries,
      // A bare `fetch` must not be called as a method of something else.
      fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    });
    this.renders = new Renders(transport);
    this.tasks = new Tasks(transport);
    this.uploads = new Uploads(transport);
    this.imports = new Imports(transport);
    this.assets = new Assets(transport);
    this.webhooks = new Webhooks(transport);
    this.apiKeys = new ApiKeys(transport);
    this.workspace = new Workspace(transport);
    this.billing = new Billing(transport);
    this.capabilities = new CapabilitiesResource(transport);
    this.signup = new Signup(transport);
  }
}

function address(text: string): string {
  try {
    if (/^https?:$/.test(new URL(text).protocol)) return text;
  } catch {
    // It is no address at all.
  }
  throw new FramelaneError(`baseUrl is ${text}; an address that begins with http:// or https:// is accepted.`);
}

/** A variable of the environment, where this runtime has one and lets it be read; an empty one is none. */
function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  try {
    return process?.env?.[name] || undefined;
  } catch {
    // Deno without --allow-env.
    return undefined;
  }
}
