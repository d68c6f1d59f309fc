// People who left and came back: the scale of the circles, the bow of the ways, the words of a figure.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const A = load("dom", "days", "i18n", "decode", "store", "model", "people");
A.i18n.use("en");
const { scaleOf, roundBelow, bow, kindOf, lookOf, figureOf, spanOf } = A.people;
const near = (found, wanted, within = 1e-6) => assert.ok(Math.abs(found - wanted) <= within, `${found}, not ${wanted}`);
const row = (low, best, high) => ({ low, best, high, main: best ?? low ?? high });

test("round numbers below", () => {
  assert.deepEqual([0, 0.4, 1, 1.9, 2, 4.99, 5, 9.9, 10, 2694, 24243, 1e6].map(roundBelow), [1, 1, 1, 1, 2, 2, 5, 5, 10, 2000, 20000, 1e6]);
});

test("areas are as the figures, on one scale; what is too small is a dot", () => {
  const { few, sample, radius } = scaleOf([{ main: 250 }, { main: 778500 }, { main: null }]);
  assert.deepEqual([few, sample], [2000, 20000]);
  near(radius(778500), 34);
  near(radius(778500 / 4), 17);
  near(radius(20000) ** 2 / radius(80000) ** 2, 0.25);
  assert.ok(radius(sample) <= 6);
  assert.equal(radius(250), radius(few));
  assert.ok(radius(few) < radius(few * 1.01));
  const small = scaleOf([{ main: 3 }]);
  assert.ok(small.radius(1) > 0 && small.radius(3) <= 34);
  assert.ok(scaleOf([]).radius(1) > 0);
});

test("a way is bowed, clear of its circles, and there and back are two", () => {
  const [west, east] = [{ x: 0, y: 0 }, { x: 200, y: 0 }];
  const out = bow(west, east, 10, 2);
  const back = bow(east, west, 2, 10);
  near(out.bend.x, 100);
  assert.ok(out.bend.y < 0 && back.bend.y > 0);
  near(Math.hypot(out.from.x, out.from.y), 10);
  near(Math.hypot(out.to.x - 200, out.to.y), 2);
  assert.equal(bow(west, { x: 20, y: 0 }, 15, 2), null);
  assert.equal(bow(west, west, 0, 0), null);
});

test("departure and return look alike for every people, and the four kinds are told apart", () => {
  const kinds = ["flow departure", "flow return", "stock departure", "stock return"].map((kind) => {
    const [measure, movement] = kind.split(" ");
    return { measure, movement, part: "" };
  });
  assert.deepEqual(kinds.map(kindOf), ["leftHome", "cameBack", "awayOn", "backOn"]);
  const looks = kinds.map((one) => JSON.stringify(lookOf(one, A.theme ? A.theme.LIGHT : { ink: "#000", muted: "#888" })));
  assert.equal(new Set(looks).size, 4);
  const [one] = kinds;
  assert.deepEqual(lookOf({ ...one, people: "A" }, { ink: "#000" }), lookOf({ ...one, people: "B" }, { ink: "#000" }));
  assert.equal(lookOf({ ...one, part: "f1" }, { ink: "#000", muted: "#888" }).color, "#888");
});

test("a figure is told with its range, and what nobody counted stays open", () => {
  assert.equal(figureOf(row(900, 1200, 1500)), "1200 (900–1500)");
  assert.equal(figureOf(row(null, 1200, null)), "1200");
  assert.equal(figureOf(row(1200, 1200, null)), "1200");
  assert.equal(figureOf(row(300, null, null)), "300 (300–…)");
  assert.equal(figureOf(row(80000, null, 100000)).replace(/\s/g, ""), "80000(80000–100000)");
  assert.equal(figureOf(row(null, 7825, 13619)).replace(/\s/g, ""), "7825(…–13619)");
  assert.equal(figureOf(row(null, null, null)), "");
});

test("a span is told as exactly as it is written", () => {
  assert.equal(spanOf({ written: ["2001-05", "2001"] }, "en"), "May 2001 – 2001");
  assert.equal(spanOf({ written: ["2001-05-10", "2001-05-10"] }, "en"), "10 May 2001");
  assert.match(spanOf({ written: ["2001-05", ""] }, "en"), /^May 2001 – …$/);
});
