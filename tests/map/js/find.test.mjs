import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";
import { load } from "./load.mjs";

globalThis.L ??= {};
const A = load("dom", "days", "i18n", "decode", "geodesy", "model", "find");
const { data } = createRequire(import.meta.url)("./access.json");
data.chapters = [{ id: "c", day: 15000, titles: { en: "The first winter", ru: "Первая зима" }, texts: {}, events: [] }];
const model = A.createModel(data, null);
const app = { model, store: { state: { day: 15000, lang: "en", side: "" } }, events: { rows: 1, start: [15000] }, texts: async () => ({}), receipts: { title: () => "A bridge is blown up" }, map: { getZoom: () => 7 } };
let again = 0;
const find = A.createFinder(app, () => { again += 1; });
const kinds = (text) => find(text).map(({ kind }) => kind);

test("a position is read as people write it", () => {
  for (const text of ["39.82, 46.75", "39.82 46.75", "N39.82 E46.75", "46.75E 39.82N", "39,82; 46,75", "39°49'12\"N, 46°45'0\"E"]) {
    const found = A.readPosition(text);
    assert.ok(found, text);
    assert.ok(Math.abs(found.lat - 39.82) < 1e-3 && Math.abs(found.lon - 46.75) < 1e-3, text);
  }
  assert.equal(A.readPosition("12 S, 30 W").lat, -12);
});

test("what is no position is none", () => {
  for (const text of ["", "hill", "95, 10", "10, 200", "10N 20N", "2020", "1 2 3"]) assert.equal(A.readPosition(text), null, text);
});

test("places, routes, chapters and events are found, places first", async () => {
  assert.deepEqual(kinds("hill").slice(0, 1), ["place"]);
  assert.ok(kinds("valley").includes("route"));
  assert.ok(kinds("winter").includes("story"));
  assert.ok(kinds("зима").includes("story"));
  find("bridge");
  await Promise.resolve();
  assert.equal(again, 1); // what was pasted is looked for once more, without another key
  assert.ok(kinds("bridge is").includes("event"));
  assert.deepEqual(find("   "), []);
});
