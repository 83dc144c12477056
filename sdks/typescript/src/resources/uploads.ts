import { FramelaneError } from "../errors.js";
import type { UploadData } from "../media/chunks.js";
import { contentTypeOf } from "../media/types.js";
import { send, type SendOptions } from "../media/upload.js";
import type { RequestOptions, Transport } from "../transport.js";
import type { Upload, UploadRequest } from "../types.js";

export interface UploadOptions extends SendOptions {
  /** The file's own name; that of a `File` unless given. */
  filename?: string | undefined;
  /** MIME type; that of a `Blob`, or by the ending of the name, unless given. */
  contentType?: string | undefined;
}

/** `/v1/uploads`: files of your own. */
export class Uploads {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Ask for a place to send a file to; `upload` does this and the rest. Throws UnsupportedContentType. */
  create(request: UploadRequest, options: RequestOptions = {}): Promise<Upload> {
    return this.#transport.json({ ...options, method: "POST", path: "/v1/uploads", body: request, repeatable: true });
  }

  /**
   * Send a file, in chunks that go on where they broke off. Streams need not know their length.
   *
   * @returns What `create` gave: its `source_url` is for scenes and tasks, at once.
   * @throws FramelaneError when the type is neither given nor to be told by the name; UnsupportedContentType; RangeError for
   *   an empty file; ConnectionFailed, TimedOut once retrying does not help.
   */
  async upload(data: UploadData, options: UploadOptions = {}): Promise<Upload> {
    const filename = options.filename ?? textOf(data, "name");
    const contentType = options.contentType ?? (textOf(data, "type") || contentTypeOf(filename ?? ""));
    if (!contentType) {
      throw new FramelaneError(`No contentType was given, and the filename ${filename ?? "(none)"} does not tell it.`);
    }
    const request = { content_type: contentType, ...(filename && { filename }) };
    const { signal, timeoutMs } = options;
    const upload = await this.create(request, { signal, timeoutMs });
    await send(this.#transport, upload.upload_url, data, options);
    return upload;
  }
}

/** What a `File` or `Blob` says of itself. */
function textOf(data: UploadData, field: "name" | "type"): string | undefined {
  const value = (data as unknown as Record<string, unknown>)[field];
  return typeof value === "string" ? value : undefined;
}
