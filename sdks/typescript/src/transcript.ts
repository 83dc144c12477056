import type { Word } from "./types.js";

/** Something that was said. Times are milliseconds from the source's beginning. */
export interface Spoken {
  text: string;
  start: number;
  end: number;
  /** 0 to 1. */
  confidence: number | null;
  speaker: string | null;
}

/** The file of a `transcribe` task. */
export interface TranscriptDocument {
  text: string;
  language: string | null;
  /** Milliseconds. */
  duration: number | null;
  words: Spoken[];
  utterances: Spoken[];
  /** The analyses that were asked for, and whatever else the file holds. */
  [further: string]: unknown;
}

/** What was said in a source, and when. */
export class Transcript {
  /** The whole file as it came. */
  readonly document: TranscriptDocument;

  constructor(document: TranscriptDocument) {
    this.document = document;
  }

  get text(): string {
    return this.document.text;
  }

  /** Every word, with times in milliseconds. */
  get words(): readonly Spoken[] {
    return this.document.words;
  }

  /** What each speaker said without a break, with times in milliseconds. */
  get utterances(): readonly Spoken[] {
    return this.document.utterances;
  }

  /**
   * The words for `Timeline.captions` and `word_animation`, with times in seconds.
   *
   * @param offsetS - Added to every time: where the source begins in the film, less its `in_point`. Words that would begin
   *   before the film are left out.
   */
  wordsForCaptions(offsetS = 0): Word[] {
    return this.words
      .map(({ text, start, end }) => ({ text, start: seconds(start, offsetS), end: seconds(end, offsetS) }))
      .filter(({ start, end }) => start >= 0 && end > start);
  }
}

function seconds(ms: number, offsetS: number): number {
  return Number((ms / 1000 + offsetS).toFixed(6));
}
