// A verification code, to be read out to a tracer or typed into the tracing app. Tracing gives it
// for the upload code alone: it does not learn whose result this is.

import { element } from "./element.js";
import { texts } from "./texts.js";

const problems = { 401: "spokenUsed", 429: "spokenTooMany" };

async function issue(uploadCode, testDate) {
  const response = await fetch("/api/issue", {
    method: "POST",
    headers: { "Authorization": `Bearer ${uploadCode}`, "Content-Type": "application/json" },
    body: JSON.stringify({ testType: "confirmed", testDate }),
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  if (response.ok) return { issued: await response.json() };
  return { problem: problems[response.status] ?? "failed" };
}

/** Digits in two halves, as they are read out. */
export function inHalves(code) {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)} ${code.slice(half)}`;
}

function shown(issued, language) {
  const words = texts[language];
  const at = (seconds) => new Date(seconds * 1000).toLocaleString(language, { dateStyle: "short", timeStyle: "short" });
  return element("div", { className: "spoken" },
    element("p", { className: "digits", textContent: inHalves(issued.code) }),
    element("p", { textContent: words.spokenUntil(at(issued.expiresAtTimestamp)) }),
    element("a", { className: "button", href: issued.link, textContent: words.spokenLink }),
    element("p", { className: "hint", textContent: words.spokenLinkUntil(at(issued.longExpiresAtTimestamp)) }));
}

/** The button that gets a code, which can be asked for again once the first has ended. */
export function readingAloud(language, uploadCode, testDate) {
  const words = texts[language];
  const button = element("button", { type: "button", className: "spoken-code", textContent: words.spoken });
  const said = element("p", { className: "error", role: "alert" });
  const place = element("div", { role: "status" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = "";
    const { issued, problem } = await issue(uploadCode, testDate).catch(() => ({ problem: "offline" }));
    button.disabled = false;
    if (!issued) {
      said.textContent = words[problem];
      return;
    }
    button.textContent = words.spokenAgain;
    place.replaceChildren(shown(issued, language));
  });
  return element("div", {}, element("p", { textContent: words.spokenWhy }), button, said, place);
}
