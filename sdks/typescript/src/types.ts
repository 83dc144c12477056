import type { components } from "./generated/openapi.js";

/** Every component of the OpenAPI document by its name. Fields of bodies are in snake_case, as the API writes them. */
export type Schemas = components["schemas"];

/** An answer has all its fields: the platform writes defaults and nulls out. */
type Answer<T> = T extends (infer Item)[]
  ? Answer<Item>[]
  : T extends object
    ? { [Field in keyof T]-?: Answer<Exclude<T[Field], undefined>> }
    : T;

/** A whole film: the canvas, its elements and the transitions between them. */
export type RenderRequest = Schemas["RenderRequest"];
export type VideoElement = Schemas["VideoElement"];
export type AudioElement = Schemas["AudioElement"];
export type ImageElement = Schemas["ImageElement"];
export type TextElement = Schemas["TextElement"];
export type Element = NonNullable<RenderRequest["elements"]>[number];
export type Transition = Schemas["Transition"];
export type TransitionType = Schemas["TransitionType"];
export type Motion = Schemas["Motion"];
export type Effect = Schemas["Effect"];
/** A spoken word; `start` and `end` in seconds of the film. */
export type Word = Schemas["Word"];
export type WordAnimationStyle = Schemas["WordAnimationStyle"];

/** A render or a task. */
export type Job = Answer<Schemas["JobOut"]>;
/** What there is to say about a request that would be accepted: `details.warnings`. */
export type Validation = Answer<Schemas["RenderValidation"]>;
export type JobStatus = Schemas["JobStatus"];
export type TaskType = Schemas["TaskType"];
export type SuperResolutionBody = Schemas["SuperResolutionBody"];
export type RemoveBackgroundBody = Schemas["RemoveBackgroundBody"];
export type GazeRedirectBody = Schemas["GazeRedirectBody"];
export type TranscribeBody = Schemas["TranscribeBody"];

export type UploadRequest = Schemas["UploadRequest"];
/** Where to send a file (`upload_url`), and how to name it afterwards (`source_url`). */
export type Upload = Answer<Schemas["UploadOut"]>;
export type ImportRequest = Schemas["ImportRequest"];
export type Import = Answer<Schemas["ImportOut"]>;
export type Asset = Answer<Schemas["AssetOut"]>;
export type AssetKind = Schemas["AssetKind"];
export type AssetStatus = Schemas["AssetStatus"];

export type WebhookRequest = Schemas["WebhookRequest"];
export type WebhookChanges = Schemas["WebhookChanges"];
export type Webhook = Answer<Schemas["WebhookOut"]>;
/** A new webhook; `secret` is shown this once. */
export type CreatedWebhook = Answer<Schemas["WebhookCreatedOut"]>;
export type WebhookSecret = Answer<Schemas["WebhookSecretOut"]>;
export type WebhookDelivery = Answer<Schemas["WebhookDeliveryOut"]>;
export type DeliveryStatus = Schemas["DeliveryStatus"];
/** The body of a webhook call. */
export type WebhookEvent = Answer<Schemas["WebhookEvent"]>;

export type ApiKeyRequest = Schemas["ApiKeyRequest"];
export type ApiKey = Answer<Schemas["ApiKeyOut"]>;
/** A new key; `key` is shown this once. */
export type CreatedApiKey = Answer<Schemas["ApiKeyCreated"]>;
export type ApiKeyRotation = Schemas["ApiKeyRotation"];

export type Workspace = Answer<Schemas["WorkspaceOut"]>;
export type WorkspaceUpdate = Schemas["WorkspaceUpdate"];
export type Erasure = Answer<Schemas["ErasureOut"]>;
export type Usage = Answer<Schemas["UsageOut"]>;
export type UsagePeriod = Schemas["UsagePeriod"];

export type Plan = Answer<Schemas["PlanOut"]>;
export type Subscription = Answer<Schemas["SubscriptionOut"]>;
export type CheckoutRequest = Schemas["CheckoutRequest"];
export type PortalRequest = Schemas["PortalRequest"];
export type Redirect = Answer<Schemas["RedirectOut"]>;

export type Capabilities = Answer<Schemas["CapabilitiesOut"]>;

export type SignupRequest = Schemas["SignupRequest"];
export type Signup = Answer<Schemas["SignupOut"]>;
export type VerifyRequest = Schemas["VerifyRequest"];
export type Verification = Answer<Schemas["VerifyOut"]>;
export type ResendRequest = Schemas["ResendRequest"];
export type Resent = Answer<Schemas["ResendOut"]>;

/** Codes of the errors that the API answers with. New ones may appear. */
export type ApiErrorCode = Schemas["ApiErrorCode"];
