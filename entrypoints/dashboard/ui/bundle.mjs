// Bundles the dashboard into ../static: hashed names, compressed next to the plain files, and the
// notices of what is inside. `--watch` builds again after every change.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const HERE = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const STATIC = join(HERE, "..", "static");
const SOURCES = process.env.TASKDECK_UI_SOURCES ?? "";
const BUNDLED = ["preact", "@preact/signals", "@preact/signals-core", "uplot"];

const options = {
  absWorkingDir: HERE,
  entryPoints: {
    start: "src/start.ts",
    main: "src/main.tsx",
    theme: "src/theme-early.ts",
    style: "src/style/index.css",
  },
  outdir: STATIC,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".svg": "file" },
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  write: false,
};

/** The page: everything by hashed name (`pages.py` puts a prefix before it); the theme is set before the first paint. */
function page(names, preloads, template) {
  const links = preloads.map((name) => `<link rel="modulepreload" href="/assets/${name}" />`).join("\n    ");
  return template
    .replace("{{preloads}}", links)
    .replace(/\{\{(\w+)\}\}/g, (_, name) => `/assets/${names[name]}`);
}

/** Files that a script cannot run without, itself included: the page fetches all of them at once. */
function needed(outputs, path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const each of outputs[path].imports)
    if (each.kind === "import-statement") needed(outputs, each.path, found);
  return found;
}

async function notices() {
  const texts = await Promise.all(
    BUNDLED.map(async (name) => {
      const folder = join(HERE, "node_modules", name);
      const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
      return `${name} ${version} (${license})\n\n${await readFile(join(folder, file), "utf8")}`;
    }),
  );
  return `The dashboard contains:\n\n${texts.join(`\n${"-".repeat(72)}\n\n`)}`;
}

async function store(name, contents) {
  const body = Buffer.from(contents);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  await writeFile(join(STATIC, name), body);
  await writeFile(join(STATIC, `${name}.br`), brotliCompressSync(body, { params: quality }));
  await writeFile(join(STATIC, `${name}.gz`), gzipSync(body, { level: 9 }));
}

async function write(result) {
  const outputs = result.outputFiles.map((file) => [basename(file.path), file.contents]);
  const names = {};
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    if (output.entryPoint) names[basename(path).replace(/-[A-Z0-9]+\..*$/, "")] = basename(path);
  }
  const icon = await readFile(join(HERE, "src", "icon.svg"));
  names.icon = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
  const main = Object.keys(result.metafile.outputs).find((path) => basename(path) === names.main);
  const preloads = [...needed(result.metafile.outputs, main)].map((path) => basename(path));
  const html = page(names, preloads, await readFile(join(HERE, "src", "index.html"), "utf8"));

  await rm(STATIC, { recursive: true, force: true });
  await mkdir(STATIC, { recursive: true });
  for (const [name, contents] of outputs) await store(name, contents);
  await store(names.icon, icon);
  await store("index.html", html);
  await writeFile(join(STATIC, "THIRD-PARTY-NOTICES.txt"), await notices());
  // Last, because the brain reads everything again when this file changes.
  await writeFile(join(STATIC, "bundle.json"), JSON.stringify({ sources: SOURCES, ...names }));
}

const onEnd = {
  name: "write",
  setup: (build) => build.onEnd((result) => (result.errors.length ? undefined : write(result))),
};

const context = await esbuild.context({ ...options, plugins: [onEnd] });
if (process.argv.includes("--watch")) await context.watch();
else {
  await context.rebuild();
  await context.dispose();
}
