import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const A = load("dom", "days", "i18n", "decode", "geodesy");
const { metres, lengthOf, areaOf } = A.geodesy;
const near = (value, wanted, share) => assert.ok(Math.abs(value - wanted) <= share * wanted, `${value} is not ${wanted}`);

test("a degree along the equator and along a meridian", () => {
  near(metres(0, 0, 1, 0), 111319.491, 1e-8);
  near(metres(0, 0, 0, 1), 110574.389, 1e-8);
  assert.equal(metres(45, 40, 45, 40), 0);
});

test("over the antimeridian the short way", () => {
  near(metres(179.5, 0, -179.5, 0), 111319.491, 1e-8);
  near(lengthOf([[179, 10], [180, 10], [-179, 10]]), 2 * metres(0, 10, 1, 10), 1e-9);
});

test("area of a cell of one degree, of both senses, and of a box over the antimeridian", () => {
  const cell = (x, y) => [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]];
  // Of PROJ's geodesic polygon.
  near(areaOf(cell(0, 0)), 12308778361.469, 2e-5);
  near(areaOf(cell(46, 40).reverse()), 9412788745.689, 2e-5);
  near(areaOf(cell(179.5, 40)), areaOf(cell(46, 40)), 1e-9);
  assert.equal(areaOf([[0, 0], [1, 0]]) < 1, true);
});
