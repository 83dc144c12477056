export { Framelane, type FramelaneOptions } from "./client.js";
export * from "./errors.js";
export type { Schemas } from "./types.js";
export type * from "./types.js";
export { List, type ListOptions, type Page } from "./pages.js";
export type { CreateOptions, RequestOptions } from "./transport.js";
export type { WaitOptions } from "./waiting.js";
export type { CreateAndWaitOptions, GetJobOptions } from "./resources/jobs.js";
export type { ListRendersOptions, Scene } from "./resources/renders.js";
export type { ListTasksOptions, TaskBodies } from "./resources/tasks.js";
export type { UploadOptions } from "./resources/uploads.js";
export type { ListAssetsOptions } from "./resources/media.js";
export type { ListDeliveriesOptions, RotateOptions, TestOptions } from "./resources/webhooks.js";
export type { RotateKeyOptions, UsageOptions } from "./resources/account.js";
export type { Sliceable, UploadData } from "./media/chunks.js";
export type { DownloadOptions, TransferProgress } from "./media/download.js";
export { Transcript, type Spoken, type TranscriptDocument } from "./transcript.js";
export { verifyWebhook, type VerifyOptions, type WebhookHeaders } from "./webhooks.js";
export {
  Timeline,
  type AudioFields,
  type CanvasFields,
  type CaptionFields,
  type ImageFields,
  type TextFields,
  type TransitionFields,
  type VideoFields,
} from "./timeline/timeline.js";
export { validateScene } from "./timeline/validate.js";
export type { Violation } from "./timeline/violation.js";
export { VERSION } from "./version.js";
