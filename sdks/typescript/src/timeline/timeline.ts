import type {
  AudioElement,
  Element,
  ImageElement,
  RenderRequest,
  TextElement,
  Transition,
  TransitionType,
  VideoElement,
  Word,
  WordAnimationStyle,
} from "../types.js";
import { validateScene } from "./validate.js";
import type { Violation } from "./violation.js";

/** Fields of the canvas: size in pixels, `duration` in seconds, and all else that a render takes. */
export type CanvasFields = Omit<RenderRequest, "elements" | "transitions">;
/** `duration` is in seconds of the film; it becomes `out_point`. */
export type VideoFields = Omit<VideoElement, "type" | "source_url"> & { duration?: number };
/** `duration` is in seconds of the film; it becomes `out_point`. */
export type AudioFields = Omit<AudioElement, "type" | "source_url"> & { duration?: number };
export type ImageFields = Omit<ImageElement, "type" | "source_url" | "id"> & { id?: string };
export type TextFields = Omit<TextElement, "type" | "text" | "duration" | "word_animation"> & { duration?: number };
export type CaptionFields = TextFields & { style?: WordAnimationStyle };
export type TransitionFields = Omit<Transition, "type" | "duration" | "from_id" | "to_id"> & { duration?: number };

/** The longest film and the latest moment, in seconds. */
const MAX_S = 86_400;
const DEFAULT_FRAME_RATE = 30;
const DEFAULT_TRANSITION_S = 1;

/** A clip of the main track. Seconds; `endS` and `lengthS` are null where only the source knows. */
interface Clip {
  id: string;
  endS: number | null;
  lengthS: number | null;
}

type Placed = Element | (Omit<TextElement, "duration"> & { duration?: number });

interface State {
  canvas: CanvasFields;
  elements: readonly Placed[];
  transitions: readonly Transition[];
  /** The last clip of the main track. */
  last: Clip | null;
  /** A transition that waits for the clip after it. */
  pending: Transition | null;
}

/**
 * A film, put together step by step. Every call gives a new timeline and leaves the old one as it is.
 *
 * Videos and images without `time` follow each other; with one they lie freely over the others. Texts, sounds and captions
 * always lie freely.
 *
 * @example
 * const film = new Timeline({ width: 1280, height: 720 })
 *   .video("https://cdn.example.com/sea.mp4", { duration: 4 })
 *   .transition("cross_dissolve")
 *   .image("https://cdn.example.com/end.png", { duration: 3 })
 *   .text("The sea", { duration: 3, font_size: 96 });
 * await client.renders.createAndWait(film);
 */
export class Timeline {
  #state: State;

  /** Throws RangeError for a `duration` that cannot be. */
  constructor(canvas: CanvasFields = {}) {
    if (canvas.duration !== undefined && canvas.duration !== null) positive("duration", canvas.duration);
    const fields = { ...structuredClone(canvas), frame_rate: canvas.frame_rate ?? DEFAULT_FRAME_RATE };
    this.#state = { canvas: fields, elements: [], transitions: [], last: null, pending: null };
  }

  /**
   * Add a clip with its sound.
   *
   * @throws RangeError for times out of range, `duration` together with `out_point`, and without `time` after a clip whose end
   *   only its source knows.
   */
  video(sourceUrl: string, fields: VideoFields = {}): Timeline {
    return this.#clip({ type: "video", source_url: sourceUrl, ...played(fields) }, lengthOf(fields));
  }

  /** Add a still picture. Throws RangeError without a `duration`, and as `video`. */
  image(sourceUrl: string, fields: ImageFields): Timeline {
    const durationS = positive("duration", fields.duration);
    return this.#clip({ type: "image", source_url: sourceUrl, ...fields, id: fields.id ?? "" }, durationS);
  }

  /**
   * Join the last clip and the next one, which begins `duration` seconds (1 unless given) earlier. Before the first clip it comes
   * out of nothing, after the last one it ends in nothing.
   *
   * @throws RangeError for two in a row, and when it lasts longer than a clip that it joins.
   */
  transition(type: TransitionType, { duration = DEFAULT_TRANSITION_S, ...fields }: TransitionFields = {}): Timeline {
    const { pending, last } = this.#state;
    positive("duration", duration);
    if (pending) throw new RangeError(`A transition (${pending.type}) waits for its clip already; add a clip between the two.`);
    notLonger(duration, last?.lengthS ?? null);
    return this.#with({ pending: { ...fields, type, duration, ...(last && { from_id: last.id }) } });
  }

  /** Add a text; without `duration` it lasts to the end of the film. Throws RangeError for times out of range. */
  text(text: string, fields: TextFields = {}): Timeline {
    const time = moment(fields.time ?? 0);
    if (fields.duration !== undefined) positive("duration", fields.duration);
    return this.#add({ type: "text", text, ...fields, time });
  }

  /** Add a sound. Throws RangeError for times out of range, and `duration` together with `out_point`. */
  audio(sourceUrl: string, fields: AudioFields = {}): Timeline {
    const time = moment(fields.time ?? 0);
    return this.#add({ type: "audio", source_url: sourceUrl, ...played(fields), time });
  }

  /**
   * Add captions: words that appear as they are spoken, with `start` and `end` in seconds of the film.
   *
   * @throws RangeError without words, and for a word that does not end after it starts.
   */
  captions(words: readonly Word[], { style = "glow", ...fields }: CaptionFields = {}): Timeline {
    for (const word of words) {
      moment(word.start);
      if (!(moment(word.end) > word.start)) {
        throw new RangeError(`The word ${word.text} lasts from ${word.start} to ${word.end} s; it must end after its start.`);
      }
    }
    if (!words.length) throw new RangeError("Captions need at least one word.");
    const time = fields.time ?? Math.min(...words.map(({ start }) => start));
    const duration = fields.duration ?? rounded(Math.max(...words.map(({ end }) => end)) - time);
    const spoken = words.map(({ text, start, end }) => ({ text, start, end }));
    const text = words.map((word) => word.text).join(" ");
    positive("duration", duration);
    return this.#add({ type: "text", text, ...fields, time: moment(time), duration, word_animation: { style, words: spoken } });
  }

  /** The request that `client.renders` takes. Throws RangeError for a text whose end nobody knows. */
  build(): RenderRequest {
    const { canvas, elements, transitions, pending } = this.#state;
    return structuredClone({
      ...canvas,
      elements: elements.map((element) => this.#finished(element)),
      transitions: pending ? [...transitions, pending] : [...transitions],
    });
  }

  /**
   * Check the film without asking the platform: names, ranges, references, motions, and what probably is not meant.
   *
   * @param capabilities - As for `validateScene`.
   */
  validate(capabilities?: unknown): Violation[] {
    return validateScene(this.build(), capabilities);
  }

  #with(changes: Partial<State>): Timeline {
    const next = new Timeline();
    next.#state = { ...this.#state, ...structuredClone(changes) };
    return next;
  }

  #add(element: Placed, changes: Partial<State> = {}): Timeline {
    return this.#with({ ...changes, elements: [...this.#state.elements, element] });
  }

  #clip(given: VideoElement | ImageElement, lengthS: number | null): Timeline {
    const { pending, transitions } = this.#state;
    const isFree = given.time !== undefined && !pending;
    const time = given.time === undefined ? this.#nextStart() : moment(given.time);
    const id = given.id || this.#newId();
    const clip = { ...given, id, time, ...(isFree && given.z_index === undefined && { z_index: 1 }) };
    if (isFree) return this.#add(clip);
    if (pending) notLonger(pending.duration, lengthS);
    const endS = lengthS === null ? null : rounded(time + lengthS);
    const joined = pending ? [...transitions, { ...pending, to_id: id }] : transitions;
    return this.#add(clip, { last: { id, endS, lengthS }, pending: null, transitions: joined });
  }

  /** Where the next clip of the main track begins. */
  #nextStart(): number {
    const { last, pending } = this.#state;
    if (!last) return 0;
    if (last.endS === null) {
      throw new RangeError(`Only its source knows when ${last.id} ends; give it a duration, or the next clip a time.`);
    }
    return rounded(last.endS - (pending?.duration ?? 0));
  }

  #newId(): string {
    const clips = this.#state.elements.filter(({ type }) => type === "video" || type === "image");
    const taken = new Set(clips.map(({ id }) => id));
    let number = clips.length + 1;
    while (taken.has(`clip-${number}`)) number += 1;
    return `clip-${number}`;
  }

  #finished(element: Placed): Element {
    if (element.type !== "text" || element.duration !== undefined) return element as Element;
    const duration = rounded(this.#endS() - (element.time ?? 0));
    if (!(duration > 0)) throw new RangeError(`The text ${element.text} begins at ${element.time} s, at or after the film's end.`);
    return { ...element, duration };
  }

  /** When the film ends, in seconds. */
  #endS(): number {
    const { canvas, elements } = this.#state;
    if (typeof canvas.duration === "number") return canvas.duration;
    const ends = elements.filter(hasEnd).map((element) => {
      const lengthS = "duration" in element ? (element.duration ?? null) : lengthOf(element as VideoFields);
      return lengthS === null ? null : (element.time ?? 0) + lengthS;
    });
    if (!ends.length || ends.includes(null)) {
      throw new RangeError("A text without a duration needs an end of the film that is known; give the text or the canvas one.");
    }
    return Math.max(...(ends as number[]));
  }
}

/** Whether an element counts for the end of the film: all but texts that last to it. */
function hasEnd(element: Placed): boolean {
  return element.type !== "text" || element.duration !== undefined;
}

/** The fields of a video or a sound with its `duration` as an `out_point`. */
function played<Fields extends VideoFields | AudioFields>({ duration, ...fields }: Fields): Omit<Fields, "duration"> {
  if (duration === undefined) return fields;
  if (fields.out_point !== undefined && fields.out_point !== null) {
    throw new RangeError(`duration ${duration} and out_point ${fields.out_point} both say when it ends; give one of them.`);
  }
  positive("duration", duration);
  return { ...fields, out_point: rounded((fields.in_point ?? 0) + duration * (fields.speed ?? 1)) };
}

/** How long a video or a sound lasts in the film, in seconds; null where only its source knows. */
function lengthOf({ duration, in_point: inPoint = 0, out_point: outPoint, speed = 1 }: VideoFields | AudioFields): number | null {
  if (duration !== undefined) return duration;
  return typeof outPoint === "number" ? (outPoint - inPoint) / speed : null;
}

function notLonger(transitionS: number, clipS: number | null): void {
  if (clipS !== null && transitionS > clipS) {
    throw new RangeError(`The transition lasts ${transitionS} s, its clip ${rounded(clipS)} s; at most as long is possible.`);
  }
}

function moment(timeS: number): number {
  if (!(timeS >= 0 && timeS <= MAX_S)) throw new RangeError(`A time is ${timeS} s; 0 to ${MAX_S} s are accepted.`);
  return timeS;
}

function positive(name: string, seconds: number): number {
  if (!(seconds > 0 && seconds <= MAX_S)) {
    throw new RangeError(`${name} is ${seconds} s; above 0 and at most ${MAX_S} s are accepted.`);
  }
  return seconds;
}

/** Without the noise of adding binary numbers. */
function rounded(seconds: number): number {
  return Number(seconds.toFixed(6));
}
