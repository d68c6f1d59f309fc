import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const A = load("dom", "days", "i18n", "decode", "store", "model", "theme", "canvas", "density", "points");
const view = { scale: 256 * 2 ** 8, left: 40000, top: 24000, width: 900, height: 600, zoom: 8 };
const unit = A.WORLD_UNITS / view.scale;

// A stretch of whole numbers that look random, the same in every run.
function* numbers(seed) {
  for (let state = seed; ; ) yield (state = (state * 48271) % 2147483647) / 2147483647;
}

test("every point lies in the hexagon whose middle is nearest", () => {
  const next = numbers(7);
  const [wide, tall] = [27 * Math.sqrt(3), 27 * 1.5];
  for (let k = 0; k < 3000; k++) {
    const [x, y] = [(next.next().value - 0.5) * 4000, (next.next().value - 0.5) * 4000];
    const [column, row] = A.hexagonAt(x, y);
    const far = (c, r) => Math.hypot((c + (r & 1) / 2) * wide - x, r * tall - y);
    for (const dr of [-1, 0, 1]) for (const dc of [-1, 0, 1]) assert.ok(far(column, row) <= far(column + dc, row + dr) + 1e-9);
  }
});

test("hexagons count every event in view once, and the most frequent kind first", () => {
  const next = numbers(11);
  const rows = Int32Array.from({ length: 5000 }, (_, i) => i);
  const x = rows.map(() => (view.left + next.next().value * view.width) * unit);
  const y = rows.map(() => (view.top + next.next().value * view.height) * unit);
  const kindOf = (i) => (i % 5 === 0 ? 1 : i % 7 === 0 ? 2 : 0);
  const cells = A.hexagons({ x, y }, rows, view, kindOf, 3);
  assert.equal(cells.reduce((sum, { n }) => sum + n, 0), 5000);
  assert.equal(A.countInView({ x, y }, rows, view), 5000);
  for (const { n, kinds } of cells) {
    assert.equal(kinds.reduce((sum, [, m]) => sum + m, 0), n);
    for (let k = 1; k < kinds.length; k++) assert.ok(kinds[k - 1][1] >= kinds[k][1]);
  }
});

test("hexagons stand on the ground: moving the window moves them with it", () => {
  const rows = Int32Array.of(0, 1);
  const [x, y] = [rows.map(() => (view.left + 333) * unit), rows.map(() => (view.top + 222) * unit)];
  const [one] = A.hexagons({ x, y }, rows, view, () => 0, 1);
  const [two] = A.hexagons({ x, y }, rows, { ...view, left: view.left + 17, top: view.top - 5 }, () => 0, 1);
  assert.deepEqual([two.column, two.row, Math.round(one.x - two.x), Math.round(one.y - two.y)], [one.column, one.row, 17, -5]);
});

test("what is out of view is not counted", () => {
  const rows = Int32Array.of(0);
  const x = rows.map(() => (view.left + view.width + 500) * unit);
  const y = rows.map(() => (view.top + 5) * unit);
  assert.deepEqual(A.hexagons({ x, y }, rows, view, () => 0, 1), []);
  assert.equal(A.countInView({ x, y }, rows, view), 0);
});

test("marks of one spot are laid out so that each can be picked", () => {
  for (const n of [2, 5, 9, 10, 60, 300]) {
    const spots = [...A.layOut([...Array(n).keys()]).values()];
    assert.equal(spots.length, n);
    for (let i = 0; i < n; i++) for (let k = 0; k < i; k++) assert.ok(Math.hypot(spots[i][0] - spots[k][0], spots[i][1] - spots[k][1]) > 19, `${n}: ${i} and ${k}`);
  }
});
