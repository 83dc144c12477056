import { List, type ListOptions } from "../pages.js";
import type { CreateOptions, RequestOptions, Transport } from "../transport.js";
import type {
  CreatedWebhook,
  DeliveryStatus,
  Webhook,
  WebhookChanges,
  WebhookDelivery,
  WebhookRequest,
  WebhookSecret,
} from "../types.js";

/** How to replace a secret. */
export interface RotateOptions extends RequestOptions {
  /** End the former secrets at once instead of after 24 hours. */
  revokeNow?: boolean | undefined;
}

export interface TestOptions extends RequestOptions {
  /** What to send; `webhook.test` unless given. */
  eventType?: string | undefined;
}

export interface ListDeliveriesOptions extends ListOptions {
  status?: DeliveryStatus | undefined;
}

/** `/v1/webhooks`: where events are sent to. `verifyWebhook` checks what comes. */
export class Webhooks {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The answer shows the `secret` this once. Throws ValidationFailed. */
  create(request: WebhookRequest, options: CreateOptions = {}): Promise<CreatedWebhook> {
    return this.#transport.create("/v1/webhooks", request, options);
  }

  get(id: string, options: RequestOptions = {}): Promise<Webhook> {
    return this.#transport.json({ ...options, method: "GET", path: pathOf(id) });
  }

  /** Webhooks, newest first. */
  list({ limit, ...options }: ListOptions = {}): List<Webhook> {
    return new List(this.#transport, "/v1/webhooks", { limit }, options);
  }

  update(id: string, changes: WebhookChanges, options: RequestOptions = {}): Promise<Webhook> {
    return this.#transport.json({ ...options, method: "PATCH", path: pathOf(id), body: changes });
  }

  delete(id: string, options: RequestOptions = {}): Promise<void> {
    return this.#transport.delete(pathOf(id), options);
  }

  /** A new secret for this webhook; the former one signs beside it for 24 hours. */
  rotateSecret(id: string, options: RotateOptions = {}): Promise<WebhookSecret> {
    return this.#rotate(`${pathOf(id)}/rotate-secret`, options);
  }

  /** A new secret for calls to the `webhook_url` of jobs; the former one signs beside it for 24 hours. */
  rotateSigningSecret(options: RotateOptions = {}): Promise<WebhookSecret> {
    return this.#rotate("/v1/webhooks/signing-secret/rotate", options);
  }

  /** Send a made-up event. It is not sent again on its own when the connection breaks: it may have been sent. */
  test(id: string, { eventType, ...options }: TestOptions = {}): Promise<WebhookDelivery> {
    const body = eventType === undefined ? {} : { event_type: eventType };
    return this.#transport.json({ ...options, method: "POST", path: `${pathOf(id)}/test`, body });
  }

  /** Attempts at deliveries, newest first. */
  deliveries(id: string, { limit, status, ...options }: ListDeliveriesOptions = {}): List<WebhookDelivery> {
    return new List(this.#transport, `${pathOf(id)}/deliveries`, { limit, status }, options);
  }

  /** Send an event again. Like `test`, not repeated on its own. */
  redeliver(id: string, deliveryId: string, options: RequestOptions = {}): Promise<WebhookDelivery> {
    const path = `${pathOf(id)}/deliveries/${encodeURIComponent(deliveryId)}/redeliver`;
    return this.#transport.json({ ...options, method: "POST", path });
  }

  #rotate(path: string, { revokeNow, ...options }: RotateOptions): Promise<WebhookSecret> {
    return this.#transport.json({ ...options, method: "POST", path, body: { revoke_now: revokeNow ?? false } });
  }
}

function pathOf(id: string): string {
  return `/v1/webhooks/${encodeURIComponent(id)}`;
}
