import type { FieldFacts } from "./capabilities.js";
import { error, shown, type Violation } from "./violation.js";

/** Dimensions and angles lie within ± this. */
const MAX_MAGNITUDE = 100_000;
const MAX_WRITTEN_LENGTH = 32;
const MAX_PORT = 65_535;
const NUMBER = "([+-]?(?:\\d+\\.?\\d*|\\.\\d+))";
const DIMENSION = new RegExp(`^\\s*${NUMBER}\\s*(?:px|%)?\\s*$`);
const ANGLE = new RegExp(`^\\s*${NUMBER}\\s*(deg|°|rad)?\\s*$`);
/** Numbers that are written as text, as the server reads them. */
const WHOLE = /^\s*[+-]?\d+(_\d+)*(\.0+)?\s*$/;
const DIGITS = "\\d+(?:_\\d+)*";
const DECIMAL = new RegExp(`^\\s*[+-]?(?:(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:e[+-]?${DIGITS})?|inf|infinity|nan)\\s*$`, "i");
const TRUTHS: ReadonlySet<unknown> = new Set([true, false, 0, 1, "0", "1"]);
const TRUTH_WORDS = /^(true|false|t|f|yes|no|y|n|on|off)$/i;

type Check = (value: unknown, facts: FieldFacts, path: string) => Violation[];

/** What is wrong with a plain value, by its type. The server takes numbers that are written as text too. */
export const CHECKS: Readonly<Record<string, Check>> = {
  number: (value, facts, path) => number(value, facts, path, "float"),
  integer: (value, facts, path) => number(value, facts, path, "int"),
  boolean: truth,
  string: text,
  hex_color: text,
  url,
  dimension: (value, _, path) => measure(value, path, "dimension", DIMENSION, "12, '12px' or '50%'"),
  dimension_angle: (value, _, path) => measure(value, path, "angle", ANGLE, "45, '45deg', '45°' or '0.5rad'"),
};

function number(value: unknown, facts: FieldFacts, path: string, kind: "float" | "int"): Violation[] {
  const known = typeof value === "number" || typeof value === "boolean" || typeof value === "string";
  const received = `${shown(value)} is not a number`;
  if (!known) return [error(path, `${kind}_type`, received)];
  const isWritten = typeof value === "string";
  if (isWritten && !(kind === "int" ? WHOLE : DECIMAL).test(value)) return [error(path, `${kind}_parsing`, received)];
  const amount = asNumber(value);
  if (!Number.isFinite(amount)) return [error(path, "finite_number", received)];
  if (kind === "int" && !Number.isInteger(amount)) return [error(path, "int_from_float", `${amount} is not a whole number`)];
  const code = outside(amount, facts);
  return code ? [error(path, code, `${amount} is out of range; ${rangeOf(facts)} is accepted`)] : [];
}

/** The number that a field holds, be it written as a text. */
export function asNumber(value: unknown): number {
  return Number(typeof value === "string" ? value.replaceAll("_", "") : value);
}

function outside(amount: number, facts: FieldFacts): string | null {
  if (facts.max !== undefined && amount > facts.max) return "less_than_equal";
  if (facts.exclusive_max !== undefined && amount >= facts.exclusive_max) return "less_than";
  if (facts.min !== undefined && amount < facts.min) return "greater_than_equal";
  if (facts.exclusive_min !== undefined && amount <= facts.exclusive_min) return "greater_than";
  return null;
}

function rangeOf(facts: FieldFacts): string {
  const low = facts.min !== undefined ? `from ${facts.min}` : facts.exclusive_min !== undefined ? `above ${facts.exclusive_min}` : "";
  const high = facts.max !== undefined ? `to ${facts.max}` : facts.exclusive_max !== undefined ? `below ${facts.exclusive_max}` : "";
  return `${low} ${high}`.trim();
}

function truth(value: unknown, _: FieldFacts, path: string): Violation[] {
  if (TRUTHS.has(value) || (typeof value === "string" && TRUTH_WORDS.test(value))) return [];
  const isReadable = typeof value === "string" || (Number.isInteger(value) && Math.abs(value as number) < 2 ** 63);
  const code = isReadable ? "bool_parsing" : "bool_type";
  return [error(path, code, `${shown(value)} is neither true nor false`)];
}

function text(value: unknown, facts: FieldFacts, path: string): Violation[] {
  if (typeof value !== "string") return [error(path, "string_type", `${shown(value)} is not a text`)];
  const length = lengthOf(value);
  if (length < (facts.min_length ?? 0)) {
    return [error(path, "string_too_short", `${length} characters; at least ${facts.min_length} are needed`)];
  }
  if (length > (facts.max_length ?? Infinity)) {
    return [error(path, "string_too_long", `${length} characters; at most ${facts.max_length} are accepted`)];
  }
  if (facts.pattern && !new RegExp(facts.pattern, "u").test(value)) {
    return [error(path, "string_pattern_mismatch", `${shown(value)} does not look like ${facts.pattern}`)];
  }
  return [];
}

/** Characters as Unicode counts them. */
function lengthOf(value: string): number {
  let length = 0;
  for (const _ of value) length += 1;
  return length;
}

function url(value: unknown, facts: FieldFacts, path: string): Violation[] {
  const found = text(value, facts, path);
  if (found.length || isAddress(String(value))) return found;
  return [error(path, "url", `${shown(value)} is not an address; write http://… or https://…`)];
}

/** Whether it leads to a host over HTTP. Not as strict as `URL`, which knows which letters a host may have. */
function isAddress(value: string): boolean {
  const authority = /^https?:\/\/([^/?#\s]+)\S*$/i.exec(value)?.[1];
  const [, host, port = ""] = /^(?:.*@)?(\[[^[\]]+\]|[^[\]:@]+)(?::(\d*))?$/.exec(authority ?? "") ?? [];
  return host !== undefined && Number(port) <= MAX_PORT;
}

function measure(value: unknown, path: string, code: string, form: RegExp, forms: string): Violation[] {
  if (typeof value === "number" || typeof value === "boolean") return withinMagnitude(Number(value), path, code);
  if (typeof value !== "string") {
    const message = `${shown(value)} is neither a number nor a text; write ${forms}`;
    return [error(path, "float_type", message), error(path, "string_type", message)];
  }
  const match = value.length <= MAX_WRITTEN_LENGTH ? form.exec(value) : null;
  if (!match) return [error(path, code, `${shown(value)} is not understood; write ${forms}`)];
  return withinMagnitude(Number(match[1]) * (match[2] === "rad" ? 180 / Math.PI : 1), path, code);
}

function withinMagnitude(amount: number, path: string, code: string): Violation[] {
  if (Math.abs(amount) <= MAX_MAGNITUDE) return [];
  return [error(path, code, `${amount} is out of range; within ±${MAX_MAGNITUDE} is accepted`)];
}
