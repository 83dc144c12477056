import { webCrypto } from "./crypto.js";
import { InvalidSignature } from "./errors.js";
import type { WebhookEvent } from "./types.js";

/** Headers as `fetch`, Node's `http` and most frameworks have them. Names may be in any case. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** How old a call may be, and how far its sender's clock may be ahead, in seconds; 300 unless given. */
  toleranceS?: number | undefined;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** What signs a call in one of the two ways: the key, what was signed, and the signatures that came. */
interface Claim {
  sentAt: string;
  key: Bytes;
  signed: Bytes;
  signatures: Bytes[];
}

const DEFAULT_TOLERANCE_S = 300;
const SECRET_PREFIX = "whsec_";
/** A secret in use and those replaced within a day: nobody sends more than a few. */
const MAX_SIGNATURES = 32;
const encoder = new TextEncoder();

/**
 * Check that a webhook call comes from the platform, and read it.
 *
 * Takes either of the two signatures that every call carries: `Framelane-Signature`, or the three headers of
 * https://www.standardwebhooks.com. While a secret is being replaced, calls are signed with both.
 *
 * @param body - The body exactly as it came. Parsed and written anew it is not the same.
 * @param secret - `whsec_…`, or several while you move from one webhook to another.
 * @throws InvalidSignature when headers are missing, no signature fits, or the call is too old; RangeError for a secret that
 *   is none.
 */
export async function verifyWebhook(
  body: string | Uint8Array | ArrayBuffer,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { toleranceS = DEFAULT_TOLERANCE_S }: VerifyOptions = {},
): Promise<WebhookEvent> {
  const bytes = bytesOf(body);
  const claims = [secret].flat().flatMap((one) => [ours(one, bytes, headers), standard(one, bytes, headers)]);
  const present = claims.filter((claim) => claim !== null);
  if (!present.length) throw new InvalidSignature("The call carries neither Framelane-Signature nor webhook-signature.");
  const fitting = await Promise.all(present.map(fits));
  const genuine = present.filter((_, index) => fitting[index]);
  if (!genuine.length) throw new InvalidSignature("No signature of the call fits its body and the secret.");
  if (!genuine.some(({ sentAt }) => isRecent(sentAt, toleranceS))) {
    throw new InvalidSignature(`The call was signed more than ${toleranceS} s ago, or in the future.`);
  }
  return eventOf(bytes);
}

/** `Framelane-Signature: t=<unix>,v1=<hex>`: HMAC-SHA256 over `<t>.<body>`, its key the secret as it is shown. */
function ours(secret: string, body: Bytes, headers: WebhookHeaders): Claim | null {
  const parts = header(headers, "framelane-signature")?.split(",").map((part) => part.trim());
  const sentAt = parts?.find((part) => part.startsWith("t="))?.slice(2);
  if (!parts || !sentAt) return null;
  const signatures = parts.filter((part) => part.startsWith("v1=")).map((part) => fromHex(part.slice(3)));
  return { sentAt, key: encoder.encode(secret), signed: joined(`${sentAt}.`, body), signatures };
}

/** The trio of Standard Webhooks: HMAC-SHA256 over `<id>.<timestamp>.<body>`, its key what the secret spells in base64. */
function standard(secret: string, body: Bytes, headers: WebhookHeaders): Claim | null {
  const [id, sentAt, signature] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => header(headers, name));
  const key = keyOf(secret);
  if (!id || !sentAt || !signature) return null;
  const versions = signature.split(" ").filter((part) => part.startsWith("v1,"));
  const signatures = versions.map((part) => fromBase64(part.slice(3)) ?? new Uint8Array(0));
  return { sentAt, key, signed: joined(`${id}.${sentAt}.`, body), signatures };
}

/** Whether any signature fits. WebCrypto compares in constant time, and every signature is looked at. */
async function fits({ key, signed, signatures }: Claim): Promise<boolean> {
  const { subtle } = await webCrypto();
  const hmac = await subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  const some = signatures.slice(0, MAX_SIGNATURES);
  const results = await Promise.all(some.map((signature) => subtle.verify("HMAC", hmac, signature, signed)));
  return results.includes(true);
}

function isRecent(sentAt: string, toleranceS: number): boolean {
  return /^\d{1,12}$/.test(sentAt) && Math.abs(Date.now() / 1000 - Number(sentAt)) <= toleranceS;
}

function eventOf(body: Bytes): WebhookEvent {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as WebhookEvent;
  } catch (cause) {
    throw new InvalidSignature("The call is signed, but its body is not JSON.", { cause });
  }
}

function header(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers.get === "function") return headers.get(name) ?? undefined;
  const record = headers as Readonly<Record<string, string | readonly string[] | undefined>>;
  const found = Object.keys(record).find((key) => key.toLowerCase() === name);
  const value = found === undefined ? undefined : record[found];
  return typeof value === "string" ? value : value?.[0];
}

function keyOf(secret: string): Bytes {
  const key = secret.startsWith(SECRET_PREFIX) ? fromBase64(secret.slice(SECRET_PREFIX.length)) : null;
  if (!key?.length) throw new RangeError("The secret is none of Framelane's: they begin with whsec_ and go on in base64.");
  return key;
}

function bytesOf(body: string | Uint8Array | ArrayBuffer): Bytes {
  return typeof body === "string" ? encoder.encode(body) : new Uint8Array(body);
}

function joined(head: string, tail: Bytes): Bytes {
  const start = encoder.encode(head);
  const whole = new Uint8Array(start.length + tail.length);
  whole.set(start);
  whole.set(tail, start.length);
  return whole;
}

/** Nothing, which fits nothing, for what is no SHA-256 in hex. */
function fromHex(text: string): Bytes {
  if (!/^[0-9a-f]{64}$/i.test(text)) return new Uint8Array(0);
  return Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

function fromBase64(text: string): Bytes | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
