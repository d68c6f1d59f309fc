import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

globalThis.document ??= { addEventListener() {} };
const A = load("dom", "days", "i18n", "decode", "store", "geodesy", "model", "canvas", "measure", "box");

test("text that a spreadsheet would run stands behind an apostrophe, numbers do not", () => {
  for (const text of ["=1+1", "@SUM(A1)", "+cmd", "-2+3", "\tx", "\r=1"]) assert.equal(A.neutralised(text), `'${text}`);
  for (const text of ["-5.2", "+1,5", "-1e-3", "plain", "a=b", ""]) assert.equal(A.neutralised(text), text);
  assert.equal(A.neutralised(-3), -3);
});

test("a table keeps commas, quotes and lines within their cells", () => {
  assert.equal(A.csvText(["a", "b"], [["x,y", 'say "no"'], ["one\ntwo", null], ["=1", -2]]), 'a,b\n"x,y","say ""no"""\n"one\ntwo",\n\'=1,-2\n');
});

test("deaths are summed from what is stated, lowest and highest too", () => {
  const best = [5, -1, -1, 0];
  const low = [3, 2, -1, -1];
  const high = [-1, 8, -1, -1];
  const events = { typeOf: (i) => ["battle", "battle", "protest", "aid"][i], start: [10, 4, 20, 7], days: [1, 30, 1, 1], deaths: (i) => best[i] };
  const texts = { count: (name, i) => (name === "low" ? low : high)[i] };
  const found = A.summed(events, texts, [0, 1, 2, 3]);
  assert.deepEqual(found.deaths, { low: 5, best: 7, high: 13, counted: 3 });
  assert.deepEqual(found.types, [["battle", 2], ["aid", 1], ["protest", 1]]);
  assert.deepEqual([found.first, found.last, found.n], [4, 33, 4]);
});

test("what is measured is told in the language's units, with its decimal sign", () => {
  A.i18n.use("en");
  assert.deepEqual([A.length(512.4), A.length(1234), A.length(45678), A.length(12345678)], ["512 m", "1.23 km", "45.7 km", "12\u202f346 km"]);
  assert.deepEqual([A.surface(4200), A.surface(2.5e6), A.surface(7.96e9)], ["0.42 ha", "2.5 km²", "7960 km²"]);
  A.i18n.use("ru");
  assert.deepEqual([A.length(1234), A.surface(4200)], ["1,23 км", "0,42 га"]);
  assert.equal(A.km(3.14), "3,1");
  A.i18n.use("en");
  assert.equal(A.decimal(1.25, 2), "1.25");
  assert.equal(A.decimal(12345, 0), "12\u202f345");
});

test("an area needs three points, and its way round the earth is drawn in short steps", () => {
  assert.equal(A.measured([[10, 50], [11, 50]]).m2, 0);
  const { metres, m2 } = A.measured([[10, 50], [11, 50], [11, 51]]);
  assert.ok(Math.abs(metres - (71695.7 + 111235.9)) < 200, String(metres));
  assert.ok(Math.abs(m2 / 1e6 - 3959) < 40, String(m2));
  const way = A.geodesy.wayOf([170, 60], [-170, 60]);
  assert.ok(way.length > 9 && way.every(([lon], k) => !k || Math.abs(lon - way[k - 1][0]) < 10));
  assert.ok(way[Math.floor(way.length / 2)][1] > 60.2);
});
