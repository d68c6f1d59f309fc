"use strict";
// What a link speaks of - events, areas, spells, routes, episodes, mandates - outlined on the map.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  // Parts of the record that a subject names: {areas, stretches, zones}; what is not in the record is left out.
  A.subjectParts = (model, subject) => {
    const found = { areas: [], stretches: [], zones: [] };
    if (!subject) return found;
    const wanted = new Set(subject.ids);
    const named = (rows) => rows.filter(({ id }) => wanted.has(id));
    if (subject.kind === "area") found.areas = named(model.areas);
    if (subject.kind === "spell") found.areas = [...new Set(named(model.control).map(({ area }) => model.areas[area]))];
    if (subject.kind === "route") found.stretches = named(model.routes).map((route) => ({ route, from: 0, to: route.km }));
    if (subject.kind === "episode") {
      for (const route of model.routes) for (const one of named(route.episodes)) {
        found.stretches.push({ route, from: one.from === null ? 0 : one.from, to: one.to === null ? route.km : one.to });
      }
    }
    if (subject.kind === "mandate") found.zones = [...new Set(named(model.mandates).map(({ zone }) => model.zones[zone]).filter(Boolean))];
    return found;
  };

  A.bindSubject = (app) => {
    const { map, model, store, events } = app;
    A.overPane(map, "atlas-subject", 285);
    const renderer = L.svg({ pane: "atlas-subject", padding: 0.5 });
    let layer = null;

    // What a link names; else what the chapter that is told speaks of.
    function parts() {
      const now = store.state.subject ? null : app.chapterNow();
      return now ? { areas: [], ...A.chapterParts(model, now.chapter, now.since, store.state.side) } : { rim: [], ...A.subjectParts(model, store.state.subject) };
    }
    function outline(options) {
      const { areas, stretches, zones, rim } = parts();
      const common = { renderer, pane: "atlas-subject", interactive: false, fill: false, ...options };
      const shapes = [...areas, ...zones].map(({ shape }) => shape);
      return [
        ...shapes.filter(({ kind }) => kind === "P").map((shape) => L.polygon(shape.parts.map((rings) => rings.map(A.latLngs)), common)),
        ...shapes.filter(({ kind }) => kind === "L").map((shape) => L.polyline(shape.parts.map(A.latLngs), common)),
        ...shapes.filter(({ kind }) => kind === "D").flatMap((shape) => shape.parts.map(([lon, lat]) => L.circleMarker([lat, lon], { ...common, radius: 13 }))),
        ...rim.map((edge) => L.polyline(A.latLngs(edge.line), { ...common, smoothFactor: 0.6 })),
        ...stretches.map((one) => L.polyline(A.piecesOf(one.route, one), common)),
      ];
    }
    function draw() {
      if (layer) layer.remove();
      layer = L.layerGroup([
        ...outline({ color: app.palette().paper, weight: 8, opacity: 0.85, className: "atlas-subject-halo" }),
        ...outline({ color: app.dark() ? "#ff9d8a" : "#9c2f2f", weight: 3.4, className: "atlas-subject" }),
      ]).addTo(map);
    }
    // An event that a link names is opened as if it had been clicked.
    async function open() {
      const { subject, sel } = store.state;
      if (!subject || subject.kind !== "event") return;
      const texts = await app.texts();
      const row = texts.rowOf(subject.ids[0]);
      if (row < 0 || row >= events.rows || (sel && sel.event === row)) return;
      store.set({ sel: { lon: events.lon(row), lat: events.lat(row), event: row }, tab: "here", subject });
    }
    // And one that is clicked is what the address speaks of from then on.
    async function name() {
      const { sel } = store.state;
      if (!sel || sel.event === undefined) return;
      const texts = await app.texts();
      if (store.state.sel === sel) store.set({ subject: { kind: "event", ids: [texts.of("id", sel.event)] } });
    }
    store.on(["sel"], (state, changed) => {
      if (!changed.has("subject") && state.subject) store.set({ subject: null });
      name();
    });
    store.on(["subject", "theme", "chapter", "tab", "side"], draw);
    store.on(["subject"], open);
    app.openSubject = open;
    draw();
  };
})(globalThis.atlasPage);
