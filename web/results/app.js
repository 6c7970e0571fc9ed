// The page behind the link of a message: it takes the token out of the address, asks for the
// birth date, and shows what the API gives. Nothing is kept beyond the page's own life.

import { isoBirthDate } from "./birth-date.js";
import { show } from "./results.js";
import { texts } from "./texts.js";

const form = document.getElementById("form");
const submit = form.querySelector("button");
const error = document.getElementById("error");
const state = {
  language: navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en",
  token: "",
  birthDate: null,
  error: null,
};

function say(problem) {
  state.error = problem;
  error.textContent = problem ? texts[state.language][problem] : "";
  form.year.setAttribute("aria-invalid", String(problem === "badDate"));
}

function write() {
  const words = texts[state.language];
  document.documentElement.lang = state.language;
  document.title = words.title;
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = words[place.dataset.text];
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === state.language));
  }
  say(state.error);
}

// The token leaves the address at once: not for the history, a bookmark, or who looks on.
function takeToken() {
  const token = location.hash.slice(1);
  if (/^[a-z2-7]{20,64}$/.test(token)) {
    state.token = token;
    state.birthDate = null;
    history.replaceState(null, "", location.pathname + location.search);
    document.getElementById("opened").hidden = true;
    document.getElementById("ask").hidden = false;
    say(null);
  }
  document.getElementById("no-link").hidden = state.token !== "";
  form.hidden = state.token === "";
}

async function post(path, more = {}) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": state.language },
    body: JSON.stringify({ token: state.token, birth_date: state.birthDate, ...more }),
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  if (response.ok) return { given: await response.json() };
  return { problem: { 403: "refused", 409: "noCode", 422: "badDate" }[response.status] ?? "failed" };
}

const ask = (path, more) => post(path, more).catch(() => ({ problem: "offline" }));
const getCode = (id) => ask("/v1/results/upload-code", { result_id: id });

async function open() {
  submit.disabled = true;
  submit.textContent = texts[state.language].opening;
  say(null);
  const { given: opened, problem } = await ask("/v1/results/open");
  submit.disabled = false;
  submit.textContent = texts[state.language].open;
  if (!opened) {
    state.birthDate = null;
    document.getElementById("opened").hidden = true;
    document.getElementById("ask").hidden = false;
    say(problem);
    form.year.focus();
    return;
  }
  show(opened, getCode);
  document.getElementById("ask").hidden = true;
  document.getElementById("opened").hidden = false;
  document.getElementById("status").textContent = texts[state.language].ready;
  document.getElementById("person").focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (submit.disabled) return;
  state.birthDate = isoBirthDate(form.day.value, form.month.value, form.year.value);
  if (state.birthDate) {
    open();
  } else {
    say("badDate");
    form.day.focus();
  }
});

// A full field leads to the next, as on paper.
for (const [field, next] of [[form.day, form.month], [form.month, form.year]]) {
  field.addEventListener("input", () => {
    if (/^\d\d$/.test(field.value)) next.focus();
  });
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    state.language = button.dataset.language;
    write();
    if (!document.getElementById("opened").hidden) open();
  });
}

addEventListener("hashchange", takeToken);
write();
takeToken();
