// Builds the page of the numbers: `node web/numbers/build/page.mjs [FOLDER]`, build/web/numbers
// unless told otherwise. The same sources give the same bytes.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { texts } from "../texts.js";
import { outlines } from "./outlines.mjs";

const SOURCES = dirname(dirname(fileURLToPath(import.meta.url)));
const ROOT = dirname(dirname(SOURCES));
const PAGES = { fr: "index.html", en: "en.html" };
const OTHER = { fr: "en", en: "fr" };
// Modules of the last few years; older browsers still read the downloads.
const TARGETS = ["chrome110", "firefox121", "safari16"];

/** The files of the page by name: both languages, with their one script and one style sheet. */
async function files() {
  const policy = readFileSync(join(SOURCES, "content-security-policy.txt"), "utf8").trim();
  checkPolicy(policy);
  const made = await bundle();
  const named = (suffix) => [...made.keys()].find((name) => name.endsWith(suffix));
  const places = { policy: forMeta(policy), script: named(".js"), stylesheet: named(".css") };
  const template = readFileSync(join(SOURCES, "page.html"), "utf8");
  for (const [language, page] of Object.entries(PAGES)) made.set(page, Buffer.from(filled(template, language, places)));
  return made;
}

async function bundle() {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(SOURCES, "app.js"), join(SOURCES, "style.css")],
    outdir: "out",
    entryNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    target: TARGETS,
    legalComments: "eof",
    logLevel: "warning",
    write: false,
    plugins: [outlinesPlugin],
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)]));
}

/**
 * Make a folder hold exactly these files. Those that it holds already are left alone, so that two
 * builds at once, and whoever reads the folder meanwhile, never miss one.
 */
function put(made, folder) {
  mkdirSync(folder, { recursive: true });
  const there = new Set(readdirSync(folder));
  for (const [name, contents] of made) {
    const path = join(folder, name);
    if (there.has(name) && readFileSync(path).equals(contents)) continue;
    const beside = join(dirname(folder), `.${process.pid}-${name}`);
    writeFileSync(beside, contents);
    renameSync(beside, path);
  }
  for (const name of there) if (!made.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
}

const outlinesPlugin = {
  name: "outlines",
  setup(made) {
    made.onResolve({ filter: /^outlines$/ }, ({ path }) => ({ path, namespace: "outlines" }));
    made.onLoad({ filter: /.*/, namespace: "outlines" }, () => ({ contents: JSON.stringify(outlines()), loader: "json" }));
  },
};

/** The page of one language: each {{name}} replaced, and none left over. */
function filled(template, language, places) {
  const { page } = texts[language];
  const meaning = page.meaning.map(([term, said]) => `<dt>${escaped(term)}</dt><dd>${escaped(said)}</dd>`).join("");
  const given = { ...places, language, otherCode: OTHER[language], otherPage: PAGES[OTHER[language]] };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => {
    if (name === "meaning") return meaning;
    const value = given[name] ?? page[name];
    if (value === undefined) throw new Error(`page.html asks for ${name}, which ${language} does not have`);
    return escaped(value);
  });
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

// Browsers read who may frame the page from the header only, and warn of it elsewhere.
const forMeta = (policy) => policy.replace(/;\s*frame-ancestors [^;]*/, "");

/** Plot puts one style element into each picture: the policy must allow it, and nothing else. */
function checkPolicy(policy) {
  const plot = join(dirname(createRequire(import.meta.url).resolve("@observablehq/plot")), "plot.js");
  const [, style] = /append\("style"\)\.text\(\s*`([^`]*)`/.exec(readFileSync(plot, "utf8"));
  const digest = createHash("sha256").update(style.replaceAll("${className}", "plot")).digest("base64");
  if (!policy.includes(`'sha256-${digest}'`)) throw new Error(`content-security-policy.txt lacks 'sha256-${digest}'`);
}

const folder = resolve(process.argv[2] ?? join(ROOT, "build", "web", "numbers"));
const made = await files();
put(made, folder);
for (const [name, contents] of made) console.log(`${contents.length}\t${name}`);
