"use strict";
// Mandates on the ground: hatched areas, corridors, posts; what was only authorised is lighter.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  let serial = 0;
  A.createHatches = (palette) => {
    const prefix = `atlas-z${++serial}-`;
    const hatch = (name, size, d, stroke, width) =>
      A.svg("pattern", { id: prefix + name, width: size, height: size, patternUnits: "userSpaceOnUse" },
        A.svg("path", { d, stroke, "stroke-width": width, fill: "none" }));
    // Leans the other way from the parties' own hatches, so that the two can be told apart.
    const diagonal = (size) => `M-2-2 ${size + 2} ${size + 2}M${size - 2}-2l4 4M-2 ${size - 2}l4 4`;
    const defs = A.svg("defs", {},
      // Wide apart: the holder's colour has to stay the colour one sees.
      hatch("deployed", 18, diagonal(18), palette.mandate, 1.3),
      hatch("authorised", 16, diagonal(16), palette.mandateSoft, 0.9),
      hatch("observation", 24, diagonal(24), palette.mandate, 0.8),
      hatch("corridor", 8, "M4 0v8", palette.mandate, 1.3));
    return { defs, url: (name) => `url(#${prefix}${name})` };
  };
  // A shield: a square is already the mark of talks.
  A.shield = (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${r}q0 ${r * 0.9} ${-r} ${r * 1.4}q${-r} ${-r * 0.5} ${-r} ${-r * 1.4}z`;

  const circleZone = (zone) => zone.shape.kind === "D";

  A.createZoneLayer = (model, map) => {
    const svg = L.svg({ pane: "atlas-zones", padding: 0.5 });
    // A post keeps its size, whatever the zoom.
    const Post = L.CircleMarker.extend({
      _updatePath() {
        const { x, y } = this._point;
        const r = this._radius;
        this._renderer._setPath(this, A.shield(x, y, r));
      },
    });
    const layers = new Map();
    const shown = new Map();

    function make(zone, style) {
      if (circleZone(zone)) {
        const [lon, lat] = zone.shape.parts[0];
        return new Post([lat, lon], { renderer: svg, interactive: false, className: "atlas-post", ...style });
      }
      const maker = zone.shape.kind === "P" ? L.polygon : L.polyline;
      const points = zone.shape.kind === "P" ? zone.shape.parts.map((rings) => rings.map(A.latLngs)) : zone.shape.parts.map(A.latLngs);
      return maker(points, { renderer: svg, interactive: false, className: "atlas-zone", ...style });
    }

    function styleOf(zone, type, state, hatches, palette) {
      const deployed = state === "deployed";
      const colour = deployed ? palette.mandate : palette.mandateSoft;
      if (circleZone(zone)) {
        const main = type === "headquarters";
        return { radius: main ? 7 : 5.5, color: deployed ? palette.paper : colour, weight: deployed ? 1.6 : 1.8, fill: true, fillColor: deployed ? palette.mandate : palette.paper, fillOpacity: 1, dashArray: null };
      }
      const corridor = type === "corridor";
      return {
        fill: zone.shape.kind === "P", fillColor: hatches.url(!deployed ? "authorised" : corridor ? "corridor" : type === "observation" ? "observation" : "deployed"), fillOpacity: deployed ? 0.75 : 0.7,
        color: colour, weight: corridor ? 2.2 : type === "observation" ? 1.1 : 1.6, opacity: deployed ? 0.95 : 0.8, dashArray: corridor && deployed ? null : deployed ? "7 4" : "2 5",
      };
    }

    function update(day, { visible, hatches, palette, dark }) {
      const wanted = new Map();
      if (visible) {
        for (const { mandate, state, zone } of model.mandatesAt(day)) {
          if (!zone) continue;
          const known = wanted.get(zone.index);
          if (!known || (known.state !== "deployed" && state === "deployed")) wanted.set(zone.index, { state, type: mandate.type || zone.type, zone });
        }
      }
      for (const zone of model.zones) {
        const item = wanted.get(zone.index);
        const key = item ? `${item.state}|${item.type}|${dark}` : "";
        if ((shown.get(zone.index) || "") === key) continue;
        shown.set(zone.index, key);
        let layer = layers.get(zone.index);
        if (!item) {
          if (layer) layer.remove();
          continue;
        }
        const style = styleOf(zone, item.type, item.state, hatches, palette);
        if (!layer) layers.set(zone.index, (layer = make(zone, style)));
        else {
          layer.setStyle(style);
          if (layer.setRadius) layer.setRadius(style.radius);
        }
        if (!map.hasLayer(layer)) layer.addTo(map);
      }
    }
    return { update };
  };
})(globalThis.atlasPage);
