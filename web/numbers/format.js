// Numbers, days and sizes as people write them. What is not published is null.

/** Formats for one language; each gives `missing` for null. */
export function formats(language, missing) {
  const locale = language === "fr" ? "fr-FR" : "en-GB";
  const numbers = (options) => {
    const format = new Intl.NumberFormat(locale, options);
    return (value) => (value === null || value === undefined ? missing : format.format(value));
  };
  const days = (options) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
    return (day) => format.format(typeof day === "string" ? new Date(`${day}T00:00:00Z`) : day);
  };
  const share = numbers({ style: "percent", maximumFractionDigits: 1 });
  return {
    count: numbers({ maximumFractionDigits: 0 }),
    rate: numbers({ minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    plain: numbers({ maximumFractionDigits: 3 }),
    compact: numbers({ notation: "compact", maximumFractionDigits: 1 }),
    share,
    /** A rate that is already in per cent. */
    percent: (value) => share(value === null || value === undefined ? null : value / 100),
    day: days({ day: "numeric", month: "long", year: "numeric" }),
    shortDay: days({ day: "numeric", month: "short" }),
  };
}

/** A size such as `12.3 kB`, in the language's units. */
export function size(bytes, units, format) {
  let [value, index] = [bytes, 0];
  while (value >= 1000 && index < units.length - 1) {
    value /= 1000;
    index += 1;
  }
  return `${format(value < 10 && index > 0 ? Math.round(value * 10) / 10 : Math.round(value))} ${units[index]}`;
}
