"use strict";
// Puts the page together around a Leaflet map that folium made. Every part takes the one `app` and
// adds what it makes to it; the order in which they are joined is the list in `start`, and nowhere else.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el } = A;
  const LAYERS = ["control", "claims", "mandates", "routes", "displacement", "events", "labels", "basemap"];

  A.calm = () => globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches;
  // Asked of the style sheet, which has the same limit, and not of the layout, which would be forced.
  A.wide = () => globalThis.matchMedia("(min-width: 860px)").matches;
  A.mapOptions = () => ({
    keyboard: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 90, minZoom: 1.5, maxZoom: 15,
    zoomAnimation: !A.calm(), markerZoomAnimation: !A.calm(), fadeAnimation: false, inertia: !A.calm(),
  });

  A.mount = (map) => {
    const container = map.getContainer();
    const stage = el("div", { class: "stage" });
    const root = el("div", { class: "atlas", "data-state": "loading" });
    container.replaceWith(root);
    // Plugins look for folium's map among the children of the body: that is all of ours.
    container.classList.remove("folium-map");
    root.classList.add("folium-map");
    const hint = el("p", { class: "loading", role: "status" }, container.dataset.loading);
    stage.append(container, hint);
    root.append(stage);
    const loading = start(map, root, stage).then(
      (app) => {
        hint.remove();
        return app;
      },
      (error) => {
        A.refill(hint, `${container.dataset.failed} (${error.message})`);
        root.dataset.state = "failed";
        throw error;
      },
    );
    globalThis.atlasMap = { ready: loading.then(() => true) };
    return loading;
  };

  async function start(map, root, stage) {
    const arriving = A.blocks.late("atlas-events").then(A.decode.columns);
    arriving.catch(() => {}); // told below, where it is waited for
    const data = await A.decode.json(A.blocks.text("atlas-data"));
    await A.breath();
    const app = { map, root, stage, data };
    // The order in which the parts are joined. Between them the browser may draw, and answer.
    const PARTS = [
      readRecord, bindTheme, bindTexts, readLink, buildFrame, A.placeMap, makeView, drawMap, A.bindPicking, A.bindHover, A.bindPin,
      A.bindSubject, bindControls, A.bindPrint, A.bindKeys, A.bindWheel,
    ];
    let since = performance.now();
    for (const part of PARTS) {
      await part(app);
      if (performance.now() - since < 30) continue;
      await A.breath();
      since = performance.now();
    }
    const core = await arriving;
    await A.breath();
    receiveEvents(app, core);
    for (const part of [A.keepLink, A.followSize, offerApi]) part(app);
    for (const work of app.frame.furnishing) A.afterFrame(work);
    return app;
  }

  const NO_EVENTS = { rows: 0, longest: 1, tells: { deaths: false, vague: false, types: [], uncounted: [] }, words: {}, columns: { start: [], days: [], x: [], y: [], deaths: [], uncertainty: [] } };

  // The record, and what the reader may choose of it. The events are still to come.
  function readRecord(app) {
    const { page } = app.data;
    A.i18n.learn(page.spoken);
    A.i18n.use(page.lang);
    app.events = A.createEvents(NO_EVENTS);
    app.events.ready = new Promise((done) => { app.eventsCame = done; });
    app.model = A.createModel(app.data, app.events);
    app.every = LAYERS.filter((key) => !page.layers || page.layers.includes(key));
    app.store = A.createStore({
      day: page.day, lang: page.lang, side: "", theme: "auto", window: page.range ? "range" : "month", range: page.range,
      layers: A.layersAtFirst(app.every), hidden: [], sets: [], actor: "", certainty: [], user: "",
      sel: null, subject: null, way: null, ui: "", tab: "", chapter: "", compare: null, playing: false, speed: "change",
    });
  }

  function bindTheme(app) {
    const { root, store, model } = app;
    const prefers = globalThis.matchMedia("(prefers-color-scheme: dark)");
    app.dark = () => store.state.theme === "dark" || (store.state.theme === "auto" && prefers.matches);
    app.palette = () => A.theme.palette(app.dark());
    const defs = A.svg("svg", { class: "atlas-defs", width: 0, height: 0, "aria-hidden": "true", focusable: "false" });
    root.append(defs);
    app.paint = () => {
      app.patterns = A.createPatterns(model, app.dark());
      app.hatches = A.createHatches(app.palette());
      A.refill(defs, app.patterns.defs, app.hatches.defs);
      root.dataset.theme = app.dark() ? "dark" : "light";
      // Fills of all parties exist before any of them is first asked for.
      for (const id of model.parties.keys()) app.patterns.fillOf(id, "solid");
    };
    app.paint();
    prefers.addEventListener("change", () => {
      if (store.state.theme === "auto") store.set({ theme: app.dark() ? "dark" : "light" });
    });
  }

  // Texts of events, decoded when somebody first wants to read one.
  function bindTexts(app) {
    let texts = null;
    app.texts = () => {
      texts = texts || A.blocks.late("atlas-texts").then(A.decode.columns).then(({ columns, words }) => ({
        of: (name, i) => (columns[name] && words[name] ? words[name][columns[name][i]] : ""),
        count: (name, i) => (columns[name] ? columns[name][i] - 1 : -1),
        rowOf: (id) => {
          const code = (words.id || []).indexOf(id);
          return code < 0 ? -1 : columns.id.indexOf(code);
        },
      }));
      return texts;
    };
    app.receipts = A.createReceipts(app);
  }

  // What the address asks for, before anything is made of it.
  function readLink(app) {
    const { model, store, every, data: { page } } = app;
    app.readLink = () => A.permalink.read(globalThis.location.hash, {
      every, langs: A.i18n.langs(), sides: model.sidesOffered, first: page.first, last: page.last, places: model.placeById, chapters: model.chapters,
    });
    app.asked = app.readLink();
    store.set(app.asked.patch);
    app.root.dataset.ui = store.state.ui;
    app.paint();
    if (!("tab" in app.asked.patch)) store.set({ tab: A.wide() ? (model.chapters.length ? "story" : "events") : "" });
    A.i18n.use(store.state.lang);
    // Before any part of the page listens: each writes its words anew when the language changes.
    store.on(["lang"], () => A.i18n.use(store.state.lang));
  }

  function buildFrame(app) {
    app.frame = A.createFrame(app);
  }

  function makeView(app) {
    const { map, model, events, store } = app;
    const layers = () => Object.fromEntries(LAYERS.map((key) => [key, Boolean(store.state.layers[key])]));
    app.settings = (day, rows) => ({
      // In a chosen span no day is more present than another.
      day, rows, even: store.state.window === "range", selected: store.state.sel ? store.state.sel.place : "", side: store.state.side, layers: layers(), user: store.state.user, lang: store.state.lang,
      palette: app.palette(), dark: app.dark(), patterns: app.patterns, hatches: app.hatches,
    });
    app.rows = () => (store.state.layers.events ? events.between(...A.eventSpan(store.state)) : []);
    app.view = A.createView(map, model, events);
    app.times = { step: 0 };
  }

  async function drawMap(app) {
    const { events, store } = app;
    // All but the events, which are still to come.
    for (const stage of app.view.stages(app.settings(store.state.day, null))) {
      stage();
      await A.breath();
    }
    performance.mark("atlas-built");
    store.on(["hidden", "actor", "certainty", "sets"], () => events.filter(store.state));
    store.on(["theme"], () => {
      app.paint();
      app.compare.refresh();
    });
    store.on([...A.EVENT_CHOICES, "day", "layers", "user", "lang", "side", "theme", "sel"], () => {
      const began = performance.now();
      app.view.update(app.settings(store.state.day, app.rows()));
      app.times.step = performance.now() - began;
    });
  }

  function bindControls(app) {
    // Empty, unless somebody adds tiles that must be credited; never with Leaflet's own prefix.
    L.control.attribution({ prefix: false, position: "bottomleft" }).addTo(app.map);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(app.map);
    app.frame.listen();
  }

  function receiveEvents(app, core) {
    const { events, store, data, view, root } = app;
    Object.assign(events, A.createEvents(core));
    app.eventsCame();
    events.paint(data.sets || []);
    events.filter(store.state);
    view.showRows(app.rows());
    if (store.state.compare) app.compare.refresh();
    app.openSubject();
    root.dataset.state = "ready";
    performance.mark("atlas-drawn");
  }

  // What a script beside the page may ask of it and tell it.
  function offerApi(app) {
    const { map, store, model, events, view, every, times } = app;
    Object.assign(globalThis.atlasMap, {
      app, times,
      go: (text) => store.set({ day: A.days.parse(text).first }),
      set: (patch) => store.set(patch),
      png: () => A.exportPng(app),
      hash: () => A.permalink.write(store.state, map, every),
      state: () => {
        const { day, side, user } = store.state;
        const control = {};
        for (const area of model.areas) {
          const spell = model.controlAt(area, day, side);
          control[area.id] = spell ? spell.who : "";
        }
        return {
          date: A.days.iso(day), control,
          routes: Object.fromEntries(model.routes.map((route) => [route.id, model.statusAt(route, day, user, side)])),
          mandates: model.mandatesAt(day).map(({ mandate, state }) => ({ id: mandate.id, mission: mandate.mission, state })),
          events: events.between(...A.eventSpan(store.state)).length,
          labels: view.labels().map((label) => label.text),
          settings: JSON.parse(JSON.stringify(store.state)),
        };
      },
    });
    Object.defineProperty(globalThis.atlasMap, "day", { get: () => A.days.iso(store.state.day) });
    performance.mark("atlas-ready");
  }
})(globalThis.atlasPage);
