import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const A = load("dom", "days", "i18n", "chronology");
const NEVER = A.days.OPEN_START;
const mandate = (start, deployed, standing = "", mission = "M") => ({ mission, start, deployed, details: { standing } });
const told = (mandates, day) => A.missionsBegun(mandates, day).get("M");

test("authorised first, deployed later", () => {
  const one = [mandate(10, [20, 30])];
  assert.equal(told(one, 10), "zone_authorised");
  assert.equal(told(one, 20), "zone_deployed");
  assert.equal(told(one, 15), undefined);
});

test("deployed first, authorised later", () => {
  const one = [mandate(20, [10, 30])];
  assert.equal(told(one, 10), "zone_deployed");
  assert.equal(told(one, 20), "zone_authorised_there");
});

test("both on one day, one of them only, or gone before it was authorised", () => {
  assert.equal(told([mandate(10, [10, 30])], 10), "zone_deployed");
  assert.equal(told([mandate(10, null)], 10), "zone_authorised");
  assert.equal(told([mandate(NEVER, [10, 30])], 10), "zone_deployed");
  assert.equal(told([mandate(20, [5, 10])], 20), "zone_authorised");
  assert.equal(told([mandate(10, null, "plan")], 10), "zone_planned");
});

test("a mission is told once, however many posts it has", () => {
  assert.equal(told([mandate(10, [10, 30]), mandate(10, [20, 30]), mandate(10, null)], 10), "zone_deployed");
  assert.equal(told([mandate(10, [5, 30]), mandate(10, [20, 30])], 10), "zone_authorised_there");
  assert.deepEqual([...A.missionsBegun([mandate(10, null), mandate(10, [10, 20], "", "N")], 10).keys()], ["M", "N"]);
});

test("who stays in a zone by another row is not deployed anew", () => {
  const rows = (zone) => [{ ...mandate(10, [10, 20]), zone: 1 }, { ...mandate(20, [20, 30]), zone }];
  assert.equal(told(rows(1), 10), "zone_deployed");
  assert.equal(told(rows(1), 20), "zone_authorised_there");
  assert.equal(told(rows(2), 20), "zone_deployed");
});
