/** Every resource does on the platform what its name says. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  ApiError,
  Conflict,
  EmailNotVerified,
  Framelane,
  FramelaneError,
  JobCancelled,
  JobFailed,
  MediaFailed,
  NotConfigured,
  NotFound,
  Unauthorized,
  UnsupportedFeature,
  ValidationFailed,
  VERSION,
} from "@framelane/sdk";
import { client, header, log, order, PACKAGE, Receiver, sampleBytes, still, until, variable } from "./stand.js";

test("lists fetch their pages as they are walked through", async () => {
  await order();
  const made = [];
  for (let n = 0; n < 3; n++) made.push((await client().renders.create(still("page"))).id);
  const walked = [];
  for await (const job of client().renders.list({ limit: 2 })) {
    walked.push(job.id);
    if (walked.length === 3) break;
  }
  assert.deepEqual(walked, made.reverse());
  const gets = await log("GET", /^\/v1\/renders$/);
  assert.equal(gets.length, 2);
  assert.ok(gets.every(({ query }) => query.includes("limit=2")));
  assert.match(gets[1]!.query, /cursor=/);
  const first = await client().renders.list({ limit: 2 }).pages().next();
  assert.equal(first.value!.data.length, 2);
  assert.equal(first.value!.has_more, true);
  assert.equal((await client().renders.list({ limit: 1 }).toArray(2)).length, 2);
  for (const id of made) await client().renders.wait(id);
  const done = await client().renders.list({ status: "completed" }).toArray(3);
  assert.ok(done.every(({ status }) => status === "completed"));
});

test("tasks of every kind are made, listed and cancelled", async () => {
  const photo = await client().uploads.upload(await sampleBytes("portrait.jpg"), { filename: "portrait.jpg" });
  const { source_url } = photo;
  const { tasks } = client();
  const larger = await tasks.createAndWait("super-resolution", { source_url, scale: 1 });
  assert.equal(larger.task_type, "super_resolution");
  assert.equal((await client().tasks.download(larger)) instanceof ReadableStream, true);
  const others = [
    await tasks.superResolution({ source_url, scale: 4 }),
    await tasks.removeBackground({ source_url }),
    await tasks.gazeRedirect({ source_url, intensity: 0.5 }),
    await tasks.transcribe({ source_url, language: "en" }),
  ];
  assert.deepEqual(others.map(({ task_type }) => task_type), ["super_resolution", "remove_background", "gaze_redirect", "transcribe"]);
  const [gaze] = await tasks.list({ type: "gaze_redirect" }).toArray(1);
  assert.equal(gaze!.id, others[2]!.id);
  for (const { id } of others) {
    // One that runs already ends a moment later, or has ended.
    await tasks.cancel(id).catch((error: unknown) => assert.ok(error instanceof Conflict));
    await tasks.wait(id).catch((error: unknown) => assert.ok(error instanceof JobCancelled || error instanceof JobFailed));
  }
});

test("imports become assets; assets are read, listed and deleted", async () => {
  const source = `${variable("FRAMELANE_BASE_URL")}/docs/samples/logo.png`;
  const started = await client().imports.create({ url: source, filename: "brand.png" });
  const imported = await client().imports.wait(started.id, { timeoutMs: 300_000 });
  assert.equal(imported.status, "ready");
  assert.equal((await client().imports.list().toArray(1))[0]!.id, started.id);
  const asset = await client().assets.get(imported.asset_id!);
  assert.deepEqual([asset.kind, asset.status], ["image", "ready"]);
  assert.ok((await client().assets.list({ kind: "image", status: "ready" }).toArray()).some(({ id }) => id === asset.id));
  await client().assets.delete(asset.id);
  await assert.rejects(client().assets.get(asset.id), NotFound);

  const nothing = await client().imports.create({ url: `${variable("FRAMELANE_BASE_URL")}/nothing.png` });
  await assert.rejects(client().imports.wait(nothing.id), (error) => error instanceof MediaFailed && error.media.id === nothing.id);
});

test("webhooks are made, read, changed, listed and deleted", async () => {
  await using receiver = await Receiver.start();
  const { webhooks } = client();
  const made = await webhooks.create({ url: receiver.url, events: ["task.*"] });
  assert.match(made.secret!, /^whsec_/);
  assert.deepEqual((await webhooks.get(made.id)).events, ["task.*"]);
  assert.equal((await webhooks.update(made.id, { enabled: false })).enabled, false);
  assert.ok((await webhooks.list().toArray()).some(({ id }) => id === made.id));
  await webhooks.delete(made.id);
  await assert.rejects(webhooks.get(made.id), NotFound);
});

test("keys are made, used, rotated, listed and revoked", async () => {
  const { apiKeys } = client();
  const made = await apiKeys.create({ name: "suite", scopes: ["workspace:read", "workspace:write"] });
  const limited = client({ apiKey: made.key });
  assert.match((await limited.workspace.get()).id, /^ws_/);
  await assert.rejects(limited.renders.create(still("no")), (error) => error instanceof ApiError && error.status === 403);
  const next = await apiKeys.rotate(made.id, { overlap_s: 0 });
  await assert.rejects(limited.workspace.get(), Unauthorized);
  assert.ok((await apiKeys.list({ limit: 50 }).toArray()).some(({ id }) => id === next.id));
  await apiKeys.revoke(next.id);
  await assert.rejects(client({ apiKey: next.key }).workspace.get(), Unauthorized);
});

test("the workspace and its usage are read and changed", async () => {
  const name = `Suite ${randomUUID().slice(0, 8)}`;
  const before = await client().workspace.get();
  assert.equal((await client().workspace.update({ name })).name, name);
  assert.equal((await client().workspace.get()).name, name);
  await client().workspace.update({ name: before.name }); // other suites look for it
  const usage = await client().workspace.usage({ period: "7d" });
  assert.ok(usage.renders_count >= 0 && usage.render_minutes_limit! > 0);
  await assert.rejects(client().workspace.delete("ws_of_somebody_else"), ValidationFailed);
});

test("plans need no key; what is not configured says so", async () => {
  const anonymous = new Framelane({ baseUrl: variable("FRAMELANE_BASE_URL"), apiKey: null });
  assert.deepEqual((await client({ apiKey: "" }).billing.plans()).map(({ id }) => id), ["free", "pro", "enterprise"]);
  assert.ok(anonymous);
  assert.equal((await client().billing.subscription()).plan, "pro");
  await assert.rejects(client().billing.checkout({ plan: "pro" }), (error) => error instanceof NotConfigured || error instanceof Conflict);
  await assert.rejects(client().billing.portal(), (error) => error instanceof NotConfigured || error instanceof Conflict);
});

test("somebody signs up with the code from the mail", async () => {
  const email = `${randomUUID()}@example.com`;
  const { signup } = client({ apiKey: "" });
  const { workspace, api_key: key } = await signup.create({ workspace_name: "New", email });
  const newcomer = client({ apiKey: key.key });
  await assert.rejects(newcomer.renders.create(still("early")), EmailNotVerified);
  const code = await until(() => codeFor(email), "the mail");
  await assert.rejects(signup.verify({ email, otp_code: code === "000000" ? "000001" : "000000" }), ApiError);
  assert.equal((await signup.verify({ email, otp_code: code })).workspace.id, workspace.id);
  const { id } = await newcomer.renders.create(still("on time"));
  assert.equal((await newcomer.renders.wait(id)).status, "completed");
  assert.equal((await signup.resend({ email: `${randomUUID()}@example.com` })).verification, "pending");
  assert.equal((await newcomer.workspace.delete(workspace.id)).workspace_id, workspace.id);
});

async function codeFor(email: string): Promise<string | null> {
  const folder = join(variable("FRAMELANE_HOME"), "mail");
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), "utf8");
    const code = text.includes(email) ? /^\s*(\d{6})\s*$/m.exec(text)?.[1] : undefined;
    if (code) return code;
  }
  return null;
}

test("refusals name the fields, and the request", async () => {
  const film = { frame_rate: 500, elements: [{ type: "text" as const, text: "x", duration: 1, opacity: 200 }] };
  await assert.rejects(client().renders.create(film), (error) => {
    assert.ok(error instanceof ValidationFailed);
    assert.deepEqual(error.fields.map(({ path }) => path).sort(), ["/elements/0/opacity", "/frame_rate"]);
    assert.match(error.message, /240/);
    assert.match(error.requestId!, /^req_/);
    assert.deepEqual([error.status, error.code, error.name], [422, "validation_error", "ValidationFailed"]);
    return true;
  });
  const letters = { type: "fade" as const, time: 0, duration: 1, loop: true };
  const moving = { elements: [{ type: "text" as const, text: "x", duration: 1, motion: [letters] }] };
  await assert.rejects(client().renders.validate(moving), UnsupportedFeature);
  await assert.rejects(client({ apiKey: "fl_live_wrong" }).workspace.get(), Unauthorized);
});

test("an error that this version does not know is still one of the API's", async () => {
  const path = "^/v1/workspace$";
  await order({ path, action: "status", status: 418, body: { error: { code: "teapot", message: "Short and stout.", details: {} } } });
  await assert.rejects(client().workspace.get(), (error) => error instanceof ApiError && error.constructor === ApiError && error.code === "teapot");
  await order({ path, action: "status", status: 404, body: "<h1>Nothing</h1>" });
  await assert.rejects(client().workspace.get(), (error) => error instanceof ApiError && error.code === "unknown" && error.status === 404);
  await order({ path, action: "status", status: 200, body: "<h1>Welcome to the hotel</h1>" });
  await assert.rejects(client().workspace.get(), (error) => error instanceof FramelaneError && /not JSON/.test(error.message));
  await order();
});

test("answers may hold more than this version knows", async () => {
  const job = await client().renders.create(still("future"));
  await order({ path: `^/v1/renders/${job.id}$`, action: "status", status: 200, body: { ...job, status: "paused", colour: 1 } });
  assert.equal((await client().renders.get(job.id)).status as string, "paused");
});

test("the client says who it is, and what cannot be a client is refused", async () => {
  await order();
  await client().workspace.get();
  assert.equal(header((await log("GET", /^\/v1\/workspace$/))[0], "User-Agent"), `framelane-typescript/${VERSION}`);
  assert.equal(JSON.parse(await readFile(new URL("package.json", PACKAGE), "utf8")).version, VERSION);
  for (const baseUrl of ["localhost:8000", "ftp://a.test", "nonsense"]) assert.throws(() => new Framelane({ baseUrl }), /baseUrl/);
  assert.throws(() => new Framelane({ timeoutMs: 0 }), RangeError);
  assert.throws(() => new Framelane({ maxRetries: -1 }), RangeError);
  assert.equal((await client({ baseUrl: `${variable("FRAMELANE_BASE_URL")}/` }).workspace.get()).id.slice(0, 3), "ws_");
});
