/** From files to a captioned film, as a reader of the README would do it. */
import assert from "node:assert/strict";
import { mkdtemp, open, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { Timeline, type Job } from "@framelane/sdk";
import { downloadTo, uploadFile } from "@framelane/sdk/node";
import { client, order, sample } from "./stand.js";

test("a talk is uploaded, heard, captioned, rendered and fetched", async () => {
  await order();
  const framelane = client();
  const talk = await uploadFile(framelane, fileURLToPath(sample("talk.mp4")));
  const logo = await uploadFile(framelane, fileURLToPath(sample("logo.png")));

  const heard = await framelane.tasks.createAndWait("transcribe", { source_url: talk.source_url });
  const transcript = await framelane.tasks.transcript(heard);
  assert.ok(transcript.words.length > 5);
  assert.equal(transcript.text.split(" ").length, transcript.words.length);
  const words = transcript.wordsForCaptions().filter(({ end }) => end <= 2);
  assert.equal(words[0]!.start, transcript.words[0]!.start / 1000);
  assert.match(heard.output!.subtitles!.srt, /^http/);

  const film = new Timeline({ width: 320, height: 180, frame_rate: 15 })
    .captions(words, { style: "box", y: "85%", height: "20%", font_size: 20 })
    .video(talk.source_url, { duration: 2 })
    .transition("cross_dissolve", { duration: 0.5 })
    .image(logo.source_url, { duration: 1.5 });
  assert.deepEqual(film.validate(), []);
  const verdict = await framelane.renders.validate(film);
  assert.deepEqual([verdict.valid, verdict.details.warnings], [true, []]);

  const states: Job[] = [];
  const job = await framelane.renders.createAndWait(film, { onProgress: (state) => states.push(state) });
  assert.equal(states.at(-1)!.status, "completed");
  const percents = states.map((state) => state.progress_percent);
  assert.deepEqual(percents, [...percents].sort((a, b) => a - b));
  assert.equal(job.output!.duration, 3);
  assert.deepEqual([job.output!.width, job.output!.height], [320, 180]);

  const path = await downloadTo(framelane, job, join(await mkdtemp(join(tmpdir(), "framelane-")), "film.mp4"));
  assert.equal((await stat(path)).size, job.output!.size_bytes);
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
  await file.close();
  assert.equal(buffer.toString("latin1", 4), "ftyp");
});
