import { pause } from "../deadline.js";
import { MediaFailed } from "../errors.js";
import { List, type ListOptions } from "../pages.js";
import type { CreateOptions, RequestOptions, Transport } from "../transport.js";
import type { Asset, AssetKind, AssetStatus, Import, ImportRequest } from "../types.js";
import { follow, type WaitOptions } from "../waiting.js";

const POLL_MS = 1_000;

/** `/v1/imports`: files from addresses on the web, Dropbox and Google Drive. */
export class Imports {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Begin to fetch a file; its `source_url` is for scenes and tasks, at once. Throws ValidationFailed. */
  create(request: ImportRequest, options: CreateOptions = {}): Promise<Import> {
    return this.#transport.create("/v1/imports", request, options);
  }

  get(id: string, options: RequestOptions = {}): Promise<Import> {
    return this.#transport.json({ ...options, method: "GET", path: `/v1/imports/${encodeURIComponent(id)}` });
  }

  /** Imports, newest first. */
  list({ limit, ...options }: ListOptions = {}): List<Import> {
    return new List(this.#transport, "/v1/imports", { limit }, options);
  }

  /** Wait until the file is there. Throws MediaFailed, WaitTimedOut. */
  wait(id: string, options: WaitOptions<Import> = {}): Promise<Import> {
    return untilReady((request) => this.get(id, request), options);
  }
}

export interface ListAssetsOptions extends ListOptions {
  kind?: AssetKind | undefined;
  status?: AssetStatus | undefined;
}

/** `/v1/workspace/assets`: the media files of the workspace. */
export class Assets {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(id: string, options: RequestOptions = {}): Promise<Asset> {
    return this.#transport.json({ ...options, method: "GET", path: pathOf(id) });
  }

  /** Assets, newest first. */
  list({ limit, kind, status, ...options }: ListAssetsOptions = {}): List<Asset> {
    return new List(this.#transport, "/v1/workspace/assets", { limit, kind, status }, options);
  }

  /** Delete a file. Throws Conflict while a job uses it. */
  delete(id: string, options: RequestOptions = {}): Promise<void> {
    return this.#transport.delete(pathOf(id), options);
  }

  /** Wait until the file has been examined. Throws MediaFailed, WaitTimedOut. */
  wait(id: string, options: WaitOptions<Asset> = {}): Promise<Asset> {
    return untilReady((request) => this.get(id, request), options);
  }
}

function pathOf(id: string): string {
  return `/v1/workspace/assets/${encodeURIComponent(id)}`;
}

async function untilReady<T extends Import | Asset>(
  get: (options: RequestOptions) => Promise<T>,
  options: WaitOptions<T>,
): Promise<T> {
  let isFirst = true;
  const ask = async (remainingMs: number): Promise<T> => {
    if (!isFirst) await pause(Math.min(POLL_MS, remainingMs), options.signal);
    isFirst = false;
    return get({ signal: options.signal });
  };
  const media = await follow(ask, ({ status }) => status === "ready" || status === "failed", options);
  if (media.status === "failed") throw new MediaFailed(media);
  return media;
}
