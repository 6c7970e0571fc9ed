// One visit to the page of the numbers in a real browser: `node visit.mjs '{"url": …}'` prints what
// a person would find there, as JSON.
//
// Besides `url`: `width` and `height` in pixels, `scheme` light or dark, `thorough` to look for what
// shuts people out, `area` a code to choose from the list, `switch` to follow the link to the other
// language, `save` to download the map's table, `screenshot` a file to write (the whole page where
// no height is given).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PATIENCE = 20_000; // milliseconds
const MOST_TABS = 60;

const asked = JSON.parse(process.argv[2]);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS, timeout: 60_000 });
try {
  console.log(JSON.stringify(await visit()));
} finally {
  await browser.close();
}

async function visit() {
  const page = await browser.newPage({
    viewport: { width: asked.width ?? 1280, height: asked.height ?? 800 },
    colorScheme: asked.scheme ?? "light",
    reducedMotion: "reduce",
  });
  page.setDefaultTimeout(PATIENCE);
  const found = { requests: [], console: [] };
  page.on("request", (request) => found.requests.push(request.url()));
  page.on("console", (message) => found.console.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => found.console.push(`error: ${error.message}`));
  const response = await page.goto(asked.url);
  found.headers = response.headers();
  await settled(page);
  if (asked.switch) {
    await page.click("#other-language");
    await page.waitForURL((url) => url.href !== asked.url);
    await settled(page);
  }
  if (asked.area) {
    await page.selectOption("#area", asked.area);
    found.reading = await page.textContent("#area-figures");
  }
  Object.assign(found, await page.evaluate(read));
  if (asked.thorough) {
    found.violations = await violations(page);
    if (found.state === "ready") found.keyboard = await byKeyboard(page);
  }
  if (asked.save) found.saved = await saved(page);
  if (asked.screenshot) await page.screenshot({ path: asked.screenshot, fullPage: asked.height === undefined });
  return found;
}

async function settled(page) {
  await page.waitForSelector("body:not([data-state=loading])");
  if ((await page.getAttribute("body", "data-state")) === "ready") await page.waitForSelector("#map svg path");
}

/** Runs in the page: what stands there. */
function read() {
  const text = (selector) => document.querySelector(selector)?.textContent ?? null;
  const rows = (selector) =>
    [...document.querySelectorAll(`${selector} tr`)].map((row) => [...row.cells].map((cell) => cell.textContent));
  return {
    address: location.href,
    language: document.documentElement.lang,
    state: document.body.dataset.state,
    said: text("#state"),
    title: document.title,
    heading: text("h1"),
    dated: text("#dated"),
    complete: text("#complete"),
    figures: Object.fromEntries(["Ti", "Tp", "P", "tests"].map((key) => [key, text(`#figure-${key} strong`)])),
    tables: Object.fromEntries(["map", "curves", "ages", "letters", "lineages"].map((name) => [name, rows(`#${name}-table`)])),
    pictures: [...document.querySelectorAll(".picture > svg")].map((picture) => [picture.getAttribute("role"), picture.getAttribute("aria-label")]),
    legend: [...document.querySelectorAll("#legend li")].map((entry) => entry.textContent),
    unpublished: document.querySelectorAll("#map [fill='url(#unpublished)']").length,
    downloads: [...document.querySelectorAll("#downloads a")].map((link) => link.href),
    diseases: [...document.querySelectorAll("#disease option")].map((option) => option.textContent),
    retry: !document.getElementById("retry").hidden,
    width: document.documentElement.scrollWidth,
    stored: document.cookie + localStorage.length + sessionStorage.length,
  };
}

/** What axe-core finds serious or worse. It comes in by the debugger, which no policy binds. */
async function violations(page) {
  const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  await page.evaluate(readFileSync(source, "utf8"));
  const { violations: all } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return all
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`);
}

/** From the top of the page to the map's table with Tab, open it with Enter, scroll it. */
async function byKeyboard(page) {
  const focused = (selector) => page.evaluate((wanted) => document.activeElement.matches(wanted), selector);
  const first = await page.evaluate(() => {
    document.activeElement.blur();
    window.getSelection().removeAllRanges();
    return document.querySelector("#map-table details").open;
  });
  let tabs = 0;
  while (tabs < MOST_TABS && !(await focused("#map-table summary"))) {
    await page.keyboard.press("Tab");
    tabs += 1;
  }
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const reached = await focused("#map-table [role=region][tabindex='0']");
  await page.keyboard.press("End");
  const scrolled = await page
    .waitForFunction(() => document.querySelector("#map-table [role=region]").scrollTop > 0, null, { timeout: 3000 })
    .then(() => true)
    .catch(() => false);
  return { openAtFirst: first, tabs, reached, scrolled };
}

async function saved(page) {
  const coming = page.waitForEvent("download");
  await page.click("#map-table .save");
  const download = await coming;
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}
