// Bundles every `*.test.ts` and runs them with Node's own test runner.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import * as esbuild from "esbuild";

const outdir = await mkdtemp(join(tmpdir(), "taskdeck-ui-"));
const files = await readdir("src", { recursive: true });
await esbuild.build({
  entryPoints: files.filter((file) => file.endsWith(".test.ts")).map((file) => join("src", file)),
  outdir,
  bundle: true,
  format: "esm",
  platform: "node",
  outExtension: { ".js": ".mjs" },
});
const tests = (await readdir(outdir, { recursive: true })).filter((file) => file.endsWith(".mjs"));
let failed = false;
run({ files: tests.map((file) => join(outdir, file)) })
  .on("test:fail", () => (failed = true))
  .compose(spec)
  .on("end", async () => {
    await rm(outdir, { recursive: true });
    process.exitCode = failed ? 1 : 0;
  })
  .pipe(process.stdout);
