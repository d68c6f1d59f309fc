"use strict";
// Names on a canvas, heaviest first, none over another; each as it was called on the day.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const SANS = '"Noto Sans", "Segoe UI", system-ui, -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif';
  const SERIF = '"Noto Serif", "Iowan Old Style", Cambria, "Times New Roman", serif';
  const AREAL = new Set(["country", "region", "province", "republic", "district", "corridor", "sea", "lake"]);
  // A fork of roads or a camp is no town, and does not look like one.
  const MINOR = new Set(["site", "crossing", "bridge", "station", "base"]);
  const TERMS = new Set(["region", "republic", "corridor"]);
  const least = (zoom) => 9.6 - 0.83 * zoom;

  // A lake is as heavy as it is wide: a large one shows early, a pond late.
  function lakeRank(coded) {
    const shape = A.decode.shape(coded, A.decode.COARSE);
    if (shape.kind !== "P") return 2.4;
    const box = A.boundsOf(shape.parts[0][0]);
    return A.clamp(5.4 + Math.log2(Math.max(box[2] - box[0], 0.01)), 1.5, 4.6);
  }

  // The dots of named places lie below the events, which would be hidden where they stand in a town.
  A.drawDots = (context, labels, palette) => {
    for (const { dot, kind, rank, x, y } of labels) {
      if (!dot) continue;
      context.beginPath();
      if (rank >= 5.6) context.rect(x - 3.5, y - 3.5, 7, 7);
      else if (kind === "mountain" || kind === "pass") {
        context.moveTo(x, y - 4);
        context.lineTo(x + 4, y + 3);
        context.lineTo(x - 4, y + 3);
        context.closePath();
      } else context.arc(x, y, rank >= 4 ? 3 : MINOR.has(kind) ? 1.1 : 2.3, 0, 7);
      context.fillStyle = palette.paper;
      context.fill();
      context.strokeStyle = palette.ink;
      context.lineWidth = 1.5;
      context.stroke();
    }
  };

  A.createLabels = (model, features) => {
    const fixed = [];
    for (const feature of features) {
      if (!feature.at || !feature.names) continue;
      const kind = feature.kind === "land" ? "country" : feature.kind;
      if (!["country", "lake", "sea", "river"].includes(kind)) continue;
      fixed.push({ names: feature.names, kind, x: A.mercX(feature.at[0]), y: A.mercY(feature.at[1]), rank: kind === "country" ? 9 : kind === "sea" ? 7.5 : kind === "lake" ? lakeRank(feature.shape) : 2.2 });
    }
    // A region's name has room elsewhere; a town's dot has not: towns go first.
    const turn = (item) => item.rank - (AREAL.has(item.kind) ? 1.3 : 0);
    const drawnKinds = new Set(fixed.map((item) => item.kind));
    const places = model.places
      .filter((place) => !(["country", "sea", "lake", "river"].includes(place.kind) && drawnKinds.has(place.kind)))
      .map((place) => ({ place, kind: place.kind, x: A.mercX(place.lon), y: A.mercY(place.lat), rank: place.rank }))
      .sort((a, b) => turn(b) - turn(a) || (a.place.id < b.place.id ? -1 : 1));
    const widths = new Map();

    function fontOf(kind, rank) {
      if (kind === "country") return `600 13px ${SANS}`;
      if (kind === "region" || kind === "province" || kind === "republic" || kind === "corridor") return `600 11px ${SANS}`;
      if (kind === "district") return `600 10.5px ${SANS}`;
      if (kind === "sea" || kind === "lake" || kind === "river") return `italic 12px ${SERIF}`;
      if (MINOR.has(kind)) return `italic 10.5px ${SANS}`;
      return rank >= 5.2 ? `600 13.5px ${SANS}` : rank >= 4 ? `600 12px ${SANS}` : `500 11px ${SANS}`;
    }
    function measure(context, font, text, spacing) {
      const key = `${font}|${spacing}|${text}`;
      let width = widths.get(key);
      if (width === undefined) {
        width = context.measureText(text).width;
        if (widths.size > 20000) widths.clear();
        widths.set(key, width);
      }
      return width;
    }

    // Which names stand where; how wide a name is only the context knows.
    function arrange(context, view, { day, lang, side, selected, showPlaces, taken }) {
      const boxes = [];
      const cell = 96;
      const grid = new Map();
      const clash = (box) => {
        for (let gx = Math.floor(box[0] / cell); gx <= Math.floor(box[2] / cell); gx++) {
          for (let gy = Math.floor(box[1] / cell); gy <= Math.floor(box[3] / cell); gy++) {
            for (const k of grid.get(gx * 4096 + gy) || []) {
              const other = boxes[k];
              if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) return true;
            }
          }
        }
        return false;
      };
      const keep = (box) => {
        const k = boxes.push(box) - 1;
        for (let gx = Math.floor(box[0] / cell); gx <= Math.floor(box[2] / cell); gx++) {
          for (let gy = Math.floor(box[1] / cell); gy <= Math.floor(box[3] / cell); gy++) {
            const id = gx * 4096 + gy;
            if (!grid.has(id)) grid.set(id, []);
            grid.get(id).push(k);
          }
        }
      };
      const canSpace = "letterSpacing" in context;
      const drawn = [];
      taken.forEach(keep);

      function place(item, text) {
        const { kind, rank } = item;
        const x = item.x * view.scale - view.left;
        const y = item.y * view.scale - view.top;
        if (x < -60 || y < -20 || x > view.width + 60 || y > view.height + 20) return;
        const areal = AREAL.has(kind);
        const font = fontOf(kind, rank);
        const upper = kind === "country" || kind === "region" || kind === "republic";
        const shownText = upper ? text.toLocaleUpperCase(lang) : text;
        const spacing = kind === "country" ? 3.5 : upper ? 1.6 : kind === "sea" ? 1 : 0;
        context.font = font;
        if (canSpace) context.letterSpacing = `${spacing}px`;
        const width = measure(context, font, shownText, spacing);
        const height = 14;
        const dot = !areal && kind !== "river";
        const gap = 8;
        const options = dot
          ? [[x + gap, y], [x - gap - width, y], [x - width / 2, y - 13], [x - width / 2, y + 13], [x + gap - 2, y - 9], [x + gap - 2, y + 9]]
          : [[x - width / 2, y], [x - width / 2, y - 12], [x - width / 2, y + 12]];
        const spot = dot ? [x - 5, y - 5, x + 5, y + 5] : null;
        if (spot && clash(spot)) return;
        // Inside the view where there is a choice: a name cut by its edge can't be read.
        const cut = (/** @type {number[]} */ [tx]) => (tx < 2 || tx + width > view.width - 2 ? 1 : 0);
        if (dot) options.sort((a, b) => cut(a) - cut(b));
        for (const [tx, ty] of options) {
          const box = [tx - 3, ty - height / 2 - 1, tx + width + 3, ty + height / 2 + 1];
          if (clash(box)) continue;
          keep(box);
          if (spot) keep(spot);
          drawn.push({ kind, rank, text: shownText, font, spacing, x, y, tx, ty, dot });
          return;
        }
      }
      for (const item of fixed) {
        if (item.rank >= least(view.zoom) && (showPlaces || item.kind !== "country")) {
          if (item.kind === "country" && view.zoom > 9.5) continue;
          place(item, model.localName(item.names, lang));
        }
      }
      if (showPlaces) {
        // What the reader asked for is named whatever else has to give way.
        const chosen = selected ? model.placeById.get(selected) : null;
        if (chosen) {
          const item = places.find((one) => one.place === chosen);
          if (item) place(item, model.nameOf(chosen, day, lang, side));
        }
        for (const item of places) {
          if (turn(item) < least(view.zoom) - 1.3) break;
          if (item.rank < least(view.zoom) || item.place === chosen) continue;
          if (item.place.start > day || day >= item.place.end) continue;
          if (!side && TERMS.has(item.kind) && model.partisan(item.place, day)) continue;
          if (view.zoom > 10.5 && ["province", "region", "republic", "country"].includes(item.kind)) continue;
          place(item, model.nameOf(item.place, day, lang, side));
        }
      }
      if (canSpace) context.letterSpacing = "0px";
      return drawn;
    }
    return arrange;
  };

  A.drawNames = (context, labels, palette) => {
    const canSpace = "letterSpacing" in context;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const item of labels) {
      const water = item.kind === "sea" || item.kind === "lake" || item.kind === "river";
      const soft = AREAL.has(item.kind) && !water;
      context.font = item.font;
      if (canSpace) context.letterSpacing = `${item.spacing}px`;
      context.strokeStyle = palette.halo;
      context.lineWidth = water ? 0 : 3.2;
      if (!water) context.strokeText(item.text, item.tx, item.ty);
      context.fillStyle = water ? palette.water : soft ? palette.muted : palette.ink;
      context.fillText(item.text, item.tx, item.ty);
    }
    if (canSpace) context.letterSpacing = "0px";
  };
})(globalThis.atlasPage);
