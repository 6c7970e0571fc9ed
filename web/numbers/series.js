// What the curves and tables are made of, from the published summary. No drawing here.

const WEEK = 7;
const COMPLETE = 0.95;

/** The mean of each value and the six before it; null where one of them is not published. */
export function sevenDayMeans(values) {
  return values.map((_, index) => {
    const week = values.slice(Math.max(0, index - WEEK + 1), index + 1);
    if (week.length < WEEK || week.some((value) => value === null)) return null;
    return week.reduce((sum, value) => sum + value, 0) / WEEK;
  });
}

/**
 * One row for each day of the country.
 *
 * `incomplete` are those after the published window, and those of which less than 95 % has come.
 */
export function days({ france, completeness, window }) {
  const means = sevenDayMeans(france.P);
  const testsMeans = sevenDayMeans(france.tests);
  return france.days.map((day, index) => {
    const complete = completeness[day] ?? null;
    return {
      day,
      date: new Date(`${day}T00:00:00Z`),
      tests: france.tests[index],
      positives: france.positives[index],
      P: france.P[index],
      T: france.T[index],
      Ti: france.Ti[index],
      Tp: france.Tp[index],
      Td: france.Td[index],
      mean: means[index],
      testsMean: testsMeans[index],
      complete,
      incomplete: day > window.last || (complete !== null && complete < COMPLETE),
    };
  });
}

/** The share received of the window's least complete day; null where none is known. */
export function leastComplete({ window, completeness }) {
  const shares = Object.entries(completeness)
    .filter(([day, share]) => day >= window.first && day <= window.last && share !== null)
    .map(([, share]) => share);
  return shares.length === 0 ? null : Math.min(...shares);
}

/**
 * The country's figures of the window and how each has moved in a week.
 *
 * `change` is relative, so 0.1 is a tenth more; null where it cannot be told.
 */
export function keyFigures({ france, window }) {
  const last = france.days.indexOf(window.last);
  const figure = (values) => {
    const [value, before] = [values[last] ?? null, values[last - WEEK] ?? null];
    return { value, change: value === null || !before ? null : value / before - 1 };
  };
  const sums = (values) => sevenDayMeans(values).map((mean) => (mean === null ? null : Math.round(mean * WEEK)));
  return { Ti: figure(france.Ti), Tp: figure(france.Tp), P: figure(sums(france.P)), tests: figure(sums(france.tests)) };
}

/** Rows of `{ code, name, … }` from areas or ages by code, in the order of their codes. */
export function byCode(places) {
  return Object.entries(places)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, figures]) => ({ code, ...figures }));
}

/** The bounds of an age class by the last age in it: `09` is 0 to 9, `90` is 90 and over. */
export function ageBounds(code) {
  const last = Number(code);
  return last === 90 ? [90, null] : [last - 9, last];
}

/** One row for each week and name, of shares by name. */
export function shares(weeks, byName) {
  return Object.entries(byName).flatMap(([name, values]) =>
    values.map((share, index) => ({ name, week: weeks[index], date: new Date(`${weeks[index]}T00:00:00Z`), share })),
  );
}
