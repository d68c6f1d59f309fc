"use strict";
// Words of the page, in the languages that came with it: texts, plural forms, numbers.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  // The categories of CLDR's plural rules, in the order in which the data count them.
  const CATEGORIES = ["zero", "one", "two", "few", "many", "other"];
  const NONE = { words: {}, plural: "", dir: "ltr", script: "", name: "" };
  let spoken = new Map();
  let current = NONE;

  A.i18n = {
    langs: () => [...spoken.keys()],
    label: (lang) => (spoken.has(lang) ? spoken.get(lang).name : lang),
    script: (lang) => (spoken.get(lang) || NONE).script,
    direction: () => current.dir,
    learn(languages) {
      spoken = new Map(Object.entries(languages));
      A.days.learn(languages);
      current = spoken.values().next().value || NONE;
    },
    use(lang) {
      current = spoken.get(lang) || current;
    },
  };
  const formOf = (forms, number) => {
    const n = Number(String(number).replace(/\D/g, "")) || 0;
    const code = current.plural[n < current.plural.length ? n : 100 + (n % 100)];
    return forms[CATEGORIES[code]] || forms.other;
  };
  A.t = (key, values) => {
    const word = current.words[key];
    if (word === undefined) return String(key).replace(/_/g, " ");
    const text = typeof word === "string" ? word : formOf(word, values && values.n);
    return text.replace(/\{(\w+)\}/g, (blank, name) => (values && name in values ? String(values[name]) : blank));
  };

  const SPACE = "\u202f";
  A.number = (value) => {
    const text = String(Math.round(value));
    return text.length > 4 ? text.replace(/\B(?=(\d{3})+$)/g, SPACE) : text;
  };
  // With the decimal sign of the language.
  A.decimal = (value, digits) => (digits > 0 ? String(Number(value.toFixed(digits))).replace(".", current.decimal || ".") : A.number(value));
  A.km = (value) => A.decimal(value, value < 10 ? 1 : 0);
  // What was measured, to three figures or the whole unit.
  const fine = (value) => (value < 10 ? 2 : value < 100 ? 1 : 0);
  A.length = (metres) => (metres < 1000 ? A.t("unit_m", { n: A.number(metres) }) : A.t("unit_km", { n: A.decimal(metres / 1000, fine(metres / 1000)) }));
  A.surface = (m2) => (m2 < 1e6 ? A.t("unit_ha", { n: A.decimal(m2 / 1e4, fine(m2 / 1e4)) }) : A.t("unit_km2", { n: A.decimal(m2 / 1e6, fine(m2 / 1e6)) }));
})(globalThis.atlasPage);
