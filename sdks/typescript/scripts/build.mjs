// Compiles the package twice: dist/esm for `import`, dist/cjs for `require`. What was there stays until both are done.
import { execFileSync } from "node:child_process";
import { rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const fresh = join(ROOT, `dist.${process.pid}`);

for (const [folder, type, project] of [
  ["esm", "module", "tsconfig.json"],
  ["cjs", "commonjs", "tsconfig.cjs.json"],
]) {
  const out = join(fresh, folder);
  execFileSync(process.execPath, [compiler, "-p", project, "--outDir", out], { cwd: ROOT, stdio: "inherit" });
  await writeFile(join(out, "package.json"), `${JSON.stringify({ type, sideEffects: false })}\n`);
}
await rm(join(ROOT, "dist"), { recursive: true, force: true });
await rename(fresh, join(ROOT, "dist"));
