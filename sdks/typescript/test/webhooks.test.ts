/** Webhook calls are believed only when they come from the platform. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { InvalidSignature, verifyWebhook } from "@framelane/sdk";
import { client, order, Receiver, still, until, type Call } from "./stand.js";

const SECRET = `whsec_${Buffer.from("four and twenty bytes of").toString("base64")}`;
const FORMER = `whsec_${Buffer.from("another one, replaced by").toString("base64")}`;
const BODY = JSON.stringify({ id: "evt_1", type: "render.completed", data: { job: { metadata: { note: "grün 🎬" } } } });

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function ours(body = BODY, { secrets = [SECRET], at = now() } = {}): Record<string, string> {
  const signed = secrets.map((secret) => `v1=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`);
  return { "Framelane-Signature": [`t=${at}`, ...signed].join(",") };
}

function standard(body = BODY, { secrets = [SECRET], at = now() } = {}): Record<string, string> {
  const signed = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(6), "base64");
    return `v1,${createHmac("sha256", key).update(`evt_1.${at}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": "evt_1", "webhook-timestamp": `${at}`, "webhook-signature": signed.join(" ") };
}

for (const [scheme, sign] of [
  ["Framelane-Signature", ours],
  ["Standard Webhooks", standard],
] as const) {
  test(`${scheme}: a genuine call is read, however headers and body are held`, async () => {
    const headers = sign();
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]]));
    const bytes = new TextEncoder().encode(BODY);
    for (const held of [headers, new Headers(headers), lists]) {
      for (const body of [BODY, bytes, Buffer.from(BODY), bytes.buffer]) {
        assert.deepEqual(await verifyWebhook(body, held, SECRET), JSON.parse(BODY));
      }
    }
  });

  test(`${scheme}: while a secret is replaced, the old one and the new one both fit`, async () => {
    const headers = sign(BODY, { secrets: [SECRET, FORMER] });
    await verifyWebhook(BODY, headers, SECRET);
    await verifyWebhook(BODY, headers, FORMER);
    await verifyWebhook(BODY, sign(BODY, { secrets: [FORMER] }), [SECRET, FORMER]);
  });

  test(`${scheme}: forged calls are refused`, async (context) => {
    context.mock.timers.enable({ apis: ["Date"], now: Date.now() }); // a second too old must not become right meanwhile
    const refused = async (body: string, headers: Record<string, string>, secret = SECRET): Promise<void> =>
      assert.rejects(verifyWebhook(body, headers, secret), InvalidSignature);
    await refused(BODY.replace("completed", "cancelled"), sign());
    await refused(BODY, sign(), FORMER);
    await refused(BODY, sign(BODY, { at: now() - 301 }));
    await refused(BODY, sign(BODY, { at: now() + 301 }));
    await refused(BODY, sign("not json"));
    await refused("not json", sign("not json"));
    for (const name of Object.keys(sign())) {
      const { [name]: _, ...lacking } = sign();
      await refused(BODY, lacking);
      await refused(BODY, { ...lacking, [name]: "" });
      await refused(BODY, { ...lacking, [name]: "v1=,v1,t=,é" });
    }
    const moved = sign(BODY, { at: now() - 5 });
    const later = Object.fromEntries(Object.entries(moved).map(([name, value]) => [name, value.replace(`${now() - 5}`, `${now()}`)]));
    assert.notDeepEqual(later, moved);
    await refused(BODY, later);
  });

  test(`${scheme}: the tolerance can be changed`, async () => {
    await verifyWebhook(BODY, sign(BODY, { at: now() - 3000 }), SECRET, { toleranceS: 3600 });
    await assert.rejects(verifyWebhook(BODY, sign(BODY, { at: now() - 30 }), SECRET, { toleranceS: 10 }), InvalidSignature);
  });
}

test("one genuine signature is enough, and a stale one beside it does not spoil it", async () => {
  await verifyWebhook(BODY, { ...ours(), ...standard(BODY, { at: 5 }) }, SECRET);
  await assert.rejects(verifyWebhook(BODY, { ...ours(BODY, { at: 6 }), ...standard(BODY, { at: 5 }) }, SECRET), /ago/);
});

test("a secret that is none is named as such", async () => {
  for (const secret of ["", "whsec_", "whsec_*", "fl_live_abc"]) {
    await assert.rejects(verifyWebhook(BODY, ours(), secret), RangeError);
  }
});

function eventOf(call: Call): { type: string; data: { job?: { metadata: Record<string, unknown> } } } {
  return JSON.parse(call.body);
}

test("calls of the platform are genuine, also while their secret is replaced", async () => {
  await order();
  await using receiver = await Receiver.start();
  const hook = await client().webhooks.create({ url: receiver.url, events: ["render.completed"] });
  const job = await client().renders.createAndWait(still("hook"));
  const call = await receiver.first(({ body }) => body.includes(job.id));
  const event = await verifyWebhook(call.body, call.headers, hook.secret!);
  assert.equal(event.type, "render.completed");
  assert.ok("job" in event.data && event.data.job.id === job.id);
  await assert.rejects(verifyWebhook(`${call.body} `, call.headers, hook.secret!), InvalidSignature);

  const { secret, previous_valid_until: until_ } = await client().webhooks.rotateSecret(hook.id);
  assert.ok(until_);
  await client().webhooks.test(hook.id);
  const test = await receiver.first((one) => eventOf(one).type === "webhook.test");
  for (const one of [secret, hook.secret!]) assert.equal((await verifyWebhook(test.body, test.headers, one)).type, "webhook.test");

  const deliveries = await until(async () => {
    const found = await client().webhooks.deliveries(hook.id, { status: "succeeded" }).toArray();
    return found.length >= 2 ? found : null;
  }, "the deliveries");
  const before = receiver.calls.length;
  await client().webhooks.redeliver(hook.id, deliveries[0]!.delivery_id);
  await until(async () => (receiver.calls.length > before ? true : null), "the delivery");
  await client().webhooks.delete(hook.id);
});

test("a job's own address is called with the workspace's own secret", async () => {
  await using receiver = await Receiver.start();
  const { secret } = await client().webhooks.rotateSigningSecret({ revokeNow: true });
  await client().renders.create({ ...still("own"), webhook_url: receiver.url });
  const call = await receiver.first((one) => eventOf(one).type === "render.completed");
  await verifyWebhook(call.body, call.headers, secret);
});
