/** Waiting ends with the job, with the time, or with a signal. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Conflict, JobCancelled, JobFailed, NotFound, WaitTimedOut, type Job } from "@framelane/sdk";
import { client, log, long, order, still, variable } from "./stand.js";

test("a wait that is over says what the job was doing, and the job goes on", async () => {
  await order();
  const job = await client().renders.create(long("slow"));
  await assert.rejects(client().renders.wait(job.id, { timeoutMs: 1500 }), (error) => {
    assert.ok(error instanceof WaitTimedOut);
    assert.equal(error.job.id, job.id);
    return true;
  });
  assert.notEqual((await client().renders.get(job.id)).status, "cancelled");
  assert.ok((await log("GET", /^\/v1\/renders\//)).some(({ query }) => /wait=1(\.|$)/.test(query)));
  await client().renders.cancel(job.id);
});

test("a signal ends waiting with its own reason, and the job goes on", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const job = await client().renders.create(long("slow"));
  const states: Job[] = [];
  const onProgress = (state: Job): void => {
    states.push(state);
    controller.abort(reason);
  };
  await assert.rejects(client().renders.wait(job.id, { onProgress, signal: controller.signal }), (error) => error === reason);
  assert.equal(states.length, 1);
  await client().renders.cancel(job.id);
  await assert.rejects(client().renders.wait(job.id), JobCancelled);
});

test("createAndWait takes the signal before it creates anything", async () => {
  await order();
  const reason = new Error("too late");
  const call = client().renders.createAndWait(still("never"), { signal: AbortSignal.abort(reason) });
  await assert.rejects(call, (error) => error === reason);
  assert.equal((await log("POST")).length, 0);
});

test("a job that somebody cancels ends the waiting", async () => {
  const job = await client().renders.create(long("cancelled"));
  const waiting = assert.rejects(client().renders.wait(job.id), (error) => error instanceof JobCancelled && error.job.id === job.id);
  await client().renders.cancel(job.id);
  await waiting;
});

test("what has ended cannot be cancelled", async () => {
  const { id } = await client().renders.createAndWait(still("done"));
  await assert.rejects(client().renders.cancel(id), Conflict);
});

test("cancelling works though the first answer is lost", async () => {
  const job = await client().renders.create(long("cancelled"));
  await order({ method: "DELETE", path: "^/v1/renders/", action: "cut_after" });
  await client().renders.cancel(job.id);
  assert.equal((await log("DELETE", new RegExp(job.id))).length, 2);
  await assert.rejects(client().renders.wait(job.id), JobCancelled);
});

test("a job that fails says why", async () => {
  const elements = [{ type: "image" as const, id: "a", duration: 1, source_url: `${variable("FRAMELANE_BASE_URL")}/nothing.png` }];
  await assert.rejects(client().renders.createAndWait({ elements }), (error) => {
    assert.ok(error instanceof JobFailed);
    assert.equal(error.job.status, "failed");
    assert.match(error.message, new RegExp(error.job.error!.code));
    return true;
  });
});

test("waiting goes on over broken connections", async () => {
  const job = await client().renders.create(still("cut"));
  await order({ method: "GET", path: "^/v1/renders/", action: "cut_after" }, { method: "GET", path: "^/v1/renders/", action: "status", status: 502 });
  assert.equal((await client().renders.wait(job.id)).status, "completed");
});

test("what is not there cannot be waited for", async () => {
  await assert.rejects(client().renders.wait("render_01J8QR2K5VKDGN2T4FBM3CZYX7"), NotFound);
  await assert.rejects(client().renders.get("../workspace"), NotFound);
});
