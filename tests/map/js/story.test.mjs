import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

globalThis.document ??= { addEventListener() {} };
const A = load("dom", "days", "i18n", "decode", "store", "model", "changed", "story", "box");

test("a text is led by its first sentences, and nothing of it is lost", () => {
  const long = Array.from({ length: 12 }, (_, k) => `Sentence number ${k} has seven words here.`).join(" ");
  const [lead, rest] = A.leadOf(long);
  assert.ok(lead.split(/\s+/).length <= 45 && lead.endsWith("here."));
  assert.equal(`${lead} ${rest}`, long);
  assert.deepEqual(A.leadOf("Short."), ["Short.", ""]);
  assert.deepEqual(A.leadOf(""), ["", ""]);
});

// Two areas, of which one changes hands; a route that is shut; events with deaths.
function world({ moved = [], status = "open", began = 0, deaths = 0 }) {
  const model = {
    changesByHolder: () => moved,
    changes: () => moved.flatMap(({ changes }) => changes),
    routes: [{ id: "r", km: 10, episodes: [{ start: began, status, from: 2, to: null, by: "" }] }],
    statusAt: () => status,
    mandates: [{ start: 100, deployed: null, zone: 0 }], zones: [{ id: "z" }],
    areas: [], edges: [{ left: 0, right: 1 }, { left: 1, right: -1 }],
  };
  const events = { typeOf: () => "battle", start: [99], days: [1], deaths: () => deaths, between: () => [0, 1, 2] };
  return [model, { events, texts: { count: () => -1 }, rows: [0] }];
}
const chapter = { day: 100 };
const state = { side: "", user: "" };
const change = (start) => [{ same: false, km2: 12, low: 10, high: 15, changes: [{ area: { index: 0 }, from: { who: "A" }, to: { who: "B" }, told: [{ start }] }] }];
const figure = (options) => {
  const { kind, n, low, high } = A.chapterFigure(...world(options), chapter, 10, state);
  return [kind, n, low, high];
};

test("a chapter's number is of what happened about its day", () => {
  assert.deepEqual(figure({ moved: change(99), deaths: 5 }), ["ground", 12, 10, 15]);
  // What changed hands long before is not what the chapter is about.
  assert.deepEqual(figure({ moved: change(50), deaths: 5 }), ["deaths", 5, 5, 5]);
  assert.deepEqual(figure({ status: "blocked", began: 100, deaths: 5 }), ["shut", 1, 1, 1]);
  assert.deepEqual(figure({ status: "blocked", began: 5, deaths: 5 }), ["deaths", 5, 5, 5]);
  assert.deepEqual(figure({ status: "blocked", began: 5 }), ["shut", 1, 1, 1]);
  assert.deepEqual(figure({}), ["events", 3, 3, 3]);
});

test("a chapter's subject is the rim of the ground that moved, else what began on ways and in zones", () => {
  const parts = (options) => A.chapterParts(world(options)[0], chapter, 10, "");
  assert.equal(parts({ moved: change(99) }).rim.length, 1);
  const { rim, stretches, zones } = parts({ began: 101 });
  assert.deepEqual([rim.length, stretches.map(({ from, to }) => [from, to]), zones.map(({ id }) => id)], [0, [[2, 10]], ["z"]]);
});
