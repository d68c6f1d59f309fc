import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const A = load("dom", "days", "i18n", "decode", "store", "model", "theme", "clock", "permalink");
const day = (text) => A.days.parse(text).first;
const OPEN = A.days.OPEN_END;
const START = A.days.OPEN_START;

const ring = (x) => [x * 1e5, 0, 1e5, 0, 0, 1e5, -1e5, 0, 0, -1e5];
const receipt = (n, by = []) => ({ certainty: Array(n).fill("certain"), by: Array.from({ length: n }, (_, i) => by[i] || ""), sources: Array(n).fill("s"), note: Array(n).fill("") });

const data = () => ({
  page: { first: day("2000-01-01"), last: day("2010-01-01"), worldviews: ["A", "B", "nobody"], languages: ["en"] },
  titles: { en: "T" }, sides: [["A"], ["B"]], changes: [], chapters: [], basemap: [],
  parties: [{ id: "A", names: { en: "Aland" }, role: "side" }, { id: "B", names: { en: "Beland" }, role: "side" }],
  sources: {},
  areas: { id: ["x", "y"], place: ["p", "q"], district: ["", ""], part: [{}, { en: "east", ru: "восток" }], scope: ["disputed", "disputed"], method: ["", ""], uncertainty: [0, 0], km2: [100, 50], low: [90, 45], high: [111, 56], shape: [["P", [[ring(0)]]], ["P", [[ring(1)]]]] },
  edges: {},
  control: { id: ["1", "2", "3", "4"], area: [0, 0, 1, 0], who: ["A", "B", "B", "A"], type: Array(4).fill("de_facto"), how: Array(4).fill(""), start: [START, day("2001-05-10"), START, day("2001-05-10")], end: [day("2001-05-10"), OPEN, OPEN, OPEN], event: Array(4).fill(""), iso: Array(4).fill(""), basis: Array(4).fill(""), ...receipt(4, ["", "", "", "A"]) },
  zones: {}, mandates: {}, displacement: {},
  routes: { id: ["r"], names: [{ en: "Road" }], mode: ["road"], from: ["p"], to: ["q"], disputed: [false], built: [START], uncertainty: [0], km: [100], note: [""], shape: [["L", [[0, 0, 1e5, 0]]]] },
  episodes: { id: ["a", "b", "c"], route: [0, 0, 0], from: [null, 20, null], to: [null, 40, null], status: ["open", "blocked", "humanitarian_only"], users: ["", "", "civilian"], direction: ["", "", ""], start: [day("2000-01-01"), day("2001-01-01"), day("2002-01-01")], end: [OPEN, day("2001-02-01"), day("2002-02-01")], details: [{}, {}, {}], ...receipt(3) },
  places: { id: ["p", "q"], kind: ["settlement", "settlement"], lon: [5e4, 15e4], lat: [5e4, 5e4], country: ["", ""], rank: [3, 2], start: [START, START], end: [OPEN, OPEN], called: [
    { en: [[START, "Lenintown"], [day("2001-01-01"), [[0, "Alfa"], [1, "Alpha"]]]], ru: "Алфа", hy: "Ալֆա" }, { az: "Xankəndi" },
  ] },
  names: {
    place: [0, 0, 0, 0, 0, 1], name: ["Alfa", "Alpha", "Lenintown", "Алфа", "Ալֆա", "Xankəndi"], lang: ["en", "en", "en", "ru", "hy", "az"], script: ["Latn", "Latn", "Latn", "Cyrl", "Armn", "Latn"], roman: ["", "", "", "", "Alfa", ""],
    status: ["common", "common", "historical", "common", "common", "official"], users: ["A", "B", "", "", "", "B"], start: [day("2001-01-01"), day("2001-01-01"), day("1950-01-01"), START, START, START], end: [OPEN, OPEN, day("2001-01-01"), OPEN, OPEN, OPEN],
  },
});
const model = A.createModel(data(), null);
const [x, y] = model.areas;

test("an area says which part of its place it is, in the language of the page, else in English", () => {
  const on = day("2005-01-01");
  assert.equal(model.areaName(y, on, "ru", ""), "Xankəndi, восток");
  assert.equal(model.areaName(y, on, "hy", ""), "Xankəndi, east");
  assert.ok(!model.areaName(x, on, "ru", "").includes(","));
});

test("an end is the first day on which it no longer holds", () => {
  assert.equal(model.controlAt(x, day("2001-05-09"), "").who, "A");
  assert.equal(model.controlAt(x, day("2001-05-10"), "").who, "B");
});

test("according to one side, its claim stands in for the assessment, and only where it has one", () => {
  assert.equal(model.controlAt(x, day("2005-01-01"), "A").who, "A");
  assert.equal(model.controlAt(y, day("2005-01-01"), "A").who, "B");
  assert.deepEqual(model.claimsAt(x, day("2005-01-01")).map((claim) => claim.by), ["A"]);
});

test("km2 by who lost and who gained", () => {
  const [group] = model.changesByHolder(day("2001-01-01"), day("2002-01-01"), "");
  assert.deepEqual([group.from.who, group.to.who, group.km2, group.low, group.high], ["A", "B", 100, 90, 111]);
  assert.deepEqual(model.changes(day("2002-01-01"), day("2003-01-01"), ""), []);
});

test("a hold in several rows tells how it was gained, not how it was confirmed", () => {
  const rows = data();
  const c = rows.control;
  for (const key of Object.keys(c)) c[key] = [...c[key], c[key][1]];
  Object.assign(c, { id: [...c.id.slice(0, 4), "5"], how: ["", "offensive", "", "", "agreement"] });
  c.end[1] = c.start[4] = day("2001-06-01");
  const told = A.createModel(rows, null);
  const [change] = told.changes(day("2001-01-01"), day("2002-01-01"), "");
  assert.deepEqual(change.steps.map(({ how }) => how), ["offensive"]);
  assert.deepEqual(told.holdOf(change.area, change.to), { since: day("2001-05-10"), until: OPEN, how: "offensive" });
});

test("what was only planned is not called authorised", () => {
  const rows = data();
  rows.mandates = { id: ["m"], mission: ["Force"], instrument: [""], zone: [-1], type: ["area"], start: [START], end: [OPEN], deployed: [null], details: [{ standing: "plan" }], sources: [""], by: [""], certainty: ["certain"], note: [""] };
  assert.deepEqual(A.createModel(rows, null).mandatesAt(day("2001-01-01")).map(({ state }) => state), ["planned"]);
});

test("a route is as open as its hardest stretch", () => {
  assert.equal(model.statusAt(model.routes[0], day("2000-06-01"), ""), "open");
  assert.equal(model.statusAt(model.routes[0], day("2001-01-01"), ""), "blocked");
  assert.equal(model.statusAt(model.routes[0], day("2001-02-01"), ""), "open");
  const sections = model.sectionsAt(model.routes[0], day("2001-01-15"), "");
  assert.deepEqual(sections.map(({ from, to, status }) => [from, to, status]), [[0, 20, "open"], [20, 40, "blocked"], [40, 100, "open"]]);
});

test("who asks decides what may pass", () => {
  assert.equal(model.statusAt(model.routes[0], day("2002-01-15"), "civilian"), "humanitarian_only");
  assert.equal(model.statusAt(model.routes[0], day("2002-01-15"), "military"), "open");
});

test("no episode on record is not open", () => {
  assert.equal(model.statusAt(model.routes[0], day("1999-01-01"), ""), "unknown");
});

test("a town is called as it was called on the day", () => {
  const [town] = model.places;
  assert.equal(model.nameOf(town, day("2000-12-31"), "en", ""), "Lenintown");
  assert.equal(model.nameOf(town, day("2001-01-01"), "en", ""), "Alfa / Alpha");
  assert.equal(model.nameOf(town, day("2001-01-01"), "en", "B"), "Alpha");
  assert.equal(model.nameOf(town, day("2001-01-01"), "ru", ""), "Алфа");
  assert.equal(model.nameOf(town, day("2001-01-01"), "hy", ""), "Ալֆա");
  assert.equal(model.nameOf(town, day("2001-01-01"), "fr", ""), "Alfa / Alpha");
  assert.equal(model.nameOf(model.places[1], day("2001-01-01"), "fr", "B"), "Xankəndi");
});

test("names are found in any script, without their accents, by their start first", () => {
  assert.equal(model.search("алф")[0].place.id, "p");
  assert.equal(model.search("ԱԼՖԱ".toLowerCase())[0].place.id, "p");
  assert.equal(model.search("xankendi")[0].place.id, "q");
  assert.deepEqual(model.search("zzz"), []);
  assert.deepEqual(model.search("  "), []);
});

test("points fall in the area they lie in", () => {
  assert.equal(model.areaAt(0.5, 0.5).id, "x");
  assert.equal(model.areaAt(1.5, 0.5).id, "y");
  assert.equal(model.areaAt(2.5, 0.5), null);
});

test("only parties of the pack can be asked for their view", () => {
  assert.deepEqual(model.sidesOffered, ["A", "B"]);
});

test("a stretch of a line runs from km to km", () => {
  const line = new Float64Array([0, 0, 1, 0, 2, 0]);
  const reach = A.geo.reachOf(line, 200);
  assert.deepEqual(A.geo.stretch(line, reach, 50, 150).map(([lon]) => Math.round(lon * 100) / 100), [0.5, 1, 1.5]);
});

test("steps go to the next change and stop at the last", () => {
  const changes = [5, 9, 9, 20];
  assert.equal(A.nextChange(changes, 5, 1), 9);
  assert.equal(A.nextChange(changes, 9, -1), 5);
  assert.equal(A.nextChange(changes, 20, 1), null);
  assert.equal(A.nextChange(changes, 5, -1), null);
});

test("a link brings back the view it was made of", () => {
  const state = { day: day("2001-05-10"), layers: { control: true, routes: false, events: true }, lang: "hy", side: "A", window: "range", range: [day("2001-01-01"), day("2001-07-01")], user: "civilian", hidden: ["battle"], sets: ["a, b&c"], actor: "A", certainty: [], compare: { day: day("2000-01-01"), mode: "side" }, chapter: "", tab: "here", sel: { lon: 1, lat: 2, place: "p" } };
  const map = { getCenter: () => ({ lat: 39.8, lng: 46.7 }), getZoom: () => 9 };
  const every = ["control", "routes", "events"];
  const hash = A.permalink.write(state, map, every);
  assert.match(hash, /^#date=2001-05-10&z=9&c=39.8000,46.7000&layers=control,events&lang=hy/);
  const { patch, view } = A.permalink.read(hash, { every, langs: A.i18n.langs(), sides: ["A", "B"], first: data().page.first, last: data().page.last, places: model.placeById, chapters: [] });
  for (const key of ["day", "lang", "side", "window", "range", "user", "hidden", "sets", "actor", "compare", "tab", "layers"]) assert.deepEqual(patch[key], state[key], key);
  assert.deepEqual(view, { center: [39.8, 46.7], zoom: 9 });
});

test("a hostile link changes nothing it should not", () => {
  const read = (hash) => A.permalink.read(hash, { every: ["control"], langs: A.i18n.langs(), sides: ["A"], first: 0, last: 100, places: new Map(), chapters: [] });
  const { patch, view } = read("#date=9999-99-99&lang=xx&c=1e9,<b>&z=99&side=__proto__&sel=javascript:alert(1)&win=evil&span=..&tab=x");
  assert.equal(view, null);
  assert.deepEqual(patch, { side: "" });
});

test("what changed by a claim is told by that claim alone", () => {
  const rows = data();
  const c = rows.control;
  // A claims y from 2003 on; the assessment has B there throughout.
  for (const key of Object.keys(c)) c[key] = [...c[key], c[key][3]];
  Object.assign(c, { id: [...c.id.slice(0, 4), "5"], area: [0, 0, 1, 0, 1], start: [...c.start.slice(0, 4), day("2003-01-01")] });
  const told = A.createModel(rows, null);
  const [change] = told.changes(day("2002-01-01"), day("2004-01-01"), "A");
  assert.deepEqual([change.area.id, change.from.who, change.to.who], ["y", "B", "A"]);
  assert.deepEqual(change.steps.map(({ id }) => id), ["5"]);
});

test("a stretch too short to be seen is none", () => {
  const rows = data();
  rows.episodes.from[2] = 40 + 1e-8;
  rows.episodes.start[2] = day("2001-01-01");
  const told = A.createModel(rows, null);
  const ends = told.sectionsAt(told.routes[0], day("2001-01-15"), "", "").map(({ from, to }) => [Math.round(from), Math.round(to)]);
  assert.deepEqual(ends, [[0, 20], [20, 40], [40, 100]]);
});

test("beyond the end of a road its last stretch is the nearest", () => {
  const rows = data();
  rows.episodes.to[1] = null;
  const told = A.createModel(rows, null);
  for (const [lon, status] of [[-0.01, "open"], [1.01, "blocked"]]) {
    const [near] = told.nearestRoutes(lon, 0, day("2001-01-15"), "", "");
    assert.equal(near.section.status, status);
  }
});

test("of places found alike the order is that of their ids", () => {
  const rows = data();
  rows.places.rank = [2, 2];
  Object.assign(rows.names, { place: [1, 0], name: ["Same", "Same"], lang: ["en", "en"], script: ["Latn", "Latn"], roman: ["", ""], status: ["common", "common"], users: ["", ""], start: [START, START], end: [OPEN, OPEN] });
  for (const ids of [["p", "q"], ["q", "p"]]) {
    rows.places.id = ids;
    assert.deepEqual(A.createModel(structuredClone(rows), null).search("same").map(({ place }) => place.id), ["p", "q"]);
  }
});
