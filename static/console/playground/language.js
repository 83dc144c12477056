// What may stand where: the properties and values of a request, as the server describes them.

import { unquoted } from "./scanner.js";

const ELEMENTS = new Set(["text", "image", "video", "audio"]);
const ITEMS = { elements: "element", transitions: "transition", motion: "motion", effects: "effect", words: "word" };
const OBJECTS = { word_animation: "word_animation", chroma_settings: "chroma_settings" };
const EMPTY = { text: '""', address: '"https://"', colour: '"#"', list: "[]", object: "{}" };
const SKELETONS = {
  element: [
    ["text", '{"type": "text", "text": "", "time": 0, "duration": 3}'],
    ["image", '{"type": "image", "id": "image", "source_url": "https://", "time": 0, "duration": 3}'],
    ["video", '{"type": "video", "source_url": "https://", "time": 0}'],
    ["audio", '{"type": "audio", "source_url": "https://", "time": 0}'],
  ],
  motion: [["motion", '{"type": "fade", "time": 0, "duration": 0.6}']],
  effect: [["effect", '{"type": "glow", "intensity": 50}']],
  transition: [["transition", '{"type": "cross_dissolve", "duration": 1, "from_id": "", "to_id": ""}']],
  word: [["word", '{"text": "", "start": 0, "end": 0.5}']],
};

/** The language of requests: `shapes` and `values` of the server's document. */
export class Language {
  constructor({ shapes, values }) {
    this.shapes = shapes;
    this.values = values;
  }

  static async load(address) {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    return new Language(await answer.json());
  }

  /** The properties of the object that the innermost frame is; of an element without a type those of all. */
  propertiesOf(frames) {
    const shape = shapeOf(frames);
    if (shape !== "element") return this.shapes[shape] ?? [];
    const type = frames.at(-1).fields.type;
    if (ELEMENTS.has(type)) return this.shapes[type];
    const all = [...ELEMENTS].flatMap((name) => this.shapes[name]);
    return all.filter((property, index) => all.findIndex((other) => other.name === property.name) === index);
  }

  /** The property that the caret is in, be it in its key or in its value. */
  propertyAt({ frames, token, expects, key }) {
    const top = frames.at(-1);
    if (!top?.isObject) return this.ownerOf(frames);
    const name = expects === "key" ? token && unquoted(token.text) : key;
    return this.propertiesOf(frames).find((property) => property.name === name);
  }

  /** The property whose list or object the caret is directly in. */
  ownerOf(frames) {
    const owner = frames.at(-1)?.owner;
    return this.propertiesOf(frames.slice(0, -1)).find((property) => property.name === owner);
  }

  /** What may be written at the caret: [{label, insert, detail, text}]. */
  suggestionsAt(context) {
    const { frames, expects } = context;
    const top = frames.at(-1);
    if (!top) return [];
    if (expects === "key") return this.keys(frames, context.token);
    if (!top.isObject) return skeletonsFor(shapeOfItems(frames));
    return expects === "value" || context.token ? this.valuesOf(this.propertyAt(context)) : [];
  }

  keys(frames, token) {
    const { fields } = frames.at(-1);
    const own = token && unquoted(token.text);
    const left = this.propertiesOf(frames).filter((property) => !(property.name in fields) || property.name === own);
    return left.map((property) => ({
      label: property.name,
      insert: `"${property.name}": ${emptyOf(property)}`,
      replacement: `"${property.name}"`,
      detail: describeType(property),
      text: property.text,
    }));
  }

  valuesOf(property) {
    if (!property) return [];
    if (property.type === "true or false") return ["true", "false"].map((value) => plain(value, value, ""));
    const values = this.values[property.values] ?? [];
    return values.map(([value, text]) => plain(value, JSON.stringify(value), text));
  }

  /** A sentence about a value of a property, where there is one. */
  textOfValue(property, value) {
    return this.values[property?.values]?.find(([name]) => name === value)?.[1] ?? "";
  }
}

function plain(label, insert, text) {
  return { label, insert, detail: "", text };
}

function emptyOf(property) {
  return property.values ? '""' : EMPTY[property.type] ?? "";
}

function skeletonsFor(shape) {
  return (SKELETONS[shape] ?? []).map(([label, insert]) => ({ label, insert, detail: "new", text: insert }));
}

/** The shape of the innermost frame, which is an object; "" for one that may hold anything. */
function shapeOf(frames) {
  const top = frames.at(-1);
  if (frames.length < 2) return frames.length ? "request" : "";
  return typeof top.owner === "number" ? shapeOfItems(frames.slice(0, -1)) : OBJECTS[top.owner] ?? "";
}

function shapeOfItems(frames) {
  return ITEMS[frames.at(-1)?.owner] ?? "";
}

/** The type of a property with its default or its range, in a few words. */
export function describeType(property) {
  const { type, required, min, max, above } = property;
  const range = max !== undefined && max < 100000 ? ` ${above ?? min ?? ""} to ${max}` : "";
  const usual = property.default === undefined ? "" : `, usually ${JSON.stringify(property.default)}`;
  return `${type}${range}${required ? ", required" : usual}`;
}
