// The model's geometry against figures worked out by hand, and each of its rules at its edges.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const A = load("dom", "days", "i18n", "decode", "store", "model");
const { holds, kmBetween, inShape, nearestOnLine, reachOf, stretch, fold } = A.geo;
const day = (text) => A.days.parse(text).first;
const OPEN = A.days.OPEN_END;
const START = A.days.OPEN_START;
const near = (found, wanted, within = 1e-6) => assert.ok(Math.abs(found - wanted) <= within, `${found}, not ${wanted}`);

const ring = (west, south, size) => [west * 1e5, south * 1e5, size * 1e5, 0, 0, size * 1e5, -size * 1e5, 0, 0, -size * 1e5];
const many = (n, value) => Array(n).fill(value);
const receipt = (n, by = []) => ({ certainty: many(n, "certain"), by: Array.from({ length: n }, (_, i) => by[i] || ""), sources: many(n, "s"), note: many(n, "") });

const road = (id, mode, lat, more = {}) => ({ id, names: { en: id }, mode, from: "p", to: "q", disputed: false, built: START, uncertainty: 0, km: 100, note: "", shape: ["L", [[0, Math.round(lat * 1e5), 1e5, 0]]], ...more });
const columns = (rows) => Object.fromEntries(Object.keys(rows[0]).map((key) => [key, rows.map((row) => row[key])]));

const data = (more = {}) => ({
  page: { first: day("2000-01-01"), last: day("2010-01-01"), worldviews: ["A", "B", "nobody"], languages: ["en"] },
  titles: { en: "T" }, sides: [["A"], ["B"]], changes: [], chapters: [], basemap: [],
  parties: [{ id: "A", names: { en: "Aland", de: "Aland (de)" }, role: "side" }, { id: "B", names: {}, role: "side" }],
  sources: {},
  areas: { id: ["x", "y", "z"], place: ["p", "", "q"], district: ["", "q", ""], part: [{}, { en: "east" }, {}], scope: ["background", "disputed", "disputed"], method: many(3, ""), uncertainty: many(3, 0), km2: [100, 50, 70], low: [90, 45, 60], high: [110, 55, 80], shape: [["P", [[ring(0, 0, 4), ring(1, 1, 1)]]], ["P", [[ring(1.25, 1.25, 0.5)], [ring(3, 3, 2)]]], ["P", [[ring(7, 0, 1)]]]] },
  edges: {},
  control: { id: ["1", "2", "3", "4", "5"], area: [0, 1, 1, 2, 2], who: ["A", "A", "A", "A", "B"], type: ["de_facto", "de_facto", "de_jure", "de_facto", "de_facto"], how: many(5, ""), start: [START, START, day("2001-01-01"), START, day("2001-03-01")], end: [OPEN, day("2001-01-01"), OPEN, day("2001-03-01"), OPEN], event: many(5, ""), iso: many(5, ""), basis: many(5, ""), ...receipt(5) },
  zones: {}, mandates: {}, routes: {}, episodes: {}, displacement: {},
  places: { id: ["p", "q", "land"], kind: ["settlement", "settlement", "country"], lon: [0, 0, 1e5], lat: [0, 1e5, 0], country: many(3, ""), rank: [0, 5, 9], start: many(3, START), end: many(3, OPEN), called: [{ en: "Port" }, { en: "New Port" }, {}] },
  names: { place: [0, 1, 1], name: ["Port", "New Port", "Porto"], lang: many(3, "en"), script: many(3, "Latn"), roman: many(3, ""), status: ["common", "common", "variant"], users: ["A", "A|B", "A"], start: many(3, START), end: many(3, OPEN) },
  ...more,
});
const model = A.createModel(data(), null);

test("a span ends on the day on which it no longer holds", () => {
  const row = { start: 3, end: 5 };
  assert.deepEqual([2, 3, 4, 5].map((one) => holds(row, one)), [false, true, true, false]);
});

test("kilometres on the sphere, along both axes and across", () => {
  near(kmBetween(0, 0, 0, 1), 111.195, 0.001);
  near(kmBetween(10, 0, 11, 0), 111.195, 0.001);
  near(kmBetween(10, 60, 11, 60), 55.597, 0.01);
  near(kmBetween(2.35, 48.85, 13.4, 52.52), 878.1, 1);
  near(kmBetween(0, 10, 0, -20), 3335.8, 0.1);
  near(kmBetween(0, 30, 90, 60), 7154.4, 0.1);
  near(kmBetween(0, 0, 180, 0), 20015.1, 0.1);
  assert.equal(kmBetween(5, 5, 5, 5), 0);
});

test("a point lies in a shape, in its hole, or in none of its parts", () => {
  const square = (west, south, size) => [west, south, west + size, south, west + size, south + size, west, south + size];
  const shape = { kind: "P", parts: [[square(0, 0, 4), square(1, 1, 1), square(2.5, 2.5, 1)], [square(6, 0, 1)]] };
  const inside = [[0.5, 0.5], [3.75, 0.25], [0.25, 3.75], [2.25, 2.25], [6.5, 0.5], [1.5, 2.2]];
  const outside = [[1.5, 1.5], [3, 3], [5, 0.5], [6.5, 1.5], [-1, 2], [2, -1], [2, 5], [4.5, 4.5], [7.5, 0.5]];
  for (const [lon, lat] of inside) assert.ok(inShape(shape, lon, lat), `${lon}, ${lat}`);
  for (const [lon, lat] of outside) assert.ok(!inShape(shape, lon, lat), `${lon}, ${lat}`);
  assert.ok(!inShape({ kind: "L", parts: shape.parts }, 0.5, 0.5));
  // A slanting edge, and a corner at the height of the point.
  const slanting = { kind: "P", parts: [[[0, 0, 4, 0, 1, 2]]] };
  assert.deepEqual([[1, 1], [2.4, 1], [2.6, 1], [0.4, 1], [0.6, 1]].map(([lon, lat]) => inShape(slanting, lon, lat)), [true, true, false, false, true]);
  const diamond = { kind: "P", parts: [[[0, -1, 1, 0, 0, 1, -1, 0]]] };
  assert.deepEqual([-2, -0.5, 0.5, 2].map((lon) => inShape(diamond, lon, 0)), [false, true, true, false]);
});

test("the nearest point of a line, how far along it and how far away", () => {
  const line = [0, 0, 2, 0, 2, 4];
  const reach = [0, 20, 60];
  const found = (lon, lat) => nearestOnLine(line, reach, lon, lat);
  let one = found(0.5, 1);
  near(one.at, 5); near(one.lon, 0.5); near(one.lat, 0); near(one.km, 111.195);
  one = found(3, 3);
  near(one.at, 50); near(one.lon, 2); near(one.lat, 3); near(one.km, 111.195 * Math.cos(3 * Math.PI / 180));
  one = found(-1, -1);
  near(one.at, 0); near(one.lon, 0); near(one.lat, 0); near(one.km, 111.195 * Math.hypot(1, Math.cos(Math.PI / 180)), 1e-3);
  one = found(2, 9);
  near(one.at, 60); near(one.lat, 4); near(one.km, 5 * 111.195);
  one = nearestOnLine([1, 1, 4, 3, 4, 3, 8, 0], [0, 10, 10, 30], 2, 60);
  near(one.at, 10); near(one.lon, 4); near(one.lat, 3);
  // The slanting part, worked out by hand at the equator: the foot of (1, 0) on the line from (0, 1) to (1, 1) and on.
  one = nearestOnLine([0, -1, 2, 1], [0, 8], 0, 0);
  near(one.lon, 0.5); near(one.lat, -0.5); near(one.at, 2); near(one.km, 111.195 * Math.SQRT1_2, 1e-6);
});

test("km along a line, and the same drawn out to the length on record", () => {
  const line = [0, 0, 0, 1, 0, 3];
  const own = reachOf(line, 0);
  near(own[0], 0); near(own[1], 111.195, 0.001); near(own[2], 333.585, 0.01);
  assert.deepEqual([...reachOf(line, 600)].map((km) => Math.round(km * 1e6) / 1e6), [0, 200, 600]);
  assert.deepEqual([...reachOf([5, 5, 5, 5], 600)], [0, 0]);
});

test("a stretch begins and ends between vertices and keeps those between", () => {
  const line = [0, 0, 1, 2, 2, 6, 3, 7];
  const reach = [0, 10, 30, 40];
  const round = (points) => points.map((point) => point.map((one) => Math.round(one * 1e6) / 1e6));
  assert.deepEqual(round(stretch(line, reach, 5, 35)), [[0.5, 1], [1, 2], [2, 6], [2.5, 6.5]]);
  assert.deepEqual(round(stretch(line, reach, 10, 30)), [[1, 2], [2, 6]]);
  assert.deepEqual(round(stretch(line, reach, 12, 20)), [[1.1, 2.4], [1.5, 4]]);
  assert.deepEqual(round(stretch(line, reach, -5, 90)), [[0, 0], [0, 0], [1, 2], [2, 6], [3, 7], [3, 7]]);
});

test("letters are folded", () => {
  assert.equal(fold("  ƏLİ’s Ağdaş ʼı "), "elis agdas i");
});

test("what is disputed answers before the ground below it", () => {
  assert.deepEqual([[0.5, 0.5], [1.5, 1.5], [3.5, 3.5], [1.1, 1.1], [7.5, 0.5], [6, 3]].map(([lon, lat]) => (model.areaAt(lon, lat) || { id: null }).id), ["x", "y", "y", null, "z", null]);
});

test("a party holds what is not background, on the day", () => {
  assert.deepEqual([...model.heldBy(day("2001-02-01"), "")], [["A", 120]]);
  assert.deepEqual([...model.heldBy(day("2001-03-01"), "")].sort(), [["A", 50], ["B", 70]]);
  const rows = data();
  rows.areas.km2[1] = null; // not measured
  rows.control.end[4] = day("2005-01-01");
  assert.deepEqual([...A.createModel(rows, null).heldBy(day("2005-01-01"), "")], [["A", 0]]);
});

test("another kind of control is a change, and stands apart from another holder", () => {
  const groups = model.changesByHolder(day("2000-06-01"), day("2002-01-01"), "");
  assert.deepEqual(groups.map(({ from, to, same, km2, low, high }) => [from.who, to.who, same, km2, low, high]), [["A", "B", false, 70, 60, 80], ["A", "A", true, 50, 45, 55]]);
  assert.deepEqual(model.changes(day("2001-01-01"), day("2001-02-28"), ""), []);
  assert.deepEqual(model.changes(day("2000-12-31"), day("2001-01-01"), "").map(({ area, steps }) => [area.id, steps.map(({ id }) => id)]), [["y", ["3"]]]);
  const parted = data();
  parted.control.start[0] = day("2002-01-01");
  parted.control.end[4] = day("2005-01-01");
  assert.deepEqual(A.createModel(parted, null).changes(day("2001-06-01"), day("2006-01-01"), ""), []); // nobody known on one of the days
  const rows = data();
  rows.areas.km2[1] = rows.areas.low[1] = rows.areas.high[1] = null;
  const [, unknown] = A.createModel(rows, null).changesByHolder(day("2000-06-01"), day("2002-01-01"), "");
  assert.deepEqual([unknown.km2, unknown.low, unknown.high], [0, 0, 0]);
});

test("a claim is told by itself, and stands for itself", () => {
  const rows = data();
  const c = rows.control;
  const add = { id: "9", area: 2, who: "A", type: "de_facto", how: "claimed", start: day("2001-02-01"), end: day("2004-01-01"), event: "", iso: "", basis: "", certainty: "certain", by: "A", sources: "s", note: "" };
  for (const key of Object.keys(c)) c[key] = [...c[key], add[key]];
  const told = A.createModel(rows, null);
  const z = told.areas[2];
  const claim = told.controlAt(z, day("2002-01-01"), "A");
  assert.deepEqual([claim.id, told.controlAt(z, day("2002-01-01"), "B").id, told.controlAt(z, day("2005-01-01"), "A").id], ["9", "5", "5"]);
  assert.deepEqual(told.holdOf(z, claim), { since: day("2001-02-01"), until: day("2004-01-01"), how: "claimed" });
  const [change] = told.changes(day("2002-01-01"), day("2005-01-01"), "A");
  assert.deepEqual([change.from.id, change.to.id, change.steps, change.told.map(({ id }) => id)], ["9", "5", [], ["5"]]);
});

test("a mandate is deployed, authorised or planned on its days", () => {
  const mandates = { id: ["m", "n"], mission: ["M", "N"], instrument: ["", ""], zone: [0, -1], type: ["area", "area"], start: [10, 10], end: [40, 40], deployed: [[20, 30], null], details: [{ authorised_strength: 5, observed_strength: 3, strength_reported_on: "1970-02-10" }, { standing: "plan", authorised_strength: 7 }], sources: ["", ""], by: ["", ""], certainty: many(2, "certain"), note: ["", ""] };
  const told = A.createModel(data({ mandates }), null);
  const states = (one) => told.mandatesAt(one).map(({ mandate, state }) => `${mandate.id} ${state}`);
  assert.deepEqual([9, 10, 19, 20, 29, 30, 39, 40].map(states), [[], ["m authorised", "n planned"], ["m authorised", "n planned"], ["m deployed", "n planned"], ["m deployed", "n planned"], ["m authorised", "n planned"], ["m authorised", "n planned"], []]);
  assert.equal(told.mandatesAt(20)[1].zone, null);
  const [m, n] = told.mandates;
  assert.deepEqual([told.strengthOf(m, 39), told.strengthOf(m, 40).observed, told.strengthOf(n, 0).authorised], [{}, 3, 7]);
});

const EPISODES = (rows) => columns(rows.map((row, i) => ({ id: `e${i}`, route: 0, from: null, to: null, status: "open", users: "", direction: "", start: 0, end: 100, details: {}, certainty: "certain", by: "", sources: "s", note: "", ...row })));

test("of what is said of a stretch, the class, then the later, then the stricter speaks", () => {
  const ask = (episodes, user, side = "", more = {}) => {
    const told = A.createModel(data({ routes: columns([road("r", "road", 0, more)]), episodes: EPISODES(episodes) }), null);
    const found = told.sectionsAt(told.routes[0], 50, user, side);
    return found && found.map(({ from, to, status }) => [from, to, status]);
  };
  assert.deepEqual(ask([{}, { status: "blocked", users: "civilian" }], "civilian"), [[0, 100, "blocked"]]);
  assert.deepEqual(ask([{ status: "blocked" }, { users: "civilian", start: -5 }], "civilian"), [[0, 100, "open"]]);
  assert.deepEqual(ask([{ status: "blocked" }, { start: 5 }], "civilian"), [[0, 100, "open"]]);
  assert.deepEqual(ask([{ start: 5 }, { status: "blocked" }], "civilian"), [[0, 100, "open"]]);
  assert.deepEqual(ask([{ status: "blocked" }, { status: "checkpoint" }], "civilian"), [[0, 100, "blocked"]]);
  assert.deepEqual(ask([{ status: "checkpoint" }, { status: "blocked" }], "civilian"), [[0, 100, "blocked"]]);
  assert.deepEqual(ask([{ status: "blocked", users: "military" }], "civilian"), [[0, 100, "unknown"]]);
  assert.deepEqual(ask([{}, { status: "blocked", users: "military" }], ""), [[0, 100, "blocked"]]);
  assert.deepEqual(ask([{}, { status: "blocked", users: "civilian" }], ""), [[0, 100, "blocked"]]);
  assert.deepEqual(ask([{ status: "blocked", users: "civilian" }, { status: "blocked", users: "military" }, { users: "commercial", from: 40 }], ""), [[0, 100, "blocked"]]);
  assert.deepEqual(ask([{}, { status: "closed", by: "A" }], "civilian", "A"), [[0, 100, "closed"]]);
  assert.deepEqual(ask([{}, { status: "closed", by: "A" }], "civilian", "B"), [[0, 100, "open"]]);
  assert.deepEqual(ask([{}, { status: "closed", by: "A" }], "civilian"), [[0, 100, "open"]]);
  assert.deepEqual(ask([{ from: -5, to: 30 }, { from: 30, to: 400, status: "closed" }], "civilian"), [[0, 30, "open"], [30, 100, "closed"]]);
  assert.deepEqual(ask([{ from: 20, to: 30 }, { from: 150, status: "closed" }], "civilian"), [[0, 20, "unknown"], [20, 30, "open"], [30, 100, "unknown"]]);
  assert.deepEqual(ask([{ end: 50 }], "civilian"), [[0, 100, "unknown"]]);
  assert.equal(ask([{}], "civilian", "", { built: 51 }), null);
  assert.deepEqual(ask([{}], "civilian", "", { built: 50 }), [[0, 100, "open"]]);
});

test("of classes for which it is as hard, the first is told", () => {
  const episodes = EPISODES([{ status: "blocked", users: "civilian" }, { status: "blocked", users: "military" }]);
  const told = A.createModel(data({ routes: columns([road("r", "road", 0)]), episodes }), null);
  assert.deepEqual(told.sectionsAt(told.routes[0], 50, "", "").map(({ episode }) => episode.id), ["e0"]);
});

test("the hardest stretch decides, and an unbuilt route says nothing", () => {
  const episodes = EPISODES([{ to: 20 }, { from: 20, to: 40, status: "closed" }, { from: 40, status: "checkpoint" }]);
  const told = A.createModel(data({ routes: columns([road("r", "road", 0, { built: 10 })]), episodes }), null);
  assert.equal(told.statusAt(told.routes[0], 50, "civilian", ""), "closed");
  assert.equal(told.statusAt(told.routes[0], 9, "civilian", ""), "");
});

test("a road in parts is measured through them, and scaled to its length", () => {
  const shape = ["L", [[0, 0, 0, 1e5], [0, 2e5, 0, 2e5]]];
  const told = A.createModel(data({ routes: columns([road("r", "road", 0, { shape, km: 300 })]), episodes: EPISODES([{ from: 150, status: "closed" }]) }), null);
  const [one, two] = told.routes[0].lines;
  assert.deepEqual([...one.reach, ...two.reach].map((km) => Math.round(km * 100) / 100), [0, 100, 100, 300]);
  const [hit] = told.nearestRoutes(0, 3, 50, "civilian", "");
  near(hit.at, 200, 0.01);
  assert.equal(hit.section.status, "closed");
});

test("what passes close by, roads first; else the one nearest", () => {
  const lines = [road("pipe", "pipeline", 0.005), road("rail", "rail", 0.01), road("far", "road", 0.03), road("b", "road", 0.02), road("air", "air", 0), road("new", "road", 0, { built: 60 }), road("off", "road", 2)];
  const told = A.createModel(data({ routes: columns(lines), episodes: EPISODES([{ route: 3, from: 0, to: 60, by: "A", status: "closed" }, { route: 3, from: 60, to: 100, by: "B", status: "closed" }, { route: 3, from: 0, to: 60, by: "B", end: 40 }, { route: 3, by: "A", users: "military" }]) }), null);
  const ids = (...more) => told.nearestRoutes(0.5, 0, 50, "civilian", "", ...more).map(({ route }) => route.id);
  assert.deepEqual(ids(), ["b", "far", "rail", "pipe"]);
  assert.deepEqual(ids(2.5), ["b", "rail", "pipe"]);
  assert.deepEqual(ids(4, 2), ["b", "far"]);
  assert.deepEqual(ids(0.1), ["pipe"]);
  assert.deepEqual(told.nearestRoutes(0.5, 0, 50, "civilian", "")[0].claims.map(({ id }) => id), ["e0"]);
  assert.deepEqual(told.nearestRoutes(-0.001, 0.02, 50, "civilian", "")[0].claims.map(({ id }) => id), ["e0"]);
  assert.deepEqual(told.nearestRoutes(1.001, 0.02, 50, "civilian", "")[0].claims.map(({ id }) => id), ["e1"]);
  near(told.nearestRoutes(0.5, 0, 50, "civilian", "")[0].km, 2.2239, 0.001);
  assert.deepEqual(told.nearestRoutes(0.5, 1.5, 50, "civilian", "").map(({ route }) => route.id), ["off"]);
});

test("a name that only one side has is that side's term", () => {
  const [port, other] = model.places;
  assert.deepEqual([model.partisan(port, 0), model.partisan(other, 0)], [true, false]);
  const told = (...names) => {
    const rows = data();
    rows.names = columns(names.map((more) => ({ place: 0, name: "N", lang: "en", script: "Latn", roman: "", status: "common", users: "", start: START, end: OPEN, ...more })));
    return A.createModel(rows, null).partisan(A.createModel(rows, null).places[0], 50);
  };
  assert.equal(told({ users: "A" }, { users: "A" }), true);
  assert.equal(told({ users: "A" }, { users: "B" }), false);
  assert.equal(told({ users: "A" }, {}), false);
  assert.equal(told({ users: "A" }, { users: "B", status: "variant" }, { users: "B", status: "exonym" }, { users: "B", end: 50 }), true);
  assert.equal(told({ users: "B", status: "variant" }, { users: "A" }), true);
  assert.equal(told({ status: "variant", users: "A" }), false);
  assert.equal(told({ users: "A|stranger" }), true);
});

test("places, areas and parties have a name, or their id in words", () => {
  const [x, y, z] = model.areas;
  assert.deepEqual([x, y, z].map((area) => model.areaName(area, 50, "en", "")), ["Port", "New Port, east", "New Port"]);
  assert.equal(model.placeName("far_away_town", 50, "en", ""), "far away town");
  const renamed = { called: { en: [[10, "First"], [20, "Second"]] } };
  assert.deepEqual([5, 10, 19, 20].map((one) => model.nameOf(renamed, one, "en", "")), ["First", "First", "First", "Second"]);
  assert.equal(model.placeName(null, 50, "en", ""), "");
  assert.equal(model.placeName("land", 50, "en", ""), "land");
  assert.deepEqual(["de", "fr"].map((lang) => model.partyName("A", lang)), ["Aland (de)", "Aland"]);
  assert.deepEqual([model.partyName("B", "en"), model.partyName("Z", "en")], ["B", "Z"]);
  assert.deepEqual([model.localName({ en: "e", de: "d" }, "de"), model.localName({ en: "e" }, "de"), model.localName({ ru: "r" }, "de"), model.localName({}, "de")], ["d", "e", "r", ""]);
});

test("the nearest place is a town that fits; a larger one is nearer than it lies", () => {
  const found = model.nearestPlace(0, 0.505);
  assert.equal(found.place.id, "q");
  near(found.km, kmBetween(0, 0.505, 0, 1), 1e-9);
  near(found.weight, found.km - 2, 1e-9);
  assert.equal(model.nearestPlace(0, 0.4).place.id, "p");
  assert.equal(model.nearestPlace(1, 0).place.id, "p");
  assert.equal(model.nearestPlace(0, 0.4, ({ id }) => id === "q").place.id, "q");
  assert.equal(model.nearestPlace(0, 0, () => false), null);
  const rows = data();
  rows.places.rank[0] = -9;
  near(A.createModel(rows, null).nearestPlace(0, 0).weight, 0, 1e-9);
});

test("a search goes by the whole name, its start, the start of a word, and how large the place is", () => {
  const ids = (query, ...more) => model.search(query, ...more).map(({ place }) => place.id);
  assert.deepEqual(ids("port"), ["p", "q"]);
  assert.deepEqual(ids("new"), ["q"]);
  assert.deepEqual(ids("porto"), ["q"]);
  assert.deepEqual(ids("ort"), ["q", "p"]);
  assert.deepEqual(ids("port", 1), ["p"]);
  assert.deepEqual(ids("land"), ["land"]); // by its id, for want of a name
  assert.deepEqual(ids("q"), []);
  near(model.search("port")[0].score, 300 - 4 * 0.2, 1e-9);
  near(model.search("port")[1].score, 100 + 20 - 5 * 0.2, 1e-9);
  near(model.search("new port")[0].score, 300 + 20 - 8 * 0.2, 1e-9);
  near(model.search("ort")[1].score, -4 * 0.2, 1e-9);
  const rows = data();
  rows.names.roman = ["Portus", "", "Porto"];
  assert.deepEqual(A.createModel(rows, null).search("portus").map(({ place }) => place.id), ["p"]);
  rows.names.name = ["Portu", "Porta", "Porte"];
  rows.names.place = [0, 0, 0];
  assert.equal(A.createModel(rows, null).search("port")[0].name.name, "Portu"); // of names as good, the first
  rows.places.id[2] = "high_land";
  assert.deepEqual(A.createModel(rows, null).search("high land").map(({ place }) => place.id), ["high_land"]);
});
