// Alerting contacts: the button that gets an upload code, and the code for the tracing app.

import { drawing, element } from "./element.js";
import { readingAloud } from "./reading-aloud.js";
import { texts } from "./texts.js";

function code(given, language, testDate) {
  const words = texts[language];
  return element("div", { className: "code" },
    element("p", { textContent: words.alertHow }),
    element("a", { className: "button", href: given.link, textContent: words.alertOpen }),
    drawing(given.qr_svg, words.alertCode),
    element("details", {},
      element("summary", { textContent: words.text }),
      element("code", { textContent: given.code })),
    readingAloud(language, given.code, testDate));
}

/**
 * The section of a result that permits it.
 * @param testDate day of the sampling, YYYY-MM-DD.
 * @param getCode gives `{ given }` or `{ problem }`, the name of a text.
 */
export function alerting(language, testDate, getCode) {
  const words = texts[language];
  const button = element("button", { type: "button", className: "main", textContent: words.alert });
  const said = element("p", { className: "error", role: "alert" });
  const section = element("section", { className: "alerting" },
    element("h3", { textContent: words.alertTitle }),
    element("p", { textContent: words.alertWhy }),
    button,
    said);
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = "";
    const { given, problem } = await getCode();
    button.disabled = false;
    if (!given) {
      said.textContent = words[problem];
      return;
    }
    button.replaceWith(code(given, language, testDate));
    section.querySelector("a").focus();
  });
  return section;
}
