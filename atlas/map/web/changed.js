"use strict";
// What changed since a date, on the one map: the ground that changed hands, outlined, and the line as it was.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  // Edges of areas on which the line between holders ran, by their position.
  A.lineOn = (model, day, side) => {
    const held = model.areas.map((area) => model.controlAt(area, day, side));
    const friends = (one, two) => model.sideOf.has(one.who) && model.sideOf.get(one.who) === model.sideOf.get(two.who);
    const inner = (i) => model.areas[i].scope !== "background";
    return new Set(model.edges.filter(({ left, right }) => right >= 0 && held[left] && held[right] && held[left].who !== held[right].who &&
      !friends(held[left], held[right]) && (inner(left) || inner(right))).map((edge) => edge.index));
  };
  // Edges around the ground that changed hands between two days.
  A.rimOfChange = (model, before, after, side) => {
    const moved = new Set(model.changes(before, after, side).filter(({ from, to }) => from.who !== to.who).map(({ area }) => area.index));
    return model.edges.filter(({ left, right }) => moved.has(left) !== (right >= 0 && moved.has(right)));
  };

  A.createChanged = (app) => {
    const { map, model, store } = app;
    A.overPane(map, "atlas-changed", 280);
    const renderer = L.svg({ pane: "atlas-changed", padding: 0.5 });
    let layer = null;
    return {
      clear() {
        if (layer) layer.remove();
        layer = null;
      },
      draw(one, two) {
        this.clear();
        const [before, after] = one <= two ? [one, two] : [two, one];
        const { side } = store.state;
        const palette = app.palette();
        const was = A.lineOn(model, before, side);
        const now = A.lineOn(model, after, side);
        const line = (edge, options) => L.polyline(A.latLngs(edge.line), { renderer, pane: "atlas-changed", interactive: false, smoothFactor: 0.6, ...options });
        const rim = A.rimOfChange(model, before, after, side);
        const ghost = model.edges.filter(({ index }) => was.has(index) && !now.has(index));
        layer = L.layerGroup([
          ...rim.map((edge) => line(edge, { color: palette.paper, weight: 7, opacity: 0.8 })),
          ...rim.map((edge) => line(edge, { color: app.dark() ? "#ff9d8a" : "#9c2f2f", weight: 3.2, className: "atlas-moved" })),
          ...ghost.map((edge) => line(edge, { color: palette.paper, weight: 5, opacity: 0.85 })),
          ...ghost.map((edge) => line(edge, { color: palette.ink, weight: 2.6, dashArray: "3 6", className: "atlas-ghost" })),
        ]).addTo(map);
      },
    };
  };
})(globalThis.atlasPage);
