// Replays golden cases: node golden.mjs FILE [FOLDER OF THE PAGE'S MODULES]. Tells how many it
// answered and every case it answers otherwise than Python.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { load } from "./load.mjs";

const [, , file, folder] = process.argv;
const A = load("dom", "days", "i18n", "decode", "store", "model");
if (folder) createRequire(import.meta.url)(resolve(folder, "model.js"));
const { data: block, cases } = JSON.parse(readFileSync(file, "utf8"));
const data = await A.decode.json(block);
data.chapters ??= [];
const model = A.createModel(data, null);
const { OPEN_START, OPEN_END } = A.days;
const by = (rows, key, value) => Object.fromEntries(rows.map((row) => [key(row), value(row)]));
const bound = (day) => (day <= OPEN_START || day >= OPEN_END ? null : day);
const near = (one, two) => one === two || (typeof one === "number" && typeof two === "number" && Math.abs(one - two) <= 0.11);

const answers = {
  at: ({ day, side, names }) => {
    const held = model.areas.map((area) => [area, model.controlAt(area, day, side)]).filter(([, spell]) => spell);
    return {
      rows: by(held, ([area]) => area.id, ([area, spell]) => {
        const { since, until, how } = model.holdOf(area, spell);
        return [spell.id, spell.who, spell.type, bound(since), bound(until), how, spell.certainty, spell.by];
      }),
      names: Object.keys(names).length ? by(held, ([area]) => area.id, ([area]) => model.areaName(area, day, "en", "")) : {},
    };
  },
  claims: ({ day }) => ({ rows: model.areas.flatMap((area) => model.claimsAt(area, day).map((claim) => claim.id)).sort() }),
  names: ({ day, lang, rows }) => ({ rows: by(model.places.filter(({ id }) => id in rows), ({ id }) => id, (place) => model.nameOf(place, day, lang, "")) }),
  changes: ({ before, after }) => ({
    rows: by(model.changes(before, after, ""), ({ area }) => area.id, ({ area, from, to, steps, told }) =>
      [from.who, to.who, from.type, to.type, steps.length, told[told.length - 1].how, steps.map(({ id }) => id).sort(), area.km2, area.low, area.high]),
  }),
  mandates: ({ day }) => ({
    rows: by(model.mandatesAt(day), ({ mandate }) => mandate.id, ({ mandate, state }) => {
      const { authorised, observed } = model.strengthOf(mandate, day);
      return [state, authorised || "", observed || ""];
    }),
  }),
  people: ({ day, side }) => ({ rows: by(model.peopleAt(day, side), ({ id }) => id, ({ low, best, high, main }) => [low, best, high, main]) }),
  routes: ({ day, user }) => ({
    rows: by(model.routes.map((route) => [route, model.sectionsAt(route, day, user, "")]).filter(([, sections]) => sections), ([route]) => route.id, ([, sections]) =>
      sections.map(({ from, to, status, episode }) => [from, to, status, episode ? episode.id : ""])),
  }),
};

function differ(one, two, path, found) {
  if (near(one, two)) return;
  if (one && two && typeof one === "object" && typeof two === "object") {
    for (const key of new Set([...Object.keys(one), ...Object.keys(two)])) differ(one[key], two[key], `${path}.${key}`, found);
  } else found.push(`${path}: Python ${JSON.stringify(one)}, page ${JSON.stringify(two)}`);
}

const wrong = [];
const counts = {};
for (const one of cases) {
  const { kind, rows, names, ...asked } = one;
  counts[kind] = (counts[kind] || 0) + 1;
  const found = [];
  const answer = answers[kind](one);
  differ(rows, answer.rows, "", found);
  if (names) differ(names, answer.names, ".names", found);
  if (found.length) wrong.push({ kind, ...asked, found });
}
console.log(JSON.stringify({ counts, wrong: wrong.length, first: wrong.slice(0, 12).map((one) => ({ ...one, found: one.found.slice(0, 4) })) }, null, 1));
process.exitCode = wrong.length ? 1 : 0;
