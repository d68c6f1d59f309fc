// Loads the page's modules outside a page, in the order in which the page joins them.
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
globalThis.Node ??= class {};
export const load = (...names) => {
  for (const name of names) require(`../../../atlas/map/web/${name}.js`);
  return globalThis.atlasPage;
};
