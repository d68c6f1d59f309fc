import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const A = load("dom", "days", "i18n", "decode", "canvas", "store", "geodesy", "model", "labels");
const square = (w, s, e, n) => ({ kind: "P", parts: [[Float64Array.from([w, s, e, s, e, n, w, n, w, s])]] });
const context = { font: "", letterSpacing: "", measureText: (text) => ({ width: text.length * 9 }) };
const region = { id: "r", kind: "region", lon: 5, lat: 5, rank: 4, start: 0, end: 100, names: [] };
const town = { id: "t", kind: "settlement", lon: 5, lat: 5, rank: 6, start: 0, end: 200, names: [] };

function page(at, places = [region, town]) {
  const model = {
    areas: [{ scope: "disputed", shape: square(3, 3, 7, 7) }, { scope: "background", shape: square(0, 0, 10, 10) }],
    places, placeById: new Map(), partisan: () => false, data: { extents: places.includes(region) ? [[0, [0]]] : [] },
    localName: (names) => names.en, nameOf: (place) => (place === region ? "One / Other" : "Town"),
  };
  const arrange = A.createLabels(model, [{ kind: "country", names: { en: "Country" }, at }]);
  const scale = 256 * 2 ** 7;
  const view = { width: 1200, height: 1200, zoom: 7, scale, left: A.mercX(5) * scale - 600, top: A.mercY(5) * scale - 600 };
  return (day = 1) => arrange(context, view, { day, lang: "en", side: "", selected: "", showPlaces: true, taken: [] });
}
const named = (labels, text) => labels.find((label) => label.text === text);

test("a country's name goes to the first spot off the ground in dispute", () => {
  const spot = named(page([2.8, 5, 5, 9])(), "COUNTRY"); // the first is so near that the name would reach over
  assert.ok(spot && spot.ty < 300, "above the ground in dispute");
  assert.equal(named(page([2.8, 5])(), "COUNTRY"), undefined);
  assert.ok(named(page([5, 5])(), "COUNTRY"), "a country that is in dispute as a whole keeps its name");
});

test("ground in dispute bears its own name, both sides', off the dots of towns and only in its time", () => {
  const label = named(page([5, 9])(), "ONE / OTHER");
  assert.deepEqual(label.lines.map(([text]) => text), ["ONE", "OTHER"]);
  assert.ok(Math.abs(label.x - 600) < 190 && Math.abs(label.y - 600) < 190, "on its ground");
  assert.ok(named(page([5, 9])(), "Town"));
  assert.ok(Math.abs(label.y - 600) > 14 || Math.abs(label.x - 600) > 30);
  assert.equal(named(page([5, 9])(150), "ONE / OTHER"), undefined);
});
