"use strict";
// What the reader has chosen, in one place; parts of the page listen for the keys they show.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  // Layers that are drawn only once a reader asks for them.
  A.OFF_AT_FIRST = ["claims", "displacement"];
  A.layersAtFirst = (every) => Object.fromEntries(every.map((key) => [key, !A.OFF_AT_FIRST.includes(key)]));

  A.createStore = (initial) => {
    const state = { ...initial };
    const listeners = [];
    const same = (one, two) =>
      one === two ||
      (typeof one === "object" && typeof two === "object" && one && two && JSON.stringify(one) === JSON.stringify(two));
    return {
      state,
      set(patch) {
        const changed = new Set();
        for (const [key, value] of Object.entries(patch)) {
          if (!same(state[key], value)) {
            state[key] = value;
            changed.add(key);
          }
        }
        if (changed.size) for (const [keys, listener] of listeners) {
          if (!keys || keys.some((key) => changed.has(key))) listener(state, changed);
        }
        return changed;
      },
      on(keys, listener) {
        listeners.push([keys, listener]);
      },
    };
  };
})(globalThis.atlasPage);
