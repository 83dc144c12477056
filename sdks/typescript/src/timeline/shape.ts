import { CAPABILITIES, PARTS, type FieldFacts, type Fields, type KnownCapabilities } from "./capabilities.js";
import { nearest } from "./nearest.js";
import { asNumber, CHECKS } from "./values.js";
import { below, error, isObject, shown, warning, type Json, type Violation } from "./violation.js";

const MAX_METADATA_ENTRIES = 64;
const VIDEO_SOURCE = /\.(mp4|mov|webm)$/i;
const SCOPES = ["element", "character"];
const FILM = "film";
const ELEMENT = "element";

/** What a film is checked against. */
class Shapes {
  readonly #known: KnownCapabilities;
  readonly #elements: ReadonlyMap<string, Fields>;

  constructor(known: KnownCapabilities) {
    this.#known = known;
    this.#elements = new Map(known.element_types.map(({ type, fields }) => [type, fields]));
  }

  film(scene: unknown): Violation[] {
    if (!isObject(scene)) return [error("", "model_type", `${shown(scene)} is not a film; write an object`)];
    const { elements, transitions, ...canvas } = this.#known.canvas;
    const found = this.fields(scene, canvas, "");
    found.push(...list(scene, "elements", elements, (item, path) => this.#element(item, path)));
    found.push(...list(scene, "transitions", transitions, (item, path) => this.#part(item, "Transition", path)));
    return found.length ? found : canvasFindings(scene, this.#known);
  }

  /** Fields, at any depth, that are ignored because nobody knows them. */
  unknown(value: unknown, kind: string, path: string): Violation[] {
    if (Array.isArray(value)) {
      return value.flatMap((item, index) => (isObject(item) ? this.unknown(item, kind, below(path, index)) : []));
    }
    const fields = isObject(value) ? this.#fieldsOf(kind, value) : undefined;
    return Object.entries(fields ? (value as Json) : {}).flatMap(([name, inner]) => {
      const at = below(path, name);
      if (!Object.hasOwn(fields!, name)) return [warning(at, "UNKNOWN_FIELD", `unknown field ${name} is ignored`)];
      const innerKind = kindOf(name, fields![name]!);
      return innerKind ? this.unknown(inner, innerKind, at) : [];
    });
  }

  /** What an object of a kind may hold; undefined for an element of an unknown type. */
  #fieldsOf(kind: string, node: Json): Fields | undefined {
    if (kind === FILM) return this.#known.canvas;
    return kind === ELEMENT ? this.#elements.get(String(node["type"])) : PARTS[kind];
  }

  fields(node: Json, fields: Fields, path: string): Violation[] {
    return Object.entries(fields).flatMap(([name, facts]) => {
      if (node[name] !== undefined) return this.#value(node[name], facts, below(path, name), name);
      return facts.required ? [error(below(path, name), "missing", `${name} is needed here`)] : [];
    });
  }

  #element(element: unknown, path: string): Violation[] {
    if (!isObject(element)) return [error(path, "model_attributes_type", `${shown(element)} is not an element`)];
    const { type } = element;
    const types = [...this.#elements.keys()];
    if (type === undefined) {
      return [error(below(path, "type"), "union_tag_not_found", `an element needs a type: ${types.join(", ")}`)];
    }
    const fields = this.#elements.get(String(type));
    if (!fields) return [error(below(path, "type"), "union_tag_invalid", unlisted(type, types))];
    const found = this.fields(element, fields, path);
    return found.length ? found : elementFindings(element, path);
  }

  #part(item: unknown, part: string, path: string): Violation[] {
    if (!isObject(item)) return [error(path, "model_type", `${shown(item)} is not an object`)];
    return this.fields(item, PARTS[part]!, path);
  }

  #value(value: unknown, facts: FieldFacts, path: string, name: string): Violation[] {
    const types = facts.type.split("|");
    if (value === null && (types.includes("null") || facts.default === null)) return [];
    const type = types[0]!;
    if (name === "animation_preset") return this.#preset(value, facts, path);
    if (type === "map<string,string>") return mapFindings(value, path);
    const kind = kindOf(name, facts);
    if (kind && type.startsWith("array")) return items(value, facts, path, (item, at) => this.#part(item, kind, at));
    if (kind) return this.#part(value, kind, path);
    if (type.startsWith("enum")) return oneOf(value, facts.values ?? this.#values(type.slice(5, -1)), path);
    return CHECKS[type]?.(value, facts, path) ?? [];
  }

  #preset(value: unknown, facts: FieldFacts, path: string): Violation[] {
    const found = CHECKS["string"]!(value, facts, path);
    return found.length ? found : oneOf(value, namesOf(this.#known.animation_presets), path);
  }

  /** The names of an enum, by its component; undefined where everything goes. */
  #values(component: string): readonly string[] | undefined {
    switch (component) {
      case "MotionType":
        return namesOf(this.#known.motions);
      case "EffectType":
        return namesOf(this.#known.effects);
      case "TransitionType":
        return namesOf(this.#known.transitions);
      case "EasingName":
        return namesOf(this.#known.easings);
      case "WordAnimationStyle":
        return namesOf(this.#known.word_animations);
      case "MotionScope":
        return SCOPES;
    }
    return undefined;
  }
}

/** What single fields do not accept, and what no two fields of one object may say together. */
export function shapeFindings(scene: unknown, known: KnownCapabilities = CAPABILITIES): Violation[] {
  return new Shapes(known).film(scene);
}

/** Fields, at any depth, that nobody knows; they are ignored. */
export function unknownFields(scene: unknown, known: KnownCapabilities = CAPABILITIES): Violation[] {
  return isObject(scene) ? new Shapes(known).unknown(scene, FILM, "") : [];
}

/** What a field holds objects of: a component's name, `ELEMENT`, or null where it holds none. */
function kindOf(name: string, { type }: FieldFacts): string | null {
  if (name === "elements") return ELEMENT;
  if (name === "transitions") return "Transition";
  if (name === "word_animation") return "WordAnimation";
  const inner = /^(?:array|object)<(\w)(\w*)>/.exec(type);
  return inner ? inner[1]!.toUpperCase() + inner[2] : null;
}

function list(
  node: Json,
  name: string,
  facts: FieldFacts | undefined,
  check: (item: unknown, path: string) => Violation[],
): Violation[] {
  return node[name] === undefined ? [] : items(node[name], facts, below("", name), check);
}

function items(
  value: unknown,
  facts: FieldFacts | undefined,
  path: string,
  check: (item: unknown, path: string) => Violation[],
): Violation[] {
  if (!Array.isArray(value)) return [error(path, "list_type", `${shown(value)} is not a list`)];
  const { min_items = 0, max_items = Infinity } = facts ?? {};
  if (value.length > max_items) return [error(path, "too_long", `${value.length} items; at most ${max_items} are accepted`)];
  if (value.length < min_items) return [error(path, "too_short", `${value.length} items; at least ${min_items} are needed`)];
  return value.flatMap((item, index) => check(item, below(path, index)));
}

function mapFindings(value: unknown, path: string): Violation[] {
  if (!isObject(value)) return [error(path, "dict_type", `${shown(value)} is not an object`)];
  const entries = Object.entries(value);
  if (entries.length > MAX_METADATA_ENTRIES) {
    return [error(path, "too_long", `${entries.length} entries; at most ${MAX_METADATA_ENTRIES} are accepted`)];
  }
  return entries.flatMap(([name, text]) => CHECKS["string"]!(text, { type: "string" }, below(path, name)));
}

function oneOf(value: unknown, names: readonly string[] | undefined, path: string): Violation[] {
  if (!names || names.includes(String(value))) return [];
  return [error(path, "enum", unlisted(value, names))];
}

function unlisted(value: unknown, names: readonly string[]): string {
  const near = nearest(value, names);
  return near ? `${shown(value)} is unknown; did you mean ${near}?` : `${shown(value)} is none of ${names.join(", ")}`;
}

function namesOf(entries: readonly { type: string }[]): string[] {
  return entries.map(({ type }) => type);
}

function canvasFindings(scene: Json, known: KnownCapabilities): Violation[] {
  if ((scene["width"] ?? null) === null !== ((scene["height"] ?? null) === null)) {
    return [error("", "canvas_size", "give both width and height, or neither")];
  }
  const format = String(scene["output_format"] ?? known.canvas["output_format"]?.default);
  const clear = namesOf(known.output_formats.filter(({ alpha }) => alpha));
  if (isOn(scene["alpha"]) && !clear.includes(format)) {
    return [error("", "alpha_format", `alpha needs output_format ${clear.join(" or ")}, not ${format}`)];
  }
  return [];
}

/** What the fields of an element may not say together; the first of it, as the server answers. */
function elementFindings(element: Json, path: string): Violation[] {
  const amount = (name: string): number => asNumber(element[name] ?? 0);
  const { out_point: outPoint = null } = element;
  if (outPoint !== null && asNumber(outPoint) <= amount("in_point")) {
    return [error(path, "out_point", `out_point ${outPoint} must be greater than in_point ${amount("in_point")}`)];
  }
  if (amount("crop_left") + amount("crop_right") >= 1 || amount("crop_top") + amount("crop_bottom") >= 1) {
    return [error(path, "crop", "the crops of opposite edges must add up to less than 1")];
  }
  if (element["type"] === "video" && !VIDEO_SOURCE.test(String(element["source_url"]).replace(/[?#].*$/s, ""))) {
    return [error(path, "source_extension", "source_url must end in .mp4, .mov or .webm")];
  }
  if (element["type"] === "text" && ["background", "stroke", "shadow"].filter((flag) => isOn(element[flag])).length > 1) {
    return [error(path, "text_flags", "at most one of background, stroke and shadow may be true")];
  }
  return [];
}

function isOn(value: unknown): boolean {
  return value === true || value === 1 || (typeof value === "string" && /^(1|t|true|y|yes|on)$/i.test(value));
}
