import assert from "node:assert/strict";
import test from "node:test";
import { languages, load } from "./load.mjs";

const A = load("dom", "days", "i18n");
const saying = (lang, key, values) => {
  A.i18n.use(lang);
  return A.t(key, values);
};

test("the languages of the page are those that came with it", () => {
  assert.deepEqual(A.i18n.langs(), Object.keys(languages));
  assert.equal(A.i18n.label("ar"), "العربية");
  assert.equal(A.i18n.script("ru"), "Cyrl");
  A.i18n.use("ar");
  assert.equal(A.i18n.direction(), "rtl");
  A.i18n.use("nonsense"); // stays as it is
  assert.equal(A.i18n.direction(), "rtl");
});

test("a word takes the plural form of its number", () => {
  assert.equal(saying("en", "deaths", { n: 1 }), "1 death");
  assert.equal(saying("en", "deaths", { n: "12\u202f001" }), "12\u202f001 deaths");
  const forms = languages.ru.words.eventCount;
  for (const [n, form] of [[1, "one"], [2, "few"], [5, "many"], [11, "many"], [21, "one"], [112, "many"], [1022, "few"]]) {
    assert.equal(saying("ru", "eventCount", { n }), forms[form].replace("{n}", n), n);
  }
});

test("a blank is filled once, and what is unknown is said plainly", () => {
  assert.equal(saying("en", "near", { km: "{place}", place: "X" }), "{place} km from X");
  assert.equal(saying("en", "near", { km: 3 }), "3 km from {place}");
  assert.equal(A.t("no_such_word"), "no such word");
});

test("numbers are grouped from five digits on", () => {
  assert.equal(A.number(1234), "1234");
  assert.equal(A.number(12345), "12\u202f345");
  assert.equal(A.number(1234567), "1\u202f234\u202f567");
});
