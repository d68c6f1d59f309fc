"use strict";
// Control: one SVG path an area, filled with its holder's colour and pattern; fronts as lines.
// The DOM is touched only where an area's state changes; a path that shows nothing is removed.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { mix } = A.theme;
  let serial = 0;

  const tile = (id, size, ...children) =>
    A.svg("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" }, ...children);
  const rect = (size, fill) => A.svg("rect", { width: size, height: size, fill });
  const path = (d, stroke, width) => A.svg("path", { d, stroke, "stroke-width": width, fill: "none" });

  function marks(kind, stroke) {
    switch (kind) {
      case "lines":
      case "diagonal":
        return [8, path("M-2 10 10-2M-2 2 2-2M6 10l4-4", stroke, 1.2)];
      case "back":
      case "back_diagonal":
        return [8, path("M-2-2 10 10M6-2l4 4M-2 6l4 4", stroke, 1.2)];
      case "horizontal":
        return [6, path("M0 3h6", stroke, 1)];
      case "vertical":
        return [6, path("M3 0v6", stroke, 1)];
      case "dots":
        return [7, A.svg("circle", { cx: 3.5, cy: 3.5, r: 1.15, fill: stroke })];
      case "cross":
        return [9, path("M2.5 4.5h4M4.5 2.5v4", stroke, 1.1)];
      case "grid":
        return [8, path("M4 0v8M0 4h8", stroke, 0.9)];
      default:
        return [8, null];
    }
  }

  // Fill patterns of all parties in four styles; `defs` is part of the page, not of one map.
  A.createPatterns = (model, dark) => {
    const prefix = `atlas-p${++serial}-`;
    const defs = A.svg("defs", {});
    const made = new Map();
    const paper = dark ? "#2c2f35" : "#f9f5ea";
    function fillOf(party, style) {
      const key = `${party}|${style}`;
      if (made.has(key)) return made.get(key);
      const entry = model.parties.get(party) || { colour: "#888888", pattern: "none" };
      const base = dark ? mix(entry.colour, "#1c1e22", 0.22) : entry.colour;
      const line = mix(entry.colour, dark ? "#ffffff" : "#1d1712", dark ? 0.3 : 0.34);
      const id = `${prefix}${made.size}`;
      let node = null;
      if (style === "contested") {
        // Two stripes: the holder's tint and bare paper.
        node = tile(id, 10, rect(10, mix(base, paper, 0.55)), path("M-2.5 12.5 12.5-2.5M-2.5 2.5l5-5M7.5 12.5l5-5", base, 3.4));
      } else if (style === "unknown") {
        node = tile(id, 9, rect(9, mix("#9a948a", paper, 0.5)), path("M0 9 9 0M0 0l9 9", "#9a948a", 0.8));
      } else if (style === "claimed") {
        node = tile(id, 9, rect(9, mix(base, paper, 0.35)), path("M4.5 0v9", paper, 1.6));
      } else if (style === "demilitarised") {
        node = tile(id, 7, rect(7, mix(base, paper, 0.6)), path("M0 3.5h7", line, 0.9));
      } else if (style === "presence") {
        node = tile(id, 8, rect(8, mix(base, paper, 0.62)), A.svg("circle", { cx: 4, cy: 4, r: 1, fill: base }));
      } else {
        const [size, mark] = marks(entry.pattern, line);
        const soft = style === "soft" || style === "softBackground";
        const tint = soft ? mix(base, paper, 0.4) : base;
        node = tile(id, size, rect(size, tint), mark);
      }
      defs.append(node);
      const fill = `url(#${id})`;
      made.set(key, fill);
      return fill;
    }
    return { defs, fillOf };
  };

  A.styleOfSpell = (spell) => {
    if (spell.by) return "claimed";
    if (spell.type === "contested" || spell.certainty === "contested") return "contested";
    if (spell.type === "unknown" || spell.certainty === "unknown") return "unknown";
    if (spell.type === "demilitarised") return "demilitarised";
    if (spell.type === "presence") return "presence";
    if (spell.certainty === "probable") return "soft";
    return "solid";
  };

  const latLngs = (line) => {
    const out = [];
    for (let i = 0; i < line.length; i += 2) out.push([line[i + 1], line[i]]);
    return out;
  };
  A.latLngs = latLngs;

  A.createControlLayer = (model, map) => {
    // Above some hundreds of outlines Leaflet's canvas beats its SVG.
    const many = model.areas.length > 300;
    const fills = many ? L.canvas({ pane: "atlas-control", padding: 0.3 }) : L.svg({ pane: "atlas-control", padding: 0.5 });
    const lines = many ? L.canvas({ pane: "atlas-fronts", padding: 0.3 }) : L.svg({ pane: "atlas-fronts", padding: 0.5 });
    const shown = new Array(model.areas.length).fill("");
    const layers = new Array(model.areas.length).fill(null);
    const claimShown = new Array(model.areas.length).fill("");
    const claimLayers = new Array(model.areas.length).fill(null);
    const edgeShown = new Array(model.edges.length).fill("");
    const edgeLayers = new Array(model.edges.length).fill(null);
    // Faint as a whole: where two bands meet they are no darker.
    const bands = L.svg({ pane: "atlas-bands", padding: 0.5 });
    const bandLayers = new Array(model.edges.length).fill(null);
    let touched = 0;
    let ink = "";

    const areaLayer = (area, options) =>
      L.polygon(area.shape.parts.map((rings) => rings.map(latLngs)), { interactive: false, smoothFactor: 0.6, ...options });

    function show(list, i, make, style) {
      touched++;
      if (!style) {
        if (list[i]) list[i].remove();
        return;
      }
      if (!list[i]) list[i] = make(style);
      else list[i].setStyle(style);
      if (!map.hasLayer(list[i])) list[i].addTo(map);
    }

    function update(day, { side, visible, claims, patterns, palette, dark }) {
      touched = 0;
      const held = new Array(model.areas.length);
      for (let i = 0; i < model.areas.length; i++) {
        const area = model.areas[i];
        const spell = model.controlAt(area, day, side);
        held[i] = spell;
        const background = area.scope === "background";
        const key = visible && spell ? `${spell.who}|${A.styleOfSpell(spell)}|${background}|${dark}` : "";
        if (key !== shown[i]) {
          shown[i] = key;
          const fill = key && (many ? (model.parties.get(spell.who) || {}).colour || "#888" : patterns.fillOf(spell.who, A.styleOfSpell(spell)));
          show(layers, i, (style) => areaLayer(area, { renderer: fills, className: "atlas-area", ...style }),
            key && {
              fillColor: fill, fillOpacity: background ? 0.3 : 1, fill: true,
              stroke: !background, color: fill, weight: 0.8, opacity: background ? 0 : 1,
            });
        }
        // A rival claim is an outline in the claimant's reading, above the tint.
        const rival = visible && claims && !side && model.claimsAt(area, day).find((claim) => !spell || claim.who !== spell.who);
        const claimKey = rival ? `${rival.who}|${dark}` : "";
        if (claimKey !== claimShown[i]) {
          claimShown[i] = claimKey;
          const colour = rival && (model.parties.get(rival.who) || {}).colour;
          show(claimLayers, i, (style) => areaLayer(area, { renderer: lines, className: "atlas-claim", ...style }),
            claimKey && { fill: false, color: A.theme.mix(colour || "#888888", dark ? "#ffffff" : "#000000", 0.25), weight: 1.6, dashArray: "1 4", lineCap: "round" });
        }
      }
      for (let i = 0; i < model.edges.length; i++) {
        const edge = model.edges[i];
        const one = held[edge.left];
        const two = edge.right >= 0 ? held[edge.right] : null;
        let key = "";
        if (visible && one) {
          if (edge.right < 0) key = model.areas[edge.left].scope === "background" ? "" : "rim";
          else if (two && one.who !== two.who) {
            const sure = (spell) => spell.certainty === "certain" && spell.type !== "contested";
            const friends = model.sideOf.has(one.who) && model.sideOf.get(one.who) === model.sideOf.get(two.who);
            const outer = model.areas[edge.left].scope === "background" && model.areas[edge.right].scope === "background";
            key = friends || outer ? "rim" : sure(one) && sure(two) ? "front" : "approximate";
          } else if (two && one.who === two.who) {
            key = model.areas[edge.left].scope !== model.areas[edge.right].scope ? "rim" : "seam";
          }
        }
        const full = key && `${key}|${dark}`;
        if (full !== edgeShown[i]) {
          edgeShown[i] = full;
          const styles = {
            front: { color: palette.front, weight: 2, opacity: 0.9, dashArray: null },
            approximate: { color: palette.front, weight: 1.8, opacity: 0.85, dashArray: "5 4" },
            rim: { color: palette.front, weight: 0.9, opacity: 0.45, dashArray: null },
            seam: { color: palette.front, weight: 0.5, opacity: 0.22, dashArray: "2 3" },
          };
          show(edgeLayers, i, (style) => L.polyline(latLngs(edge.line), { renderer: lines, interactive: false, smoothFactor: 0.6, className: "atlas-front", ...style }), key && styles[key]);
        }
      }
      ink = palette.front;
      drawBands();
      return touched;
    }

    // A line is nowhere sharper than the record knows it: looked at closely, it is a band as wide as
    // the doubt about it.
    const doubtOf = ({ left, right }) => Math.max(model.areas[left].uncertainty || 0, right >= 0 ? model.areas[right].uncertainty || 0 : 0);
    function drawBands() {
      model.edges.forEach((edge, i) => {
        const between = /^(front|approximate)/.test(edgeShown[i]);
        const width = between ? (2 * doubtOf(edge) * 2 ** map.getZoom()) / (156543.03 * Math.cos((edge.line[1] * Math.PI) / 180)) : 0;
        if (width < 14 && !bandLayers[i]) return;
        show(bandLayers, i, (style) => L.polyline(latLngs(edge.line), { renderer: bands, interactive: false, smoothFactor: 0.6, lineCap: "round", className: "atlas-band", ...style }),
          width >= 14 && { color: ink, weight: Math.min(width, 160), opacity: 1 });
      });
    }
    map.on("zoomend", drawBands);
    return { update, shown: () => shown.filter(Boolean).length };
  };
})(globalThis.atlasPage);
