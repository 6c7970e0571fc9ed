// One visit to the page behind a link, in a real browser: `node alert.mjs '{"url": …, "birthDate":
// "1980-05-12"}'` opens it, asks for an upload code, and for a verification code with that. It prints
// what the person reads, and what the page asked for, as JSON.

import { chromium } from "playwright-core";

const PATIENCE = 60_000; // milliseconds

const { url, birthDate } = JSON.parse(process.argv[2]);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  timeout: PATIENCE,
});
try {
  console.log(JSON.stringify(await visit()));
} finally {
  await browser.close();
}

async function visit() {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const found = { requests: [], console: [] };
  page.on("request", (request) => found.requests.push(request.url()));
  page.on("console", (message) => found.console.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => found.console.push(`error: ${error.message}`));
  await page.goto(url);
  const [year, month, day] = birthDate.split("-");
  await page.fill("input[name=day]", day);
  await page.fill("input[name=month]", month);
  await page.fill("input[name=year]", year);
  await page.click("#form button[type=submit]");
  await page.click(".alerting button.main");
  await page.click("button.spoken-code");
  await page.waitForSelector(".digits, .spoken-code ~ .error:not(:empty)");
  found.said = await page.textContent(".alerting");
  found.digits = await page.textContent(".digits", { timeout: 1000 });
  found.link = await page.getAttribute(".spoken a", "href");
  return found;
}
