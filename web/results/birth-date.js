// A birth date from three fields, of which the day, or the day and the month, may be empty.

const digits = (text, most) => (/^\d+$/.test(text) && text.length <= most ? Number(text) : NaN);
const two = (number) => String(number).padStart(2, "0");

/** ISO 8601 to the day, the month or the year; null if it is no date. */
export function isoBirthDate(day, month, year) {
  const [d, m, y] = [day, month, year].map((text) => text.trim());
  if (!/^(18|19|20)\d\d$/.test(y)) return null;
  if (m === "") return d === "" ? y : null;
  const monthNumber = digits(m, 2);
  if (!(monthNumber >= 1 && monthNumber <= 12)) return null;
  if (d === "") return `${y}-${two(monthNumber)}`;
  const dayNumber = digits(d, 2);
  const last = new Date(Date.UTC(Number(y), monthNumber, 0)).getUTCDate();
  if (!(dayNumber >= 1 && dayNumber <= last)) return null;
  return `${y}-${two(monthNumber)}-${two(dayNumber)}`;
}
