/** Files go up and come down whole, over connections that break. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { before, test } from "node:test";
import {
  ConnectionFailed,
  FramelaneError,
  Gone,
  NotReady,
  UnsupportedContentType,
  type Asset,
  type Job,
  type TransferProgress,
  type Upload,
} from "@framelane/sdk";
import { downloadTo, uploadFile } from "@framelane/sdk/node";
import { client, header, log, long, order, sample, sampleBytes, still, until } from "./stand.js";

const UNIT = 256 * 1024;
const UPLOADS = "^/uploads/";
const MEDIA = "^/media/";

/** A picture of several chunks: bytes after its end are part of the file, and nobody minds them. */
async function bigPicture(): Promise<Uint8Array<ArrayBuffer>> {
  const photo = await sampleBytes("photo.jpg");
  const whole = new Uint8Array(3 * UNIT + 1000);
  whole.set(photo);
  for (let index = photo.length; index < whole.length; index++) whole[index] = (index * 31) % 251;
  return whole;
}

/** What the platform has made of an upload: all bytes arrived. */
async function arrived(upload: Upload, size: number): Promise<Asset> {
  const asset = await until(async () => {
    for await (const asset of client().assets.list()) if (asset.source_url === upload.source_url) return asset;
    return null;
  }, "the asset");
  const ready = await client().assets.wait(asset.id);
  assert.equal(ready.size_bytes, size);
  return ready;
}

async function sentRanges(): Promise<(string | undefined)[]> {
  return (await log("PUT", /^\/uploads\//)).map((seen) => header(seen, "Content-Range"));
}

function streamOf(bytes: Uint8Array<ArrayBuffer>, pieceBytes: number): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(offset, (offset += pieceBytes)));
    },
  });
}

test("everything that holds bytes can be uploaded, with progress", async () => {
  const bytes = await bigPicture();
  for (const data of [bytes, bytes.buffer, new Blob([bytes]), new File([bytes], "p.jpg", { type: "image/jpeg" }), streamOf(bytes, 70_000)]) {
    await order();
    const seen: TransferProgress[] = [];
    const upload = await client().uploads.upload(data, {
      filename: "p.jpg",
      chunkBytes: 2 * UNIT,
      onProgress: (progress) => seen.push(progress),
    });
    assert.deepEqual(seen.map(({ doneBytes }) => doneBytes), [2 * UNIT, bytes.length]);
    assert.equal(seen.at(-1)!.totalBytes, bytes.length);
    await arrived(upload, bytes.length);
    const size = data instanceof ReadableStream ? "*" : bytes.length;
    assert.deepEqual(await sentRanges(), [
      `bytes 0-${2 * UNIT - 1}/${size}`,
      `bytes ${2 * UNIT}-${bytes.length - 1}/${bytes.length}`,
    ]);
  }
});

test("a stream whose end is the end of a chunk is announced as whole", async () => {
  const bytes = (await bigPicture()).slice(0, 2 * UNIT);
  await order();
  const upload = await client().uploads.upload(streamOf(bytes, UNIT), { filename: "p.jpg", chunkBytes: UNIT });
  await arrived(upload, bytes.length);
  assert.deepEqual(await sentRanges(), [`bytes 0-${UNIT - 1}/*`, `bytes ${UNIT}-${2 * UNIT - 1}/${2 * UNIT}`]);
});

for (const [what, fault] of [
  ["in the middle of a chunk", { action: "cut_request", bytes: 100_000 }],
  ["before the platform has acted", { action: "cut_before" }],
  ["after the platform has acted", { action: "cut_after" }],
  ["with 503", { action: "status", status: 503, headers: { "Retry-After": "0" } }],
] as const) {
  for (const kind of ["bytes", "stream"] as const) {
    test(`an upload of ${kind} that breaks ${what} goes on where it was`, async () => {
      const bytes = await bigPicture();
      await order({ method: "PUT", path: UPLOADS, ...fault });
      const data = kind === "bytes" ? bytes : streamOf(bytes, 100_001);
      const upload = await client().uploads.upload(data, { filename: "p.jpg", chunkBytes: UNIT });
      const ranges = await sentRanges();
      assert.equal(ranges[1], `bytes */${kind === "bytes" ? bytes.length : "*"}`);
      assert.ok(ranges.length >= 5, `${ranges}`);
      const asset = await arrived(upload, bytes.length);
      assert.ok(asset.width && asset.height);
    });
  }
}

test("an upload that is cut after its last byte is complete", async () => {
  const bytes = await sampleBytes("photo.jpg");
  await order({ method: "PUT", path: UPLOADS, action: "cut_after" });
  await arrived(await client().uploads.upload(bytes, { contentType: "image/jpeg" }), bytes.length);
  assert.deepEqual(await sentRanges(), [`bytes 0-${bytes.length - 1}/${bytes.length}`, `bytes */${bytes.length}`]);
});

test("an upload that never gets anywhere fails after the last try", async () => {
  await order({ method: "PUT", path: UPLOADS, action: "cut_before", times: 20 });
  const bytes = await sampleBytes("photo.jpg");
  await assert.rejects(client({ maxRetries: 1 }).uploads.upload(bytes, { filename: "p.jpg" }), ConnectionFailed);
  await order();
});

test("uploads that cannot be are refused", async () => {
  const bytes = new Uint8Array(10);
  await assert.rejects(client().uploads.upload(bytes), FramelaneError);
  await assert.rejects(client().uploads.upload(bytes, { filename: "x.exe" }), /x\.exe/);
  await assert.rejects(client().uploads.upload(bytes, { contentType: "text/html" }), UnsupportedContentType);
  await assert.rejects(client().uploads.upload(bytes, { filename: "x.png", chunkBytes: 1000 }), /262144/);
  await assert.rejects(client().uploads.upload(new Uint8Array(0), { filename: "x.png" }), RangeError);
  await assert.rejects(client().uploads.upload(streamOf(bytes, 5).pipeThrough(emptied()), { filename: "x.png" }), RangeError);
});

function emptied(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({ transform: () => undefined });
}

test("a file is uploaded by its path, and goes on after a cut", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "framelane-")), "big.jpg");
  const bytes = await bigPicture();
  await writeFile(path, bytes);
  await order({ method: "PUT", path: UPLOADS, action: "cut_request", bytes: 300_000 });
  const upload = await uploadFile(client(), path, { chunkBytes: UNIT * 2 });
  const asset = await arrived(upload, bytes.length);
  assert.equal(asset.filename, "big.jpg");
});

let picture: Job;
let film: Uint8Array;

before(async () => {
  await order();
  const { source_url } = await uploadFile(client(), fileURLToPath(sample("photo.jpg")));
  const elements = [{ type: "image" as const, id: "p", duration: 1, source_url }];
  picture = await client().renders.createAndWait({ width: 640, height: 360, output_format: "png", elements });
  film = new Uint8Array(await new Response(await client().renders.download(picture)).arrayBuffer());
  assert.equal(film.length, picture.output?.size_bytes);
  assert.deepEqual([...film.slice(1, 4)], [...new TextEncoder().encode("PNG")]);
});

test("a download that is cut, twice, goes on where it was", async () => {
  await order(
    { method: "GET", path: MEDIA, action: "cut_body", bytes: 5_000 },
    { method: "GET", path: MEDIA, action: "status", status: 503 },
    { method: "GET", path: MEDIA, action: "cut_body", bytes: 70_000 },
  );
  const seen: TransferProgress[] = [];
  const stream = await client().renders.download(picture.id, { onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(new Uint8Array(await new Response(stream).arrayBuffer()), film);
  assert.deepEqual(seen.at(-1), { doneBytes: film.length, totalBytes: film.length });
  const ranges = (await log("GET", /^\/media\//)).map((request) => header(request, "Range"));
  assert.deepEqual(ranges, [undefined, "bytes=5000-", "bytes=5000-", "bytes=75000-"]);
  assert.ok((await log("GET", /^\/media\//)).every((request) => header(request, "Authorization") === undefined));
});

test("an address that stops working during a download is replaced", async () => {
  await order(
    { method: "GET", path: MEDIA, action: "cut_body", bytes: 5_000 },
    { method: "GET", path: MEDIA, action: "status", status: 403 },
  );
  const stream = await client().renders.download(picture);
  assert.deepEqual(new Uint8Array(await new Response(stream).arrayBuffer()), film);
  assert.equal((await log("GET", /^\/v1\/renders\//)).length, 2);
});

test("a file that is another one after a cut is not put together", async () => {
  await order(
    { method: "GET", path: MEDIA, action: "cut_body", bytes: 5_000 },
    { method: "GET", path: MEDIA, action: "status", status: 200, body: "something else" },
  );
  await assert.rejects(new Response(await client().renders.download(picture)).arrayBuffer(), /changed/);
  await order();
});

test("a download to a path grows aside and gets its name at the end", async () => {
  const folder = join(await mkdtemp(join(tmpdir(), "framelane-")), "new");
  const path = join(folder, "film.png");
  await order({ method: "GET", path: MEDIA, action: "cut_body", bytes: 5_000 });
  const during: string[][] = [];
  const names = (): void => void during.push(readdirSync(folder));
  assert.equal(await downloadTo(client(), picture, path, { onProgress: names }), path);
  assert.deepEqual(new Uint8Array(await readFile(path)), film);
  assert.deepEqual(await readdir(folder), ["film.png"]);
  assert.ok(during.some((found) => found.includes("film.png.part")));
  await rm(folder, { recursive: true });
});

test("a download that fails for good leaves no file under the name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "framelane-"));
  await order({ method: "GET", path: MEDIA, action: "cut_body", bytes: 10, times: 1 }, { path: MEDIA, action: "cut_before", times: 9 });
  await assert.rejects(downloadTo(client({ maxRetries: 1 }), picture, join(folder, "film.png")), ConnectionFailed);
  assert.deepEqual(await readdir(folder), ["film.png.part"]);
  await order();
});

test("a reader that stops early lets the connection go", async () => {
  await order();
  const stream = await client().renders.download(picture);
  const reader = stream.getReader();
  assert.ok((await reader.read()).value!.length);
  await reader.cancel();
  assert.equal((await log("GET", /^\/media\//)).length, 1);
});

test("a signal ends a download", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const stream = await client().renders.download(picture, { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(new Response(stream).arrayBuffer());
});

test("what has no file yet, or none any more, says so", async () => {
  const job = await client().renders.create(long("not ready"));
  await assert.rejects(client().renders.download(job), NotReady);
  await client().renders.cancel(job.id);
  const done = await client().renders.createAndWait(still("gone"));
  await order(
    { path: `^/v1/renders/${done.id}$`, action: "status", status: 200, body: { ...done, output: null } },
    { path: `^/v1/renders/${done.id}/download$`, action: "status", status: 410 },
  );
  await assert.rejects(client().renders.download(done), Gone);
  await order();
});
