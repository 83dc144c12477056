/** The builder and the local validation do what the vectors say, which the Python SDK replays too. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Timeline, validateScene, type Violation } from "@framelane/sdk";
import { client, ROOT } from "./stand.js";

interface BuildCase {
  name: string;
  canvas: object;
  calls: { method: string; argument: unknown; fields: object }[];
  build?: object;
  error?: boolean;
}

interface ViolationCase {
  name: string;
  scene: unknown;
  violations: Omit<Violation, "message">[];
}

function vectors<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`sdks/vectors/${name}.json`, ROOT), "utf8")) as T[];
}

function built({ canvas, calls }: BuildCase): object {
  type Step = (argument: unknown, fields: object) => Timeline;
  let film = new Timeline(canvas);
  for (const { method, argument, fields } of calls) {
    film = (film as unknown as Record<string, Step>)[method]!(argument, fields);
  }
  return film.build();
}

function sorted(violations: Omit<Violation, "message">[]): string[] {
  return violations.map(({ severity, code, path }) => `${severity} ${code} ${path}`).sort();
}

describe("builds", () => {
  for (const one of vectors<BuildCase>("builds")) {
    test(one.name, () => {
      if (one.error) assert.throws(() => built(one), RangeError);
      else assert.deepEqual(built(one), one.build);
    });
  }
});

describe("violations", () => {
  for (const { name, scene, violations } of vectors<ViolationCase>("violations")) {
    test(name, () => {
      const found = validateScene(scene);
      assert.deepEqual(sorted(found), sorted(violations));
      assert.ok(found.every(({ message }) => message.length > 5));
    });
  }
});

test("what the vectors build is what the local validation accepts", () => {
  for (const { name, build } of vectors<BuildCase>("builds")) {
    if (build) assert.deepEqual(validateScene(build).filter(({ severity }) => severity === "error"), [], name);
  }
});

test("every call leaves the timeline that it is made on as it is", () => {
  const motion = [{ type: "fade" as const, time: 0, duration: 1 }];
  const start = new Timeline({ width: 640, height: 360 });
  const one = start.image("https://a.test/a.png", { duration: 2, motion });
  const before = JSON.stringify(one.build());
  const two = one.transition("cube").image("https://a.test/b.png", { duration: 2 });
  one.text("aside");
  motion[0]!.duration = 99;
  one.build().elements!.pop();
  assert.equal(JSON.stringify(one.build()), before);
  assert.equal(start.build().elements!.length, 0);
  assert.equal(two.build().elements!.length, 2);
});

test("messages name what is accepted", () => {
  assert.throws(() => new Timeline().text("x", { time: -1 }), /0 to 86400/);
  assert.throws(() => new Timeline().image("a", { duration: 0 }), /duration is 0/);
  const [misspelt] = validateScene({ elements: [{ type: "text", text: "x", duration: 1, blend_mode: "multipy" }] });
  assert.match(misspelt!.message, /multiply/);
  const [outside] = validateScene({ frame_rate: 500 });
  assert.match(outside!.message, /500.*1.*240/);
});

test("the platform's own capabilities can be used instead of those of the package", async () => {
  const known = await client().capabilities.get();
  const film = new Timeline().text("x", { duration: 1, animation_preset: "typewriter" });
  assert.deepEqual(film.validate(known), []);
  const without = { ...known, animation_presets: known.animation_presets.filter(({ type }) => type !== "typewriter") };
  assert.deepEqual(film.validate(without).map(({ path }) => path), ["/elements/0/animation_preset"]);
});

test("any value is answered", () => {
  for (const scene of [null, undefined, 3, "x", [], { elements: null }, { elements: [null] }, { transitions: 1 }, { metadata: [] }]) {
    assert.ok(validateScene(scene).length);
  }
});

test("a film of a thousand elements is checked quickly enough to do it on every key", () => {
  let film = new Timeline();
  for (let n = 0; n < 200; n++) film = film.text("x", { time: n, duration: 1, motion: [{ type: "fade", time: n, duration: 1 }] });
  assert.deepEqual(film.validate(), []);
});
