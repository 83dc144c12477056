/** Files by their paths, for Node, Deno and Bun. */
import { mkdir, open, rename, type FileHandle } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Framelane } from "../client.js";
import type { Sliceable } from "../media/chunks.js";
import type { Bytes, DownloadOptions } from "../media/download.js";
import type { UploadOptions } from "../resources/uploads.js";
import type { Job, Upload } from "../types.js";

/**
 * Upload the file at `path`, as `client.uploads.upload` does; it is read a chunk at a time.
 *
 * @throws As `upload`, and what the file system throws.
 */
export async function uploadFile(client: Framelane, path: string, options: UploadOptions = {}): Promise<Upload> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await client.uploads.upload(sliceable(file, size), { filename: basename(path), ...options });
  } finally {
    await file.close();
  }
}

/**
 * Write a job's file to `path` and resolve with it. It grows as `path.part`, goes on after a broken connection, and gets its
 * name when it is whole. The folder is made where there is none.
 *
 * @throws As `download`, and what the file system throws.
 */
export async function downloadTo(
  client: Framelane,
  job: Job | string,
  path: string,
  options: DownloadOptions = {},
): Promise<string> {
  const id = typeof job === "string" ? job : job.id;
  const jobs = id.startsWith("task_") ? client.tasks : client.renders;
  const stream = await jobs.download(job, options);
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  await write(stream, part);
  await rename(part, path);
  return path;
}

function sliceable(file: FileHandle, size: number): Sliceable {
  return { size, slice: (start, end) => ({ arrayBuffer: () => read(file, start, end) }) };
}

async function read(file: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    if (!bytesRead) throw new Error("The file has become shorter during its upload.");
    done += bytesRead;
  }
  return bytes.buffer;
}

async function write(stream: ReadableStream<Bytes>, path: string): Promise<void> {
  const file = await open(path, "w");
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) await file.writeFile(next.value);
  } catch (error) {
    await reader.cancel(error).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}
