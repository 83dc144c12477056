/** Requests are sent again where that is safe, and never do anything twice. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { ConnectionFailed, Framelane, IdempotencyConflict, RateLimited, TimedOut, Unavailable } from "@framelane/sdk";
import { client, faultsMet, header, log, order, Receiver, still, type Fault } from "./stand.js";

const CREATE = { method: "POST", path: "^/v1/renders$" };
const WORKSPACE = /^\/v1\/workspace$/;

/** Submit a film under faults; what the proxy saw, and how many jobs there are. */
async function submitted(...faults: Fault[]): Promise<{ keys: (string | undefined)[]; jobs: number }> {
  const mark = randomUUID();
  await order(...faults);
  const job = await client().renders.create(still(mark));
  const posts = await log("POST", /^\/v1\/renders$/);
  await order();
  let jobs = 0;
  for await (const { metadata } of client().renders.list()) jobs += Number(metadata["mark"] === mark);
  assert.equal(job.metadata["mark"], mark);
  return { keys: posts.map((seen) => header(seen, "Idempotency-Key")), jobs };
}

for (const [what, fault] of [
  ["503", { ...CREATE, action: "status", status: 503, headers: { "Retry-After": "0" } }],
  ["429", { ...CREATE, action: "status", status: 429, headers: { "Retry-After": "0" } }],
  ["a page of a proxy instead of an answer", { ...CREATE, action: "status", status: 502, body: "<h1>Bad gateway</h1>" }],
  ["a connection that breaks before the platform has acted", { ...CREATE, action: "cut_before" }],
  ["a connection that breaks after the platform has acted", { ...CREATE, action: "cut_after" }],
  ["an answer that breaks off", { ...CREATE, action: "cut_body", bytes: 20 }],
] as const) {
  test(`${what}: one more try with the same key, and one job`, async () => {
    const { keys, jobs } = await submitted(fault);
    assert.equal(keys.length, 2);
    assert.equal(new Set(keys).size, 1);
    assert.match(keys[0]!, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(jobs, 1);
  });
}

test("a key of one's own is sent, makes one job, and is refused for another film", async () => {
  const idempotencyKey = randomUUID();
  await order();
  const first = await client().renders.create(still("a"), { idempotencyKey });
  const again = await client().renders.create(still("a"), { idempotencyKey });
  assert.equal(again.id, first.id);
  assert.ok((await log("POST")).every((seen) => header(seen, "Idempotency-Key") === idempotencyKey));
  await assert.rejects(client().renders.create(still("b"), { idempotencyKey }), IdempotencyConflict);
});

test("other refusals are not tried again", async () => {
  await order();
  await assert.rejects(client().renders.create({ frame_rate: 500 }));
  assert.equal((await log("POST")).length, 1);
});

test("after the last try the error of its class comes, with what the platform said", async () => {
  const fault = { path: "^/v1/workspace$", action: "status", times: 2, headers: { "Retry-After": "0" } } as const;
  await order({ ...fault, status: 503 });
  await assert.rejects(client({ maxRetries: 1 }).workspace.get(), (error) => error instanceof Unavailable && error.status === 503);
  assert.equal((await log("GET", WORKSPACE)).length, 2);
  await order({ ...fault, status: 429 });
  await assert.rejects(client({ maxRetries: 0 }).workspace.get(), (error) => error instanceof RateLimited && error.retryAfterS === 0);
  await order({ path: "^/v1/workspace$", action: "cut_before", times: 2 });
  await assert.rejects(client({ maxRetries: 1 }).workspace.get(), ConnectionFailed);
  await order();
});

test("Retry-After is waited for, but not for longer than a minute", async (context) => {
  const fault = { path: "^/v1/workspace$", action: "status", status: 429 } as const;
  const wanted = ["7", "86400"];
  await order(...wanted.map((seconds) => ({ ...fault, headers: { "Retry-After": seconds } })));
  const waits: number[] = [];
  const real = globalThis.setTimeout;
  const hurried = (run: (...given: unknown[]) => void, ms?: number, ...given: unknown[]): unknown => {
    const isOurs = ms === 7_000 || (ms !== undefined && ms >= 60_000);
    if (isOurs) waits.push(ms);
    return real(run, isOurs ? 0 : ms, ...given);
  };
  context.mock.method(globalThis, "setTimeout", hurried);
  await client().workspace.get();
  context.mock.restoreAll();
  assert.deepEqual(waits, [7_000, 60_000]);
});

test("what may not happen twice is not sent again once it may have arrived", async () => {
  await using receiver = await Receiver.start();
  const { id } = await client().webhooks.create({ url: receiver.url });
  const path = `^/v1/webhooks/${id}/test$`;
  await order({ path, action: "cut_before" });
  await assert.rejects(client().webhooks.test(id), ConnectionFailed);
  await order({ path, action: "status", status: 503 });
  await assert.rejects(client().webhooks.test(id), Unavailable);
  assert.equal((await log("POST")).length, 1);
  await order({ path, action: "status", status: 429, headers: { "Retry-After": "0" } });
  await client().webhooks.test(id);
  assert.equal((await log("POST")).length, 2);
  await client().webhooks.delete(id);
});

/** An address on loopback that nobody listens at: no program is given this port by chance. */
const NOBODY = "http://127.0.0.1:2";

test("what has certainly not arrived is sent again", async () => {
  let tries = 0;
  const nobody = new Framelane({
    baseUrl: NOBODY,
    apiKey: "fl_live_none",
    maxRetries: 2,
    fetch: (...request) => {
      tries += 1;
      return fetch(...request);
    },
  });
  await assert.rejects(nobody.signup.resend({ email: "a@example.com" }), ConnectionFailed);
  assert.equal(tries, 3);
});

test("deleting something whose first answer was lost succeeds", async () => {
  const { id } = await client().apiKeys.create({ name: "short-lived" });
  await order({ method: "DELETE", path: `^/v1/api-keys/${id}$`, action: "cut_after" });
  await client().apiKeys.revoke(id);
  assert.equal((await log("DELETE")).length, 2);
});

test("a slow answer is a TimedOut, and is not tried again", async () => {
  await order({ path: "^/v1/workspace$", action: "delay", seconds: 60 });
  await assert.rejects(client({ timeoutMs: 2_000 }).workspace.get(), (error) => error instanceof TimedOut && error.timeoutMs === 2_000);
  assert.equal((await log("GET", WORKSPACE)).length, 1);
  await order();
});

test("a signal ends a call with its own reason, also between two tries", async () => {
  const reason = new Error("enough");
  await order({ path: "^/v1/workspace$", action: "delay", seconds: 60 });
  const controller = new AbortController();
  const call = assert.rejects(client().workspace.get({ signal: controller.signal }), (error) => error === reason);
  await faultsMet();
  controller.abort(reason);
  await call;
  await assert.rejects(client().workspace.get({ signal: AbortSignal.abort(reason) }), (error) => error === reason);

  const between = new AbortController();
  await order({ path: "^/v1/workspace$", action: "status", status: 429, headers: { "Retry-After": "60" } });
  const waiting = assert.rejects(client().workspace.get({ signal: between.signal }), (error) => error === reason);
  await faultsMet();
  setTimeout(() => between.abort(reason), 500);
  await waiting;
  await order();
});
