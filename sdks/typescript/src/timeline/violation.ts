/** Something that is wrong with a film (`error`), or probably not meant (`warning`). `path` is a JSON pointer (RFC 6901). */
export interface Violation {
  code: string;
  message: string;
  severity: "error" | "warning";
  path: string;
}

export function error(path: string, code: string, message: string): Violation {
  return { code, message, severity: "error", path };
}

export function warning(path: string, code: string, message: string): Violation {
  return { code, message, severity: "warning", path };
}

/** `path` with one more part. */
export function below(path: string, part: string | number): string {
  return `${path}/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as messages show it. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
