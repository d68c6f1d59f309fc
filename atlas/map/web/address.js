"use strict";
// The address follows the view, and the view the address. What the reader does on purpose is a step
// that Back undoes; all else changes the address in place.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const STEPS = ["sel", "subject", "chapter", "way", "compare", "side", "tab"];
  // What a link leaves out is as the page opens.
  const plain = ({ data: { page }, every }) => ({
    day: page.day, lang: page.lang, side: "", theme: "auto", window: page.range ? "range" : "month", range: page.range, layers: A.layersAtFirst(every),
    hidden: [], sets: [], actor: "", certainty: [], user: "", sel: null, subject: null, way: null, chapter: "", compare: null, tab: "",
  });

  A.keepLink = (app) => {
    const { map, store, every } = app;
    let step = false;
    let following = false;
    const write = A.debounce(() => {
      const hash = A.permalink.write(store.state, map, every);
      const push = step;
      step = false;
      if (hash === globalThis.location.hash) return;
      try {
        globalThis.history[push ? "pushState" : "replaceState"](null, "", hash);
      } catch {
        // A sandboxed frame may not have an address of its own.
      }
    }, 250);
    store.on(null, (state, changed) => {
      step = step || (!following && !state.playing && STEPS.some((key) => changed.has(key)));
      write();
    });
    map.on("moveend", write);
    // Back, Forward, and a link typed or followed within the page.
    globalThis.addEventListener("popstate", () => {
      const next = app.readLink();
      following = true;
      store.set({ ...plain(app), compare: null });
      store.set(next.patch);
      if (next.view) map.setView(next.view.center, next.view.zoom, { animate: false });
      following = false;
      step = false;
    });
  };

  // What a page of the site is told when the reader goes there: the language, the date, whose account, the looks.
  A.carried = (state) => [["lang", state.lang], ["date", A.days.iso(state.day)], ["side", state.side], ["theme", state.theme === "auto" ? "" : state.theme]]
    .filter(([, value]) => value).map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
})(globalThis.atlasPage);
