import type { KnownCapabilities, MotionEntry } from "./capabilities.js";
import { asNumber } from "./values.js";
import { error, shown, warning, type Json, type Violation } from "./violation.js";

/** A film whose every field is right. */
interface Film {
  elements: readonly Json[];
  transitions: readonly Json[];
  durationS: number | null;
}

/** What lies between the fields of a film that `shapeFindings` found nothing in. */
export function lint(scene: Json, known: KnownCapabilities): Violation[] {
  const film: Film = {
    elements: (scene["elements"] ?? []) as Json[],
    transitions: (scene["transitions"] ?? []) as Json[],
    durationS: numberOr(scene["duration"], null),
  };
  const references = film.transitions.flatMap((transition, index) => referenceFindings(transition, index, film));
  const findings = [...references, ...elementFindings(film, known)];
  if (findings.some(({ severity }) => severity === "error")) return findings.filter(({ severity }) => severity === "error");
  const unsupported = unsupportedFeatures(scene, film, known);
  return unsupported.length ? unsupported : [...findings, ...gaps(film)];
}

function referenceFindings(transition: Json, index: number, film: Film): Violation[] {
  const path = `/transitions/${index}`;
  const [from, to] = [transition["from_id"] || null, transition["to_id"] || null];
  const found: Violation[] = [];
  if (!from && !to) found.push(error(path, "DANGLING_TRANSITION", "name from_id, to_id or both"));
  else if (from === to) found.push(error(path, "TRANSITION_SELF", "from_id and to_id are the same element"));
  for (const [field, id] of [["from_id", from], ["to_id", to]] as const) {
    const count = id ? visualsOf(film, id).length : 1;
    if (count === 0) found.push(error(`${path}/${field}`, "DANGLING_TRANSITION", `no visual element has id ${shown(id)}`));
    if (count > 1) {
      const message = `${count} elements have id ${shown(id)}; a transition needs one`;
      found.push(error(`${path}/${field}`, "DUPLICATE_ELEMENT_ID", message));
    }
  }
  return found;
}

function visualsOf(film: Film, id: unknown): Json[] {
  return film.elements.filter((element) => element["type"] !== "audio" && element["id"] === id);
}

function elementFindings(film: Film, known: KnownCapabilities): Violation[] {
  const found: Violation[] = [];
  if (!film.elements.some(isVisible)) {
    found.push(warning("/elements", "EMPTY_TIMELINE", "no visible element: the film shows its background"));
  }
  const seen = new Set<unknown>();
  film.elements.forEach((element, index) => {
    const path = `/elements/${index}`;
    const { id } = element;
    if (id && seen.has(id)) found.push(warning(`${path}/id`, "DUPLICATE_ELEMENT_ID", `id ${shown(id)} is used twice`));
    seen.add(id);
    if (film.durationS !== null && startOf(element) >= film.durationS) {
      const message = `begins at ${startOf(element)} s, at or after the film's end at ${film.durationS} s`;
      found.push(warning(`${path}/time`, "ELEMENT_AFTER_END", message));
    }
    if (element["type"] === "text") found.push(...fontFindings(element, path, known), ...wordFindings(element, path));
  });
  return found;
}

function fontFindings({ font_family: family }: Json, path: string, known: KnownCapabilities): Violation[] {
  if (family === undefined) return [];
  const names = new Set(known.fonts.map(({ type }) => normal(type)));
  if (String(family).split(",").some((name) => names.has(normal(name)))) return [];
  return [warning(`${path}/font_family`, "FONT_FALLBACK", `the font ${shown(family)} is not available; another is used`)];
}

/** What counts of a family's name: case, spaces and hyphens are free. */
function normal(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function wordFindings(element: Json, path: string): Violation[] {
  const words = ((element["word_animation"] as Json | null | undefined)?.["words"] ?? []) as Json[];
  const [start, end] = [startOf(element), startOf(element) + asNumber(element["duration"])];
  return words.flatMap((word, index) => {
    if (asNumber(word["start"]) >= start && asNumber(word["end"]) <= end) return [];
    const message = `${shown(word["text"])} lies outside its element's time`;
    return [warning(`${path}/word_animation/words/${index}`, "WORD_OUTSIDE_ELEMENT", message)];
  });
}

function unsupportedFeatures(scene: Json, film: Film, known: KnownCapabilities): Violation[] {
  const fields = Object.entries(known.canvas).filter(([name, { supported }]) => supported === false && scene[name]);
  const motions = new Map(known.motions.map((entry) => [entry.type, entry]));
  return [
    ...fields.map(([name]) => unsupported(`/${name}`, `field ${name} is not supported yet`)),
    ...film.elements.flatMap((element, index) =>
      ((element["motion"] ?? []) as Json[]).flatMap((motion, place) =>
        motionFindings(motion, motions.get(String(motion["type"])), element, `/elements/${index}/motion/${place}`),
      ),
    ),
  ];
}

/** Each motion exists in some directions at some scopes. */
function motionFindings(motion: Json, entry: MotionEntry | undefined, element: Json, path: string): Violation[] {
  const scope = String(motion["scope"] ?? "element");
  if (scope === "character" && element["type"] !== "text") {
    return [unsupported(`${path}/scope`, "scope character is for text elements")];
  }
  const isLooping = entry?.family === "loop";
  const direction = isLooping || motion["loop"] ? "loop" : motion["reversed"] || entry?.exit_only ? "exit" : "entrance";
  if (entry?.scopes.find(({ type }) => type === scope)?.[direction]) return [];
  const field = motion["loop"] && !isLooping ? "loop" : "type";
  return [unsupported(`${path}/${field}`, `motion ${motion["type"]} has no ${direction} at scope ${scope}`)];
}

function unsupported(path: string, message: string): Violation {
  return error(path, "unsupported_feature", message);
}

/** Transitions across a gap, where both ends are known without looking at the sources. */
function gaps(film: Film): Violation[] {
  return film.transitions.flatMap((transition, index) => {
    const [from] = transition["from_id"] ? visualsOf(film, transition["from_id"]) : [];
    const [to] = transition["to_id"] ? visualsOf(film, transition["to_id"]) : [];
    if (!from || !to || !isVisible(from) || !isVisible(to)) return [];
    const gapS = startOf(to) - (endOf(from) ?? Infinity);
    // Times are decimal numbers; what is left of adding binary ones is no gap.
    if (gapS < 1e-6) return [];
    return [warning(`/transitions/${index}`, "TRANSITION_GAP", `a gap of ${gapS} s: the last frame is held`)];
  });
}

function isVisible(element: Json): boolean {
  return element["visible"] === undefined || element["visible"] === true || element["visible"] === 1;
}

function startOf(element: Json): number {
  return numberOr(element["time"], 0);
}

/** When an element ends, in seconds of the film; null for a source that plays to its own end. */
function endOf(element: Json): number | null {
  const durationS = numberOr(element["duration"], null);
  if (element["type"] !== "video") return durationS === null ? null : startOf(element) + durationS;
  const outPoint = numberOr(element["out_point"], null);
  if (outPoint === null) return null;
  return startOf(element) + (outPoint - numberOr(element["in_point"], 0)) / numberOr(element["speed"], 1);
}

function numberOr<T>(value: unknown, otherwise: T): number | T {
  return value === undefined || value === null ? otherwise : asNumber(value);
}
