/** The platform that the suite runs against, and the proxy before it: `python -m tests.sdks.stand` says where they are. */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Framelane, type FramelaneOptions, type RenderRequest } from "@framelane/sdk";

export const ROOT = new URL("../../../../", import.meta.url);
export const PACKAGE = new URL("sdks/typescript/", ROOT);

export interface Fault {
  method?: string;
  path: string;
  action: "status" | "cut_before" | "cut_after" | "cut_body" | "cut_request" | "delay";
  times?: number;
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  bytes?: number;
  seconds?: number;
}

export interface Seen {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  status: number | null;
  forwarded: boolean;
}

/** A variable of the stand. The suite fails without it. */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start python -m tests.sdks.stand and pass on what it prints.`);
  return value;
}

export function client(options: FramelaneOptions = {}): Framelane {
  variable("FRAMELANE_BASE_URL");
  return new Framelane({ apiKey: variable("FRAMELANE_API_KEY"), timeoutMs: 45_000, ...options });
}

/** Order faults for the next requests, and begin a new log. */
export async function order(...faults: Fault[]): Promise<void> {
  await control("DELETE", "/faults");
  await control("DELETE", "/log");
  await control("POST", "/faults", faults);
}

/** Wait until every fault has met its request: one that is given up on its way would take what the next test orders. */
export async function faultsMet(): Promise<void> {
  await until(async () => (((await control("GET", "/faults")) as Fault[]).length ? null : true), "the requests");
}

/** The requests since the last order. */
export async function log(method?: string, path?: RegExp): Promise<Seen[]> {
  const all = (await control("GET", "/log")) as Seen[];
  return all.filter((seen) => (!method || seen.method === method) && (!path || path.test(seen.path)));
}

async function control(method: string, path: string, body?: unknown): Promise<unknown> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(variable("FRAMELANE_FAULTS_URL") + path, init);
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return response.json();
}

export function header(seen: Seen | undefined, name: string): string | undefined {
  return Object.entries(seen?.headers ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** A sample file of the documentation. */
export function sample(name: string): URL {
  return new URL(`docs/samples/${name}`, ROOT);
}

export async function sampleBytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(sample(name)));
}

/** The smallest of all films: one picture. `mark` tells it from others. */
export function still(mark: string): RenderRequest {
  const text = { type: "text" as const, text: "Hi", duration: 1 };
  return { width: 64, height: 64, output_format: "png", elements: [text], metadata: { mark } };
}

/** A film that takes long enough to be stopped. */
export function long(mark: string): RenderRequest {
  const effects = ["vhs", "film_burn", "light_leaks", "glow"].map((type) => ({ type }) as { type: "glow" });
  const picture = { type: "image" as const, id: "p", duration: 600, effects };
  const source_url = new URL("docs/samples/photo.jpg", `${variable("FRAMELANE_BASE_URL")}/`).href;
  return { width: 1920, height: 1080, elements: [{ ...picture, source_url }], metadata: { mark } };
}

export interface Call {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver of webhooks on loopback. */
export class Receiver implements AsyncDisposable {
  readonly calls: Call[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on("request", (request, response) => {
      let body = "";
      request.setEncoding("utf8");
      request.on("data", (text: string) => (body += text));
      request.on("end", () => {
        receiver.calls.push({ headers: request.headers, body });
        response.writeHead(204).end();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** The first call that `matches`; it may take a while. */
  async first(matches: (call: Call) => boolean): Promise<Call> {
    return until(async () => this.calls.find(matches) ?? null, "a call of the webhook");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

const PATIENCE_MS = 300_000;

/** Ask until there is an answer. */
export async function until<T>(ask: () => Promise<T | null>, what: string): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    const found = await ask();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${what} did not come`);
}
