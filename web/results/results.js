// Drawing what is behind a link.

import { alerting } from "./alerting.js";
import { drawing, element } from "./element.js";
import { texts } from "./texts.js";

// The day comes before the month in both.
const locale = { fr: "fr-FR", en: "en-GB" };

// A day without a time is the same day everywhere; a time has the day of whoever reads it.
const onDay = (iso, language) =>
  new Intl.DateTimeFormat(locale[language], { dateStyle: "long", timeZone: "UTC" }).format(new Date(iso));
const atTime = (iso, language) =>
  new Intl.DateTimeFormat(locale[language], { dateStyle: "long", timeStyle: "short" }).format(new Date(iso));

const dayOf = (iso, language) =>
  new Intl.DateTimeFormat(locale[language], { dateStyle: "long" }).format(new Date(iso));

function facts(pairs) {
  const list = element("dl");
  for (const [name, value] of pairs.filter(([, value]) => value)) {
    list.append(element("div", {}, element("dt", { textContent: name }), element("dd", { textContent: value })));
  }
  return list;
}

function code(certificate, words) {
  const svg = drawing(certificate.qr_svg, words.code(certificate.title));
  const text = element("details", {},
    element("summary", { textContent: words.text }),
    element("code", { textContent: certificate.hcert }));
  const download = element("a", {
    className: "button",
    href: `data:image/png;base64,${certificate.qr_png}`,
    download: `${certificate.kind}-${certificate.valid_from}.png`,
    textContent: words.download,
  });
  return element("div", { className: "code" }, svg, download, text);
}

function certificateCard(certificate, language) {
  const words = texts[language];
  const valid = certificate.state === "valid";
  return element("section", { className: `certificate ${certificate.state}` },
    element("h3", {}, `${certificate.title} `,
      element("span", { className: "badge", textContent: words.state[certificate.state] })),
    element("p", {
      textContent: valid
        ? words.valid(onDay(certificate.valid_from, language), onDay(certificate.valid_until, language))
        : words[certificate.state],
    }),
    valid ? code(certificate, words) : null);
}

function resultCard(result, language, getCode) {
  const words = texts[language];
  const outcome = result.outcome;
  const standing = result.standing;
  const coming = result.recovery_certificate_from;
  return element("article", {},
    element("h2", { textContent: `${result.disease} — ${dayOf(result.sampled_at, language)}` }),
    element("p", { className: `outcome ${outcome ? outcome.code : standing.code}` },
      element("strong", { textContent: outcome ? outcome.text : standing.text }),
      outcome ? element("span", { textContent: standing.text }) : null),
    facts([
      [words.test, result.method.text],
      [words.sampled, atTime(result.sampled_at, language)],
      [words.reported, atTime(result.reported_at, language)],
      [words.where, result.testing_centre],
      [words.laboratory, result.laboratory],
    ]),
    element("section", { className: "advice" },
      element("h3", { textContent: result.advice.title }),
      element("ul", {}, ...result.advice.steps.map((step) => element("li", { textContent: step })))),
    result.upload_code_until ? alerting(language, result.sampled_at.slice(0, 10), () => getCode(result.id)) : null,
    coming ? element("p", { className: "notice", textContent: words.coming(onDay(coming, language)) }) : null,
    ...result.certificates.map((certificate) => certificateCard(certificate, language)));
}

function vaccinationCard(vaccination, language) {
  const words = texts[language];
  const withdrawn = vaccination.status === "withdrawn";
  return element("article", {},
    element("h2", { textContent: `${vaccination.disease} — ${onDay(vaccination.given_on, language)}` }),
    element("p", { className: "outcome" },
      element("strong", { textContent: words.vaccination(vaccination.number) }),
      withdrawn ? element("span", { textContent: words.vaccinationWithdrawn }) : null),
    facts([
      [words.vaccine, vaccination.product_name ?? vaccination.product],
      [words.country, vaccination.country],
    ]),
    ...vaccination.certificates.map((certificate) => certificateCard(certificate, language)));
}

/**
 * Show what a link opened, in place of whatever was shown before.
 * @param getCode gets the upload code of a result, by its id.
 */
export function show(opened, getCode) {
  const { language, person } = opened;
  const name = `${person.given_names.join(" ")} ${person.family_name}`;
  document.getElementById("person").textContent = name;
  document.getElementById("expiry").textContent = texts[language].expiry(dayOf(opened.expires_at, language));
  document.getElementById("results").replaceChildren(
    ...opened.results.map((result) => resultCard(result, language, getCode)),
    ...opened.vaccinations.map((vaccination) => vaccinationCard(vaccination, language)));
}
