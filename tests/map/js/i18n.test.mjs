import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { load } from "./load.mjs";

const A = load("dom", "days", "i18n");

test("every text is in every language, with the same blanks to fill", () => {
  const blanks = (text) => (text.match(/\{\w+\}/g) || []).sort().join();
  for (const [key, row] of Object.entries(A.i18n.TEXT)) {
    assert.equal(row.length, 4, key);
    if (key !== "onlyEnglish") row.forEach((text) => assert.ok(text.trim(), key));
    if (key !== "onlyEnglish") assert.equal(new Set(row.map(blanks)).size, 1, key);
  }
});

test("every text asked for exists", () => {
  const web = new URL("../../../atlas/map/web/", import.meta.url);
  for (const file of readdirSync(web).filter((name) => name.endsWith(".js"))) {
    const code = readFileSync(new URL(file, web), "utf8");
    for (const [, key] of code.matchAll(/\bt\("(\w+)"/g)) assert.ok(key in A.i18n.TEXT, `${file}: ${key}`);
  }
});

test("Armenian text is in Armenian letters and Russian in Cyrillic", () => {
  for (const [key, [, hy, , ru]] of Object.entries(A.i18n.TEXT)) {
    if (key === "basemap" || key === "credit") continue;
    if (hy) assert.match(hy, /[\u0531-\u0587]/u, key);
    if (ru) assert.match(ru, /[\u0400-\u04ff]/u, key);
    assert.doesNotMatch(hy.replace(/\{\w+\}/g, ""), /[\u0400-\u04ff]/u, key);
    assert.doesNotMatch(ru, /[\u0531-\u0587]/u, key);
  }
});

test("numbers are grouped from five digits on", () => {
  assert.equal(A.number(1234), "1234");
  assert.equal(A.number(12345), "12\u202f345");
  assert.equal(A.number(1234567), "1\u202f234\u202f567");
});
