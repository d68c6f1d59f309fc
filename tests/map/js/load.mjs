// Loads the page's modules outside a page, in the order in which the page joins them.
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
globalThis.Node ??= class {};
// What the loader of words gives the page; a Python test holds it to that.
export const languages = require("./languages.json");
export const load = (...names) => {
  for (const name of names) require(`../../../atlas/map/web/${name}.js`);
  const A = globalThis.atlasPage;
  if (A.i18n) A.i18n.learn(languages);
  else A.days.learn(languages);
  return A;
};
