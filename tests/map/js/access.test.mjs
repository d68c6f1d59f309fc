import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";
import { load } from "./load.mjs";

const A = load("dom", "days", "i18n", "decode", "geodesy", "model", "access");
// Written by Python, and held to it by a test there.
const { data, access: coded, cases } = createRequire(import.meta.url)("./access.json");
const model = A.createModel(data, null);
const access = A.createAccess(model, coded);
const day = (text) => A.days.parse(text).first;
const ids = (places) => places.map(({ id }) => id).sort();

for (const { date, user, cut_off, unknown, ways } of cases) {
  test(`${date}, ${user}: who is cut off, and the way from one place to another`, () => {
    const found = access.cutOff(day(date), user);
    assert.deepEqual(ids(found.cut_off), cut_off);
    assert.deepEqual(ids(found.unknown), unknown);
    for (const { from, to, status, km, path, usual, blocks } of ways) {
      const way = access.passage(model.placeById.get(from), model.placeById.get(to), day(date), user);
      assert.equal(way.status, status, `${from} to ${to}`);
      assert.ok(km === null ? Number.isNaN(way.km) : Math.abs(way.km - km) < 0.2, `${way.km} is not ${km}`);
      assert.deepEqual(way.path.map(({ route }) => route.id), path);
      assert.deepEqual(way.usual.map(({ route }) => route.id), usual);
      assert.deepEqual(way.blocks.map(({ episode }) => (episode ? episode.id : "")), blocks);
    }
  });
}

test("before the record nobody is said to be cut off", () => {
  assert.deepEqual(access.cutOff(day("1900-01-01"), "civilian"), { cut_off: [], unknown: [] });
});

test("nobody chosen means civilians", () => {
  const one = access.passage(model.placeById.get("home"), model.placeById.get("town"), day("2011-06-01"), "");
  assert.equal(one.status, "blocked");
});

test("the former line is where holders met and meet no more", () => {
  globalThis.L = {};
  for (const name of ["theme", "polygons", "changed"]) createRequire(import.meta.url)(`../../../atlas/map/web/${name}.js`);
  assert.equal(A.rimOfChange(model, day("2000-01-01"), day("2010-01-01"), "").length, 0);
  assert.ok(A.lineOn(model, day("2005-01-01"), "").size > 0);
});
