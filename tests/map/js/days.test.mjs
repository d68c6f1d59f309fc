import assert from "node:assert/strict";
import test from "node:test";
import { languages, load } from "./load.mjs";

const { days } = load("dom", "days");

test("a day's number and its date are one another's inverse over two thousand years", () => {
  let date = null;
  for (let number = -365 * 1000; number < 365 * 1000; number += 1) {
    const next = days.toYmd(number);
    if (number % 37 === 0) assert.equal(days.fromYmd(next.year, next.month, next.day), number);
    assert.ok(!date || next.day === date.day + 1 || next.day === 1);
    date = next;
  }
});

test("days agree with the platform's own UTC calendar", () => {
  for (const text of ["1970-01-01", "2000-02-29", "1988-02-20", "2020-11-10", "1900-03-01", "2100-02-28"]) {
    const number = Date.parse(text) / 86400000;
    assert.equal(days.iso(number), text);
    assert.equal(days.parse(text).first, number);
  }
});

test("EDTF texts mean the days they mean", () => {
  const span = (text) => {
    const found = days.parse(text);
    return found && [days.iso(found.first), days.iso(found.last)];
  };
  assert.deepEqual(span("2020-11-10"), ["2020-11-10", "2020-11-10"]);
  assert.deepEqual(span("2020-11"), ["2020-11-01", "2020-11-30"]);
  assert.deepEqual(span("2020-02"), ["2020-02-01", "2020-02-29"]);
  assert.deepEqual(span("199X"), ["1990-01-01", "1999-12-31"]);
  assert.deepEqual(span("2020-23"), ["2020-09-01", "2020-11-30"]);
  assert.deepEqual(span("2020-24"), ["2020-12-01", "2021-02-28"]);
  assert.deepEqual(span("1993-04-02~"), ["1993-04-02", "1993-04-02"]);
  assert.deepEqual(span("2020-09-27/2020-11-10"), ["2020-09-27", "2020-11-10"]);
  assert.deepEqual(span("10.11.2020"), ["2020-11-10", "2020-11-10"]);
  assert.deepEqual(span("10 November 2020"), ["2020-11-10", "2020-11-10"]);
  for (const lang of Object.keys(languages)) {
    const written = days.format(days.fromYmd(2020, 11, 10), lang);
    assert.deepEqual(span(written), ["2020-11-10", "2020-11-10"], written);
  }
  assert.equal(days.parse("2020-09-27/..").last, days.OPEN_END);
});

test("what is not a date is not one", () => {
  for (const text of ["", "soon", "2020-13", "2021-02-29", "2020-11-31", "2020-11-10/2020-09-27", "1/2/3/4", "<b>"]) {
    assert.equal(days.parse(text), null, text);
  }
});

test("months have names in every language of the page", () => {
  const number = days.fromYmd(2020, 11, 10);
  assert.equal(days.format(number, "en"), "10 November 2020");
  assert.equal(days.format(number, "hy"), "10 նոյեմբերի, 2020");
  assert.equal(days.format(number, "az"), "10 noyabr 2020");
  assert.equal(days.format(number, "ru"), "10 ноября 2020");
  assert.equal(days.format(number, "es"), "10 de noviembre de 2020");
  for (const lang of Object.keys(languages)) {
    const all = new Set(Array.from({ length: 12 }, (_, m) => days.format(days.fromYmd(2020, m + 1, 1), lang)));
    assert.equal(all.size, 12);
    assert.ok(![...all].some((text) => text.includes("undefined")));
  }
});

test("stored dates are told with their doubt", () => {
  assert.equal(days.describe("1993-04-02~", "en", "about"), "about 2 April 1993");
  assert.equal(days.describe("2020-11", "ru", ""), "ноябрь 2020");
  assert.equal(days.describe("2020-11-09/2020-11-10", "en", ""), "9 November 2020 – 10 November 2020");
  assert.equal(days.describe("1992/..", "en", ""), "1992 – …");
});
