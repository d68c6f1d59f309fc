import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { languages, load } from "./load.mjs";

const A = load("dom", "days", "i18n", "decode", "store", "model", "theme", "canvas", "points");

// The coding of payload.py, once more, so that a change on one side only is seen.
function encode(columns, rest) {
  const specs = [];
  const planes = [];
  for (const [name, width, delta, values] of columns) {
    specs.push([name, width, delta, values.length]);
    let last = 0;
    const codes = values.map((value) => {
      const step = delta ? value - last : value;
      last = value;
      return ((step << 1) ^ (step >> 31)) >>> 0;
    });
    for (let k = 0; k < width; k++) planes.push(Buffer.from(codes.map((code) => (code >>> (8 * k)) & 255)));
  }
  const header = Buffer.from(JSON.stringify({ ...rest, columns: specs }));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  return gzipSync(Buffer.concat([size, header, ...planes])).toString("base64");
}

test("columns come back whatever their width and sign", async () => {
  const wide = [-70000, 5, 2 ** 30, -(2 ** 30)];
  const small = [1, 2, 3, 127];
  const sorted = [6600, 6601, 6601, 7000];
  const { columns, words } = await A.decode.columns(encode([["wide", 4, 0, wide], ["small", 1, 0, small], ["sorted", 2, 1, sorted]], { rows: 4, words: { a: ["", "ж"] } }));
  assert.deepEqual([...columns.wide], wide);
  assert.deepEqual([...columns.small], small);
  assert.deepEqual([...columns.sorted], sorted);
  assert.deepEqual(words, { a: ["", "ж"] });
});

test("events of a span are those that touch it", () => {
  const core = { rows: 4, longest: 30, words: { type: ["", "battle", "talks"], certainty: ["", "certain", "probable"] }, columns: {
    start: Int32Array.of(10, 20, 20, 31), days: Int32Array.of(30, 1, 1, 1), x: Int32Array.of(0, 2 ** 25, 0, 0), y: Int32Array.of(0, 2 ** 25, 0, 0),
    deaths: Int32Array.of(0, 1, 13, 0), uncertainty: Int32Array.of(0, 0, 0, 0), type: Int32Array.of(1, 1, 2, 0), certainty: Int32Array.of(1, 2, 1, 1),
  } };
  const events = A.createEvents(core);
  const between = (from, to) => [...events.between(from, to)];
  assert.deepEqual(between(20, 21), [0, 1, 2]);
  assert.deepEqual(between(40, 41), []);
  assert.deepEqual(between(39, 40), [0]);
  assert.deepEqual(between(-(2 ** 30), 21), [0, 1, 2]);
  assert.equal(events.lon(1), 0);
  assert.equal(events.lat(1), 0);
  assert.equal(events.deaths(0), -1);
  assert.equal(events.deaths(1), 0);
  assert.equal(events.deaths(2), 12);
  events.filter({ hidden: ["battle"], actor: "", certainty: [], sets: [] });
  assert.deepEqual(between(20, 32), [2, 3]);
  events.filter({ hidden: [], actor: "", certainty: ["probable"], sets: [] });
  assert.deepEqual(between(20, 21), [0, 2]);
  events.filter({ hidden: [], actor: "", certainty: [], sets: [] });
  assert.equal(events.between(20, 21).length, 3);
});

test("sets of events are switched and coloured on their own", () => {
  const core = { rows: 3, longest: 1, tells: {}, words: { set: ["", "Mine"], shade: ["", "high"], type: ["battle", "ambush"] },
    columns: { start: [1, 2, 3], days: [1, 1, 1], x: [0, 0, 0], y: [0, 0, 0], deaths: [0, 0, 0], uncertainty: [0, 0, 0], set: [0, 1, 1], shade: [0, 0, 1], type: [0, 0, 1] } };
  const events = A.createEvents(core);
  events.filter({ hidden: [], actor: "", certainty: [], sets: ["Mine"] });
  assert.deepEqual([...events.between(0, 9)], [0]);
  events.filter({ hidden: [], actor: "", certainty: [], sets: [""] });
  assert.deepEqual([...events.between(0, 9)], [1, 2]);
  assert.equal(events.inkOf(1), "");
  events.paint([{ name: "", colour: "", shades: [] }, { name: "Mine", colour: "#112233", shades: [["high", "#445566"]] }]);
  assert.deepEqual([0, 1, 2].map(events.inkOf), ["", "#112233", "#445566"]);
  assert.equal(A.theme.GROUPS[A.GROUP_NAMES[events.group(2)]].own, "ambush");
  assert.equal(A.typeWord("ambush"), "ambush");
});

test("every type of the vocabulary has a group, a colour and a mark", () => {
  for (const type of Object.keys(languages.en.words).filter((key) => key in A.theme.groupOf)) assert.ok(A.theme.GROUPS[A.theme.groupOf[type]]);
  assert.equal(A.GROUP_NAMES.filter((name) => !A.theme.GROUPS[name].own).length, 8);
});
