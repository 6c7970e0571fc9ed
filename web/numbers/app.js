// The page of the numbers: reads what is published and shows it.

import { element } from "../results/element.js";
import { downloads } from "./downloads.js";
import { formats } from "./format.js";
import { newest, readIndex, readSummary } from "./publication.js";
import { showAges, showAreas, showDays, showVariants } from "./sections.js";
import { keyFigures, leastComplete } from "./series.js";
import { texts } from "./texts.js";

const language = document.documentElement.lang;
const words = texts[language];
const format = formats(language, words.tooFew);
const at = (id) => document.getElementById(id);

function say(state, sentence) {
  document.body.dataset.state = state;
  const ready = state === "ready";
  at("state").textContent = sentence;
  at("state").classList.toggle("unseen", ready);
  at("retry").hidden = state !== "failed";
  at("numbers").hidden = !ready;
}

async function start() {
  say("loading", words.loading);
  try {
    const publications = await readIndex(document.baseURI);
    if (publications.length === 0) {
      say("empty", words.empty);
      return;
    }
    await show(publications);
  } catch (error) {
    console.warn(error.message);
    say("failed", words.failed);
  }
}

async function show(publications) {
  const diseases = newest(publications);
  const asked = new URLSearchParams(location.search).get("disease");
  const publication = diseases.get(asked) ?? publications[0];
  const summary = await readSummary(publication);
  const name = summary.names[language] ?? summary.disease;
  // Pictures are drawn at the width of their places, which hidden ones do not have.
  say("ready", words.ready(name));
  title(name);
  dates(summary);
  figures(summary);
  chooser(diseases, publication);
  for (const section of [showAreas, showDays, showAges, showVariants]) section(summary, words, format);
  const earlier = publications.filter((one) => one.disease === publication.disease && one !== publication);
  at("downloads").replaceChildren(...downloads({ publication, earlier, words, format }));
}

function title(name) {
  document.title = `${words.heading(name)} – Vigie`;
  at("heading").textContent = words.heading(name);
}

function dates(summary) {
  const { published_on: published, version, window: shown } = summary;
  const complete = leastComplete(summary);
  at("dated").textContent = words.dated(format.day(published), version, format.day(shown.first), format.day(shown.last));
  at("complete").textContent = complete === null ? words.completeUnknown : words.complete(format.share(complete));
}

function figures(summary) {
  const write = { Ti: format.rate, Tp: format.percent, P: format.count, tests: format.count };
  at("figures").replaceChildren(
    ...Object.entries(keyFigures(summary)).map(([key, { value, change }]) => {
      const [name, unit] = words.figures[key];
      return element(
        "div",
        { id: `figure-${key}` },
        element("dt", { textContent: name }),
        element("dd", {}, element("strong", { textContent: write[key](value) }), element("span", { textContent: unit })),
        change === null ? null : element("dd", { className: "change", textContent: changed(change) }),
      );
    }),
  );
}

function changed(change) {
  const by = Math.round(Math.abs(change) * 100) / 100;
  if (by === 0) return words.change.same;
  return words.change[change > 0 ? "up" : "down"](format.share(by));
}

function chooser(diseases, chosen) {
  at("diseases").hidden = diseases.size < 2;
  at("disease").replaceChildren(
    ...[...diseases.values()].map(({ disease, names }) =>
      element("option", { value: disease, textContent: names?.[language] ?? disease, selected: disease === chosen.disease }),
    ),
  );
  at("disease").onchange = ({ target }) => {
    location.search = new URLSearchParams({ disease: target.value });
  };
}

at("other-language").search = location.search;
at("retry").addEventListener("click", start);
start();
