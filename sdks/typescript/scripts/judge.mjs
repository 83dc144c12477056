// Scenes in, a line of JSON each; what the built package finds in them out. Python writes infinity in a way of its own.
import { createInterface } from "node:readline";
import { validateScene } from "../dist/esm/index.js";

const infinite = /(?<=[:[,] ?)(-?)Infinity(?=[,}\]])/g;
for await (const line of createInterface({ input: process.stdin })) {
  const found = validateScene(JSON.parse(line.replace(infinite, "$11e999")));
  console.log(JSON.stringify(found.map(({ code, severity, path }) => [code, severity, path])));
}
