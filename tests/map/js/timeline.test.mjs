import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const A = load("dom", "days", "i18n", "decode", "store", "geodesy", "model", "theme", "lanes", "timeline");
const day = (text) => A.days.parse(text).first;
const whole = [day("1988-01-01"), day("2028-01-01")];

test("a window is zoomed around its day and stays inside the whole", () => {
  const [from, to] = A.zoomWindow(whole, 0.5, day("2008-01-01"), whole);
  assert.ok(Math.abs(to - from - (whole[1] - whole[0]) / 2) <= 1);
  assert.ok(from < day("2008-01-01") && day("2008-01-01") < to);
  assert.deepEqual(A.zoomWindow(whole, 4, day("2008-01-01"), whole), whole);
  assert.equal(A.zoomWindow(whole, 0.1, whole[0], whole)[0], whole[0]);
  assert.ok(A.zoomWindow([whole[1] - 20, whole[1]], 2, whole[1] - 1, whole)[1] <= whole[1]);
});

test("from forty years one comes to a day, and back", () => {
  let view = whole;
  for (let i = 0; i < 60; i++) view = A.zoomWindow(view, 0.8, day("2020-11-10"), whole);
  assert.equal(view[1] - view[0], 2);
  assert.ok(view[0] <= day("2020-11-10") && day("2020-11-10") < view[1]);
  for (let i = 0; i < 60; i++) view = A.zoomWindow(view, 1.25, day("2020-11-10"), whole);
  assert.ok(view[1] - view[0] >= 2);
});

test("marks of the axis are years, then months, then days", () => {
  const years = A.timeTicks(...whole, 1200, 44);
  assert.ok(years.every((tick) => tick.month === undefined) && years.length > 10 && years.length < 28);
  const months = A.timeTicks(day("2020-01-01"), day("2021-01-01"), 1200, 44);
  assert.deepEqual(months.slice(0, 2).map(({ day: at }) => A.days.iso(at)), ["2020-01-01", "2020-02-01"]);
  const days = A.timeTicks(day("2020-09-27"), day("2020-11-10"), 1200, 44);
  assert.ok(days.some(({ date }) => date === 1) && days.length > 15);
  for (const ticks of [years, months, days]) for (let i = 1; i < ticks.length; i++) assert.ok(ticks[i].day > ticks[i - 1].day);
});

test("missions are told once, joined, and none over another", () => {
  const mandate = (mission, from, to) => ({ mission, deployed: from === null ? null : [from, to] });
  const spans = A.missionSpans({ mandates: [mandate("M", 10, 20), mandate("M", 15, 30), mandate("M", 40, 50), mandate("N", 12, 45), mandate("O", null)] });
  assert.deepEqual(spans.map(({ mission, start, end, row }) => [mission, start, end, row]), [["M", 10, 30, 0], ["N", 12, 45, 1], ["M", 40, 50, 0]]);
});

test("what is shut is counted from the day on which it is", async () => {
  const states = { a: [[0, "open"], [5, "blocked"], [9, "open"]], b: [[0, "closed"]] };
  const routes = Object.keys(states).map((id) => ({ id, built: A.days.OPEN_START, episodes: states[id].map(([start], i, all) => ({ start, end: i + 1 < all.length ? all[i + 1][0] : A.days.OPEN_END, by: "" })) }));
  const statusAt = (route, on) => states[route.id].findLast(([start]) => start <= on)[1];
  const series = await A.shutSeries({ routes, statusAt }, 0, "civilian");
  assert.deepEqual(series, [{ day: 0, n: 1, of: 2 }, { day: 5, n: 2, of: 2 }, { day: 9, n: 1, of: 2 }]);
  assert.deepEqual([-3, 0, 4, 5, 99].map((on) => A.stepAt(series, on).n), [1, 1, 1, 2, 1]);
});

test("a share is of the routes there are on the day", async () => {
  const routes = [0, 7].map((built) => ({ built, episodes: [] }));
  const series = await A.shutSeries({ routes, statusAt: (route, on) => (route.built > on ? "" : "closed") }, 0, "civilian");
  assert.deepEqual(series, [{ day: 0, n: 1, of: 1 }, { day: 7, n: 2, of: 2 }]);
});

test("violence without a count is no stretch without deaths, and deaths are summed as they are", () => {
  // Per event: its day, deaths (-1: nobody says), violent or not.
  const told = [[0, 3, 1], [1, -1, 1], [4, 0, 1], [5, -1, 0], [9, 400, 1], [9, 25000, 0]];
  const was = A.isViolent;
  A.isViolent = (group) => group === 1;
  const sums = A.deathSums({ rows: told.length, deaths: (i) => told[i][1], group: (i) => told[i][2] });
  A.isViolent = was;
  const lower = (on) => told.filter(([start]) => start < on).length;
  assert.deepEqual(A.deathBins(sums, lower, 0, 10, 5).map(({ died, slain, uncounted }) => [died, slain, uncounted]), [[3, 3, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0], [25400, 400, 0]]);
  assert.deepEqual(A.deathBins(sums, lower, 0, 10, 5).map(({ start }) => start), [0, 2, 4, 6, 8]);
});
