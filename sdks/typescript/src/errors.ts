import type { Asset, Import, Job } from "./types.js";

/** Base of everything that this package throws by itself. */
export class FramelaneError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The platform could not be reached, or the connection broke, also on the last retry. */
export class ConnectionFailed extends FramelaneError {}

/** The platform did not answer in time. */
export class TimedOut extends FramelaneError {
  /** How long was waited, in milliseconds. */
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`No answer within ${timeoutMs} ms.`);
    this.timeoutMs = timeoutMs;
  }
}

/** A job ended as `failed`; `job.error` holds the code and the cause. */
export class JobFailed extends FramelaneError {
  readonly job: Job;

  constructor(job: Job) {
    super(`${job.id} failed: ${job.error?.code ?? "internal"}: ${job.error?.message ?? "no reason was given"}`);
    this.job = job;
  }
}

/** A job was cancelled while it was waited for. */
export class JobCancelled extends FramelaneError {
  readonly job: Job;

  constructor(job: Job) {
    super(`${job.id} was cancelled.`);
    this.job = job;
  }
}

/** A file could not be imported, or an uploaded file turned out to be unusable. */
export class MediaFailed extends FramelaneError {
  readonly media: Import | Asset;

  constructor(media: Import | Asset) {
    super(`${media.id} failed: ${media.error?.message ?? "no reason was given"}`);
    this.media = media;
  }
}

/** What was waited for goes on, but not within the time that was given. */
export class WaitTimedOut extends FramelaneError {
  /** Its latest state. */
  readonly job: Job | Import | Asset;

  constructor(job: Job | Import | Asset, timeoutMs: number) {
    super(`${job.id} is still ${job.status} after ${timeoutMs} ms.`);
    this.job = job;
  }
}

/** A webhook call whose signature is missing, wrong or too old. Answer it with status 400 and do nothing else. */
export class InvalidSignature extends FramelaneError {}

/** What an answer says about itself. */
export interface ErrorFacts {
  status: number;
  code: string;
  message: string;
  details: Record<string, unknown>;
  requestId: string | null;
  retryAfterS: number | null;
}

/** The platform refused a request. There is a class for every code; an unknown code comes as this one. */
export class ApiError extends FramelaneError {
  /** HTTP status. */
  readonly status: number;
  /** Decide by this. */
  readonly code: string;
  readonly details: Record<string, unknown>;
  /** Tell it to support: it finds the request in the log. */
  readonly requestId: string | null;
  /** Seconds that the platform asked to wait before the next try; null where it did not say. */
  readonly retryAfterS: number | null;

  constructor(facts: ErrorFacts) {
    super(facts.message);
    this.status = facts.status;
    this.code = facts.code;
    this.details = facts.details;
    this.requestId = facts.requestId;
    this.retryAfterS = facts.retryAfterS;
  }
}

/** One field that was refused. `path` is a JSON pointer into the body. */
export interface FieldProblem {
  path: string;
  code: string;
  message: string;
}

/** 422: fields are missing or wrong. */
export class ValidationFailed extends ApiError {
  readonly fields: readonly FieldProblem[];

  constructor(facts: ErrorFacts) {
    super(facts);
    this.fields = fieldsOf(facts.details);
    if (this.fields.length) this.message += ` ${this.fields.map(({ path, message }) => `${path}: ${message}`).join("; ")}`;
  }
}

/** 422: part of the contract, but not supported by this version. */
export class UnsupportedFeature extends ValidationFailed {}
/** 422: files of this type cannot be uploaded. */
export class UnsupportedContentType extends ApiError {}

/** 429, still so after all retries; `retryAfterS` says how long to wait. */
export class RateLimited extends ApiError {}

/** 400: the request cannot be read. */
export class InvalidRequest extends ApiError {}
/** 401: no API key, or one that does not work. */
export class Unauthorized extends ApiError {}
/** 402: the plan's allowance is used up. */
export class QuotaExceeded extends ApiError {}
/** 403: the workspace's e-mail address is not verified yet. */
export class EmailNotVerified extends ApiError {}
/** 403: the plan does not include this resolution or feature. */
export class PlanLimit extends ApiError {}
/** 403: the key may not do this. */
export class Forbidden extends ApiError {}
/** 404: there is no such thing in this workspace. */
export class NotFound extends ApiError {}
/** 405: the address exists, but not with this method. */
export class MethodNotAllowed extends ApiError {}
/** 409: the object's state does not allow this. */
export class Conflict extends ApiError {}
/** 409: the `Idempotency-Key` was used with another body. */
export class IdempotencyConflict extends Conflict {}
/** 409: the job has no output yet. */
export class NotReady extends Conflict {}
/** 410: the output was deleted after its retention, or the upload address has expired. */
export class Gone extends ApiError {}
/** 413: the body is larger than this installation accepts. */
export class PayloadTooLarge extends ApiError {}
/** 415: the body is not `application/json`. */
export class UnsupportedMediaType extends ApiError {}
/** 500: the fault is the platform's; `requestId` finds it in the log. */
export class InternalError extends ApiError {}
/** 501: this installation is not set up for it; its operator can do that. */
export class NotConfigured extends ApiError {}
/** 503: something that the request needs is away for the moment. */
export class Unavailable extends ApiError {}

const CLASSES: Readonly<Record<string, typeof ApiError>> = {
  invalid_request: InvalidRequest,
  unauthorized: Unauthorized,
  quota_exceeded: QuotaExceeded,
  email_not_verified: EmailNotVerified,
  plan_limit: PlanLimit,
  forbidden: Forbidden,
  not_found: NotFound,
  method_not_allowed: MethodNotAllowed,
  conflict: Conflict,
  idempotency_conflict: IdempotencyConflict,
  not_ready: NotReady,
  gone: Gone,
  payload_too_large: PayloadTooLarge,
  unsupported_media_type: UnsupportedMediaType,
  validation_error: ValidationFailed,
  unsupported_feature: UnsupportedFeature,
  unsupported_content_type: UnsupportedContentType,
  rate_limited: RateLimited,
  internal: InternalError,
  not_configured: NotConfigured,
  unavailable: Unavailable,
};

/** The error of an answer, of the class of its code. Any body will do: a proxy may have written it. */
export function apiError(response: Response, text: string): ApiError {
  const { code, message, details } = envelope(text);
  const facts: ErrorFacts = {
    status: response.status,
    code: code ?? "unknown",
    message: message ?? `The server answered ${response.status} without saying why: ${text.slice(0, 200)}`,
    details: details ?? {},
    requestId: response.headers.get("x-request-id"),
    retryAfterS: retryAfterS(response.headers),
  };
  const known = code !== undefined && Object.hasOwn(CLASSES, code) ? CLASSES[code] : undefined;
  return new (known ?? ApiError)(facts);
}

/** Seconds that `Retry-After` asks to wait, be it a number or a date (RFC 9110, section 10.2.3); null without one. */
export function retryAfterS(headers: Headers): number | null {
  const value = headers.get("retry-after")?.trim();
  if (!value) return null;
  if (/^\d+$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1000);
}

function envelope(text: string): { code?: string; message?: string; details?: Record<string, unknown> } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return {};
  }
  const error = isRecord(body) && isRecord(body["error"]) ? body["error"] : {};
  return {
    ...(typeof error["code"] === "string" && { code: error["code"] }),
    ...(typeof error["message"] === "string" && { message: error["message"] }),
    ...(isRecord(error["details"]) && { details: error["details"] }),
  };
}

function fieldsOf(details: Record<string, unknown>): FieldProblem[] {
  const fields: unknown[] = Array.isArray(details["fields"]) ? details["fields"] : [];
  return fields
    .filter(isRecord)
    .map((field) => ({ path: `${field["path"]}`, code: `${field["code"]}`, message: `${field["message"]}` }));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
