/** The built package works wherever JavaScript does: both kinds of modules, Deno, a browser, an edge runtime. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { EdgeRuntime } from "edge-runtime";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { client, order, PACKAGE, sample, sampleBytes, variable } from "./stand.js";

const run = promisify(execFile);
const CHROMIUM = process.env["CHROMIUM"] || process.env["FRAMELANE_CHROMIUM"] || "/usr/bin/chromium";
/** Of a program that starts and renders, or a page that opens: it only ends what hangs. */
const PATIENCE_MS = 300_000;

/** What every runtime does; `sdk` is the package. It ends with what it has found out. */
const OFFLINE = `
async function offline(sdk) {
  const film = new sdk.Timeline({ width: 64, height: 64 })
    .image("https://a.test/a.png", { duration: 2 }).transition("cube").image("https://a.test/b.png", { duration: 2 }).text("Hi");
  const secret = "whsec_" + btoa("four and twenty bytes of");
  const at = Math.floor(Date.now() / 1000);
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(at + '.{"type":"render.completed"}'));
  const hex = [...new Uint8Array(mac)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const headers = { "Framelane-Signature": "t=" + at + ",v1=" + hex };
  const event = await sdk.verifyWebhook('{"type":"render.completed"}', headers, secret);
  const forged = await sdk.verifyWebhook('{"type":"render.cancelled"}', headers, secret).then(() => "believed", (error) => error.name);
  return {
    lasts: film.build().elements[2].duration,
    right: film.validate().length,
    wrong: sdk.validateScene({ frame_rate: 500 })[0].code,
    event: event.type,
    forged,
  };
}
`;
const OFFLINE_FOUND = { lasts: 3, right: 0, wrong: "less_than_equal", event: "render.completed", forged: "InvalidSignature" };

/** With the platform: a picture goes up as a stream, into a film, and comes down as a stream. */
const ONLINE = `
async function online(sdk, options, picture) {
  const client = new sdk.Framelane(options);
  const stream = new ReadableStream({ start(to) { to.enqueue(picture.slice(0, 9999)); to.enqueue(picture.slice(9999)); to.close(); } });
  const { source_url } = await client.uploads.upload(stream, { filename: "p.jpg", chunkBytes: 262144 });
  const elements = [{ type: "image", id: "p", duration: 1, source_url }];
  const job = await client.renders.createAndWait({ width: 64, height: 64, output_format: "png", elements });
  const file = await new Response(await client.renders.download(job)).arrayBuffer();
  const refused = await client.renders.create({ frame_rate: 500 }).catch((error) => error.name + " " + error.fields[0].path);
  return { status: job.status, whole: file.byteLength === job.output.size_bytes, refused };
}
`;
const ONLINE_FOUND = { status: "completed", whole: true, refused: "ValidationFailed /frame_rate" };

const photo = fileURLToPath(sample("portrait.jpg"));
let folder: string;

before(async () => {
  await order();
  // As `npm install` would put it there; what is packed is checked elsewhere.
  folder = await mkdtemp(join(tmpdir(), "framelane-runtimes-"));
  const installed = join(folder, "node_modules", "@framelane", "sdk");
  await mkdir(installed, { recursive: true });
  for (const part of ["dist", "package.json"]) await cp(new URL(part, PACKAGE), join(installed, part), { recursive: true });
});

after(() => rm(folder, { recursive: true }));

async function said(command: string, ...given: string[]): Promise<unknown> {
  const { stdout } = await run(command, given, { cwd: folder, timeout: PATIENCE_MS });
  return JSON.parse(stdout);
}

const REPORT = `
  const picture = new Uint8Array(await readFile(${JSON.stringify(photo)}));
  console.log(JSON.stringify([await offline(sdk), await online(sdk, {}, picture), typeof files.downloadTo]));
`;

test("Node imports it as an ES module", async () => {
  const head = `import * as sdk from "@framelane/sdk"; import * as files from "@framelane/sdk/node"; import { readFile } from "node:fs/promises";`;
  await writeFile(join(folder, "main.mjs"), head + OFFLINE + ONLINE + REPORT);
  assert.deepEqual(await said(process.execPath, "main.mjs"), [OFFLINE_FOUND, ONLINE_FOUND, "function"]);
});

test("Node requires it as a CommonJS module", async () => {
  const head = `const sdk = require("@framelane/sdk"), files = require("@framelane/sdk/node"), { readFile } = require("node:fs/promises");`;
  await writeFile(join(folder, "main.cjs"), `${head}${OFFLINE}${ONLINE}(async () => {${REPORT}})();`);
  assert.deepEqual(await said(process.execPath, "main.cjs"), [OFFLINE_FOUND, ONLINE_FOUND, "function"]);
});

test("Deno runs it", async () => {
  await writeFile(join(folder, "package.json"), "{}");
  const deno = fileURLToPath(new URL("node_modules/.bin/deno", PACKAGE));
  assert.deepEqual(await said(deno, "run", "--quiet", "--allow-net", "--allow-env", "--allow-read", "main.mjs"), [
    OFFLINE_FOUND,
    ONLINE_FOUND,
    "function",
  ]);
});

test("Deno without leave to read the environment takes what is given", async () => {
  const code = `import { Framelane } from "@framelane/sdk"; console.log(JSON.stringify(typeof new Framelane({ apiKey: "x" }).renders));`;
  await writeFile(join(folder, "closed.mjs"), code);
  const deno = fileURLToPath(new URL("node_modules/.bin/deno", PACKAGE));
  assert.equal(await said(deno, "run", "--quiet", "--no-prompt", "--allow-read", "closed.mjs"), "object");
});

/** The package as a bundler for browsers makes it, as the global `sdk`. */
async function bundle(): Promise<string> {
  const entryPoints = [fileURLToPath(new URL("dist/esm/index.js", PACKAGE))];
  const options = { bundle: true, format: "iife", globalName: "sdk", platform: "browser", target: "es2022" } as const;
  const { outputFiles, warnings } = await build({ entryPoints, ...options, write: false });
  assert.deepEqual(warnings, []);
  return outputFiles[0]!.text;
}

test("an edge runtime runs it", async () => {
  const runtime = new EdgeRuntime();
  runtime.evaluate((await bundle()).replace("var sdk", "globalThis.sdk"));
  runtime.context["picture"] = await sampleBytes("portrait.jpg");
  runtime.context["options"] = { baseUrl: variable("FRAMELANE_BASE_URL"), apiKey: variable("FRAMELANE_API_KEY") };
  const code = `(async () => { ${OFFLINE}${ONLINE} return JSON.stringify([await offline(sdk), await online(sdk, options, picture)]); })()`;
  assert.deepEqual(JSON.parse(await runtime.evaluate<Promise<string>>(code)), [OFFLINE_FOUND, ONLINE_FOUND]);
});

async function inPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"], timeout: PATIENCE_MS });
  try {
    // The platform's own pages let no foreign script in; this one is ours.
    const page = await browser.newPage({ bypassCSP: true });
    page.setDefaultTimeout(PATIENCE_MS);
    return await use(page);
  } finally {
    await browser.close();
  }
}

test("a page of another origin builds, checks and verifies, and reads what a signed address gives", async () => {
  const script = `${await bundle()};${OFFLINE}`;
  const server = createServer((request, response) => {
    const isScript = request.url === "/sdk.js";
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : `<!doctype html><meta charset="utf-8"><script src="/sdk.js"></script>`);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const job = await client().renders.createAndWait({ width: 64, height: 64, output_format: "png", elements: [] });
  const url = await client().renders.locate(job.id);
  const found = await inPage(async (page) => {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const size = page.evaluate(`fetch(${JSON.stringify(url)}).then((it) => it.arrayBuffer()).then((it) => it.byteLength)`);
    return [await page.evaluate("offline(sdk)"), await size];
  });
  server.close();
  assert.deepEqual(found, [OFFLINE_FOUND, job.output!.size_bytes]);
});

test("a page of the platform's own origin does the whole way", async () => {
  const script = `${await bundle()};${OFFLINE}${ONLINE}`;
  const options = { baseUrl: variable("FRAMELANE_BASE_URL"), apiKey: variable("FRAMELANE_API_KEY") };
  const picture = Buffer.from(await sampleBytes("portrait.jpg")).toString("base64");
  const found = await inPage(async (page) => {
    await page.goto(`${options.baseUrl}/v1/system/health`);
    await page.addScriptTag({ content: script });
    const bytes = `Uint8Array.from(atob("${picture}"), (letter) => letter.charCodeAt(0))`;
    return page.evaluate(`online(sdk, ${JSON.stringify(options)}, ${bytes})`);
  });
  assert.deepEqual(found, ONLINE_FOUND);
});
