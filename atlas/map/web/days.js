"use strict";
// Days are whole numbers since 1970-01-01 UTC. No Date object, hence no time zone, is ever asked.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const OPEN_START = -(2 ** 31);
  const OPEN_END = 2 ** 31 - 1;

  // Proleptic Gregorian civil calendar by eras of 400 years (146,097 days).
  function fromYmd(year, month, day) {
    const y = month <= 2 ? year - 1 : year;
    const era = Math.floor(y / 400);
    const ofEra = y - era * 400;
    const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
    return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468;
  }

  function toYmd(number) {
    const z = number + 719468;
    const era = Math.floor(z / 146097);
    const doe = z - era * 146097;
    const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
    const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
    const mp = Math.floor((5 * doy + 2) / 153);
    const day = doy - Math.floor((153 * mp + 2) / 5) + 1;
    const month = mp < 10 ? mp + 3 : mp - 9;
    return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day };
  }

  const leap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const monthLength = (year, month) =>
    month === 2 ? (leap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

  const pad = (value, width) => String(value).padStart(width, "0");
  function iso(number) {
    const { year, month, day } = toYmd(number);
    return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  }

  // Browsers lack the data of many languages: names of months and patterns come with the page.
  let tables = new Map();
  const learn = (languages) => { tables = new Map(Object.entries(languages)); };
  const tableOf = (lang) => tables.get(lang) || tables.values().next().value;

  // A date by a pattern in CLDR's letters: "d MMMM y", "d 'de' MMMM 'de' y".
  function filled(pattern, table, year, month, day) {
    return pattern.replace(/'([^']*)'|([yMLd])\2*/g, (letters, quoted) => {
      if (quoted !== undefined) return quoted;
      if (letters[0] === "y") return String(year);
      if (letters[0] === "d") return pad(day, letters.length);
      if (letters.length < 3) return pad(month, letters.length);
      if (letters.length === 3) return table.monthsShort[month - 1];
      return (letters[0] === "M" ? table.months : table.monthsAlone)[month - 1];
    });
  }
  function written(key, lang, year, month, day) {
    const table = tableOf(lang);
    if (!table) return `${pad(year, 4)}-${pad(month, 2)}${key === "month" ? "" : `-${pad(day, 2)}`}`;
    return filled(table[key], table, year, month, day);
  }
  function format(number, lang) {
    const { year, month, day } = toYmd(number);
    return written("day", lang, year, month, day);
  }
  function formatShort(number, lang) {
    const { year, month, day } = toYmd(number);
    return written("dayShort", lang, year, month, day);
  }
  const formatMonth = (year, month, lang) => written("month", lang, year, month, 1);

  // EDTF of one date -> [first day, last day], or null.
  function bounds(text) {
    const clean = text.trim().replace(/[~?%]$/, "");
    let match;
    if ((match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(clean))) {
      const [year, month, day] = match.slice(1).map(Number);
      if (month < 1 || month > 12 || day < 1 || day > monthLength(year, month)) return null;
      const number = fromYmd(year, month, day);
      return [number, number];
    }
    if ((match = /^(\d{4})-(\d{2})$/.exec(clean))) {
      const [year, month] = match.slice(1).map(Number);
      if (month >= 21 && month <= 24) {
        const first = 3 * (month - 20);
        const last = first + 2 > 12 ? [year + 1, first + 2 - 12] : [year, first + 2];
        return [fromYmd(year, first, 1), fromYmd(last[0], last[1], monthLength(last[0], last[1]))];
      }
      if (month < 1 || month > 12) return null;
      return [fromYmd(year, month, 1), fromYmd(year, month, monthLength(year, month))];
    }
    if (/^\d{4}$/.test(clean)) return [fromYmd(+clean, 1, 1), fromYmd(+clean, 12, 31)];
    if (/^\d{3}X$/i.test(clean)) {
      const year = +clean.slice(0, 3) * 10;
      return [fromYmd(year, 1, 1), fromYmd(year + 9, 12, 31)];
    }
    if (/^\d{2}XX$/i.test(clean)) {
      const year = +clean.slice(0, 2) * 100;
      return [fromYmd(year, 1, 1), fromYmd(year + 99, 12, 31)];
    }
    return null;
  }

  // A typed date: EDTF, or a day as people write it (10.11.2020, 10 November 2020).
  function parse(text) {
    const clean = text.trim();
    const dotted = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(clean);
    if (dotted) return parse(`${dotted[3]}-${dotted[2]}-${dotted[1]}`);
    const worded = /^(\d{1,2})\.?\s+(?:de\s+)?([\p{L}\p{M}]+)\.?,?\s+(?:de\s+)?(\d{4})$/u.exec(clean);
    if (worded) {
      const plain = (name) => name.toLowerCase().replace(/\.$/, "");
      for (const table of tables.values()) {
        for (const list of [table.months, table.monthsAlone, table.monthsShort]) {
          const month = list.map(plain).indexOf(plain(worded[2]));
          if (month >= 0) return parse(`${worded[3]}-${month + 1}-${worded[1]}`);
        }
      }
    }
    const parts = clean.split("/");
    if (parts.length > 2 || !clean) return null;
    const open = (part) => part === ".." || part === "";
    const first = open(parts[0]) && parts.length === 2 ? [OPEN_START, OPEN_START] : bounds(parts[0]);
    const last = parts.length === 1 ? first : open(parts[1]) ? [OPEN_END, OPEN_END] : bounds(parts[1]);
    if (!first || !last || last[1] < first[0]) return null;
    return { first: first[0], last: last[1] };
  }

  // A stored EDTF text in words: "November 2020", "about 2 April 1993", "9-10 November 2020".
  function describe(text, lang, about) {
    const one = (part) => {
      const mark = /[~?%]$/.test(part) ? about + " " : "";
      const clean = part.replace(/[~?%]$/, "");
      const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(clean);
      if (match && match[3]) return mark + format(fromYmd(+match[1], +match[2], +match[3]), lang);
      if (match && +match[2] <= 12) return mark + formatMonth(+match[1], +match[2], lang);
      return mark + clean;
    };
    return text.split("/").map((part) => (part === ".." || part === "" ? "…" : one(part))).join(" – ");
  }

  A.days = { OPEN_START, OPEN_END, learn, fromYmd, toYmd, iso, format, formatShort, formatMonth, parse, describe };
})(globalThis.atlasPage);
