"use strict";
// Routes: a casing, a line in the colour and dash of its status, and marks along it - crosses where
// it is blocked, gates at checkpoints, ticks on railways - set out in pixels at every zoom.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  // Points every `step` pixels along projected rings: [x, y, unit x, unit y].
  function alongPixels(rings, step) {
    const found = [];
    for (const ring of rings) {
      let total = 0;
      for (let i = 1; i < ring.length; i++) total += Math.hypot(ring[i].x - ring[i - 1].x, ring[i].y - ring[i - 1].y);
      const count = Math.max(1, Math.floor(total / step)); // one, in the middle, where the step is longer
      const gap = total / count;
      let next = gap / 2;
      let walked = 0;
      for (let i = 1; i < ring.length; i++) {
        const dx = ring[i].x - ring[i - 1].x;
        const dy = ring[i].y - ring[i - 1].y;
        const length = Math.hypot(dx, dy);
        while (length && next <= walked + length) {
          const t = (next - walked) / length;
          found.push([ring[i - 1].x + t * dx, ring[i - 1].y + t * dy, dx / length, dy / length]);
          next += gap;
        }
        walked += length;
      }
    }
    return found;
  }

  const round = (value) => Math.round(value * 10) / 10;
  const GLYPHS = {
    cross: (x, y) => `M${round(x - 4)} ${round(y - 4)}l8 8m0-8l-8 8`,
    plus: (x, y) => `M${round(x)} ${round(y - 4)}v8m-4-4h8`,
    bar: (x, y, ux, uy) => `M${round(x - uy * 4.5)} ${round(y + ux * 4.5)}L${round(x + uy * 4.5)} ${round(y - ux * 4.5)}`,
    tick: (x, y, ux, uy) => `M${round(x - uy * 3.2)} ${round(y + ux * 3.2)}L${round(x + uy * 3.2)} ${round(y - ux * 3.2)}`,
    gate: (x, y) => `M${round(x - 4)} ${round(y)}a4 4 0 1 0 8 0a4 4 0 1 0-8 0M${round(x - 2.3)} ${round(y)}h4.6`,
    // A disc with a bar: seen at any zoom, however short the stretch.
    stop: (x, y) => `M${round(x - 7)} ${round(y)}a7 7 0 1 0 14 0a7 7 0 1 0-14 0M${round(x - 3.6)} ${round(y)}h7.2`,
    dot: (x, y) => `M${round(x - 1.6)} ${round(y)}a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0`,
  };
  A.routeGlyphs = GLYPHS;
  // What nobody travels is drawn lighter: less casing, fewer ticks.
  const PASSABLE = new Set(["open", "checkpoint", "restricted", "humanitarian_only", "blocked"]);

  // Where a stretch of a route runs: lines of [lat, lon].
  A.piecesOf = (route, section) => {
    const found = [];
    for (const { part, reach } of route.lines) {
      const from = Math.max(section.from, reach[0]);
      const to = Math.min(section.to, reach[reach.length - 1]);
      if (from < to) found.push(A.geo.stretch(part, reach, from, to).map(([lon, lat]) => [lat, lon]));
    }
    return found;
  };

  A.createRouteLayer = (model, map) => {
    const svg = L.svg({ pane: "atlas-routes", padding: 0.5 });
    // Above all else: a way that is shut is what the reader must not miss.
    const above = L.svg({ pane: "atlas-stops", padding: 0.5 });
    const Marks = L.Polyline.extend({
      options: { noClip: true, smoothFactor: 0 },
      _updatePath() {
        const { glyph, step } = this.options;
        const d = alongPixels(this._rings || [], step).map((point) => GLYPHS[glyph](...point)).join("");
        this._renderer._setPath(this, d || "M0 0");
      },
    });
    const shown = new Array(model.routes.length).fill("");
    const groups = new Array(model.routes.length).fill(null);
    const states = {};

    function build(route, sections, palette, dark) {
      const group = L.layerGroup();
      const common = { renderer: svg, interactive: false, lineCap: "butt", lineJoin: "round" };
      const pieces = sections.map((section) => [section, A.piecesOf(route, section)]);
      const { STATUS, statusColour } = A.theme;
      const fly = route.mode === "air";
      for (const [section, points] of pieces) {
        const { weight, quiet } = STATUS[section.status];
        if (!fly && !quiet) group.addLayer(L.polyline(points, { ...common, color: palette.casing, weight: weight + (PASSABLE.has(section.status) ? 2.4 : 1), opacity: PASSABLE.has(section.status) ? 0.85 : 0.6, className: "atlas-casing" }));
      }
      for (const [section, points] of pieces) {
        const style = STATUS[section.status];
        const colour = statusColour(section.status, dark);
        group.addLayer(L.polyline(points, {
          ...common, color: colour, weight: fly ? 1.6 : route.mode === "pipeline" ? style.weight - 0.8 : style.weight,
          dashArray: fly ? "3 4" : style.dash || null, opacity: style.quiet ? 0.8 : 1, className: `atlas-route atlas-route-${section.status}`,
        }));
        const marks = (glyph, step, width, tone) =>
          group.addLayer(new Marks(points, { ...common, glyph, step, color: tone, weight: width, fill: glyph === "gate", fillColor: palette.paper, fillOpacity: 1, className: "atlas-marks" }));
        if (route.mode === "rail") marks("tick", PASSABLE.has(section.status) ? 9 : 18, 1.3, colour);
        if (route.mode === "pipeline") marks("dot", 14, 1.4, colour);
        if (style.glyph && style.glyph !== "gate") marks(style.glyph, fly ? 64 : style.glyph === "bar" ? 42 : 46, style.glyph === "bar" || fly ? 1.6 : 2, A.theme.mix(colour, dark ? "#ffffff" : "#000000", 0.22));
        if (style.glyph === "gate") marks("gate", 90, 2, colour);
        if (style.badge && points.length) {
          group.addLayer(new Marks(points.slice(0, 1), { ...common, renderer: above, pane: "atlas-stops", glyph: "stop", step: Infinity, color: palette.paper, weight: 2, fill: true, fillColor: colour, fillOpacity: 1, className: "atlas-stop" }));
        }
      }
      return group;
    }

    function update(day, { visible, user, side, palette, dark }) {
      for (const route of model.routes) {
        const i = route.index;
        const sections = model.sectionsAt(route, day, user, side);
        states[route.id] = sections ? model.statusAt(route, day, user, side) : "";
        const key = visible && sections ? `${sections.map((s) => `${s.from.toFixed(2)}:${s.status}`).join(",")}|${dark}` : "";
        if (key === shown[i]) continue;
        shown[i] = key;
        if (groups[i]) groups[i].remove();
        groups[i] = key ? build(route, sections, palette, dark).addTo(map) : null;
      }
      return states;
    }
    return { update };
  };
})(globalThis.atlasPage);
