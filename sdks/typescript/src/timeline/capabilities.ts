import { SNAPSHOT } from "../generated/snapshot.js";

/** What a field accepts. */
export interface FieldFacts {
  /** Names of types joined by `|`. */
  type: string;
  required?: boolean;
  default?: unknown;
  min?: number;
  max?: number;
  exclusive_min?: number;
  exclusive_max?: number;
  min_length?: number;
  max_length?: number;
  min_items?: number;
  max_items?: number;
  pattern?: string;
  values?: readonly string[];
  supported?: boolean;
}

export type Fields = Readonly<Record<string, FieldFacts>>;

interface Entry {
  type: string;
  supported?: boolean;
}

export interface MotionEntry extends Entry {
  family: string;
  exit_only: boolean;
  scopes: readonly (Entry & { entrance?: boolean; exit?: boolean; loop?: boolean })[];
}

/** The parts of `GET /v1/capabilities` that films are checked against. */
export interface KnownCapabilities {
  canvas: Fields;
  element_types: readonly (Entry & { fields: Fields })[];
  output_formats: readonly (Entry & { alpha?: boolean })[];
  effects: readonly Entry[];
  motions: readonly MotionEntry[];
  transitions: readonly Entry[];
  easings: readonly Entry[];
  word_animations: readonly Entry[];
  animation_presets: readonly Entry[];
  fonts: readonly Entry[];
}

/** Those of the platform's version that this package was made for. */
export const CAPABILITIES: KnownCapabilities = SNAPSHOT.capabilities as unknown as KnownCapabilities;

/** Fields of what lies within elements; capabilities do not tell of them. */
export const PARTS = SNAPSHOT.parts as Readonly<Record<string, Fields>>;
