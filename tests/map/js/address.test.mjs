import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";
import { load } from "./load.mjs";

const A = load("dom", "days", "i18n", "decode", "geodesy", "store", "model", "subject", "permalink", "address", "share");
const { data } = createRequire(import.meta.url)("./access.json");
const model = A.createModel(data, null);
const every = ["control", "routes"];
const rules = { every, langs: ["en"], sides: [], first: 0, last: 20000, places: model.placeById, chapters: [] };
const state = {
  day: 15000, lang: "en", side: "", theme: "dark", window: "month", range: null, layers: { control: true, routes: true }, hidden: [], sets: [], actor: "",
  certainty: [], user: "", sel: { lat: 50.1, lon: 10.1 }, subject: { kind: "spell", ids: ["c1", "c 2&x"] }, way: { from: "home", to: "town" }, ui: "min", tab: "", chapter: "", compare: { day: 12000, mode: "changed" },
};

test("subject, way, looks, frame and comparison travel in the address", () => {
  const { patch } = A.permalink.read(A.permalink.write(state, null, every), rules);
  for (const key of ["subject", "way", "theme", "ui", "compare"]) assert.deepEqual(patch[key], state[key], key);
});

test("an event that is open is named, not only its point", () => {
  const hash = A.permalink.write({ ...state, sel: { lat: 50, lon: 10, event: 3 }, subject: { kind: "event", ids: ["e001"] } }, null, every);
  assert.match(hash, /&event=e001/);
  assert.doesNotMatch(hash, /sel=/);
});

test("a hostile address names nothing", () => {
  const { patch } = A.permalink.read("#theme=<b>&ui=max&way=nowhere,__proto__&mode=x&area=", rules);
  assert.deepEqual(patch, {});
});

test("what a subject names is found, and what is not on record is left out", () => {
  assert.deepEqual(A.subjectParts(model, { kind: "spell", ids: ["c2", "nobody"] }).areas.map(({ id }) => id), ["a10"]);
  assert.deepEqual(A.subjectParts(model, { kind: "area", ids: ["a00"] }).areas.map(({ id }) => id), ["a00"]);
  const [one] = A.subjectParts(model, { kind: "episode", ids: ["e3"] }).stretches;
  assert.deepEqual([one.route.id, one.from, one.to], ["valley", 36, one.route.km]);
  assert.equal(A.subjectParts(model, null).areas.length, 0);
});

test("markup of a frame is closed to what a title or an address holds", () => {
  const code = A.embedCode('https://example.org/a.html#date=2020-01-01&ui=min&x="><script>', 'A "title" <b>');
  assert.match(code, /ui=min" title="A &quot;title&quot; &lt;b&gt;"/);
  assert.doesNotMatch(code, /<script|"><b/);
  assert.equal(code.match(/ui=min/g).length, 1);
});

test("pages of the site are told the language, the date, the side and the looks", () => {
  assert.equal(A.carried({ ...state, side: "A" }), `lang=en&date=${A.days.iso(15000)}&side=A&theme=dark`);
  assert.equal(A.carried({ ...state, theme: "auto" }), `lang=en&date=${A.days.iso(15000)}`);
});
