// Compiles the package twice: dist/esm for `import`, dist/cjs for `require`.
import { execFileSync } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const HERE = new URL("..", import.meta.url);
const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");

await rm(new URL("dist", HERE), { recursive: true, force: true });
for (const [project, type] of [
  ["tsconfig.json", "module"],
  ["tsconfig.cjs.json", "commonjs"],
]) {
  execFileSync(process.execPath, [compiler, "-p", project], { cwd: fileURLToPath(HERE), stdio: "inherit" });
  const folder = type === "module" ? "esm" : "cjs";
  await writeFile(new URL(`dist/${folder}/package.json`, HERE), `${JSON.stringify({ type, sideEffects: false })}\n`);
}
