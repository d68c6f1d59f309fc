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

  // What is asked of ground in dispute: whether a box of pixels lies on it, and where its names may stand.
  function disputes(model) {
    const flat = (/** @type {number[]} */ ring) => Float64Array.from(ring, (value, k) => (k % 2 ? A.mercY(value) : A.mercX(value)));
    const grounds = model.areas.map((area) => ({
      disputed: area.scope !== "background",
      parts: area.shape.parts.map((rings) => rings.map(flat)).map((rings) => ({ rings, box: A.boundsOf(rings[0]) })),
    }));
    const inPart = ({ rings, box }, x, y) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && A.geo.inShape({ kind: "P", parts: [rings] }, x, y);
    const inAny = (list, x, y) => list.some(({ parts }) => parts.some((part) => inPart(part, x, y)));
    const disputed = grounds.filter((one) => one.disputed);
    // How much of a box lies on some ground, by a net of points.
    function share(list, view, box) {
      let hits = 0;
      for (let i = 0; i <= 8; i++) {
        for (let j = 0; j <= 2; j++) {
          const x = (box[0] + ((box[2] - box[0]) * i) / 8 + view.left) / view.scale;
          const y = (box[1] + ((box[3] - box[1]) * j) / 2 + view.top) / view.scale;
          if (inAny(list, x, y)) hits += 1;
        }
      }
      return hits / 27;
    }
    // A net of points on the ground of a named extent, from its middle outwards.
    function spotsOf(list) {
      const boxes = list.flatMap(({ parts }) => parts.map((part) => part.box));
      const box = [0, 1, 2, 3].map((k) => boxes.map((one) => one[k]).reduce((a, b) => (k < 2 ? Math.min(a, b) : Math.max(a, b))));
      const found = [];
      for (let i = 1; i < 24; i++) {
        for (let j = 1; j < 24; j++) {
          const [x, y] = [box[0] + ((box[2] - box[0]) * i) / 24, box[1] + ((box[3] - box[1]) * j) / 24];
          if (inAny(list, x, y)) found.push({ x, y, off: Math.hypot(i - 12, j - 12) });
        }
      }
      return { wide: box[2] - box[0], spots: found.sort((a, b) => a.off - b.off) };
    }
    const regions = model.data.extents
      .map(([place, areas]) => ({ place: model.places[place], grounds: areas.map((k) => grounds[k]) }))
      .filter(({ grounds: own }) => own.some((one) => one.disputed))
      .map((one) => ({ ...one, ...spotsOf(one.grounds) }))
      .filter(({ spots }) => spots.length > 0);
    return { on: (view, box) => share(disputed, view, box) > 0, within: (x, y) => inAny(disputed, x, y), share, regions };
  }

  A.createLabels = (model, features) => {
    const fixed = [];
    const dispute = disputes(model);
    const named = new Set(dispute.regions.map((region) => region.place));
    for (const feature of features) {
      if (!feature.at || !feature.names) continue;
      const kind = feature.kind === "land" ? "country" : feature.kind;
      if (!["country", "lake", "sea", "river"].includes(kind)) continue;
      const spots = [];
      for (let i = 0; i + 1 < feature.at.length; i += 2) spots.push([A.mercX(feature.at[i]), A.mercY(feature.at[i + 1])]);
      const [[x, y]] = spots;
      // Where all of a country is in dispute, and nothing beside it is free, its name has nowhere else to go.
      const clear = kind === "country" && !dispute.within(x, y);
      fixed.push({ names: feature.names, kind, x, y, spots, clear, rank: kind === "country" ? 9 : kind === "sea" ? 7.5 : kind === "lake" ? lakeRank(feature.shape) : 2.2 });
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

      // A name of several spots stands at the first that shows all of it.
      function place(item, text) {
        if (!item.spots || item.spots.length < 2) return placeAt(item, text, item.x, item.y, false);
        return [true, false].some((whole) => item.spots.some(([x, y]) => placeAt(item, text, x, y, whole)));
      }
      function placeAt(item, text, mx, my, whole) {
        const { kind, rank } = item;
        const x = mx * view.scale - view.left;
        const y = my * view.scale - view.top;
        if (x < -60 || y < -20 || x > view.width + 60 || y > view.height + 20) return false;
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
        if (spot && clash(spot)) return false;
        // Inside the view where there is a choice: a name cut by its edge can't be read.
        const cut = (/** @type {number[]} */ [tx]) => (tx < 2 || tx + width > view.width - 2 ? 1 : 0);
        if (dot) options.sort((a, b) => cut(a) - cut(b));
        for (const [tx, ty] of options) {
          const box = [tx - 3, ty - height / 2 - 1, tx + width + 3, ty + height / 2 + 1];
          if (whole && (box[0] < 0 || box[1] < 0 || box[2] > view.width || box[3] > view.height)) continue;
          if (clash(box) || (item.clear && dispute.on(view, box))) continue;
          keep(box);
          if (spot) keep(spot);
          drawn.push({ kind, rank, text: shownText, lines: [[shownText, tx, ty]], font, spacing, x, y, tx, ty, dot });
          return true;
        }
        return false;
      }
      // The name of ground in dispute, on that ground; the names of both sides one above the other.
      // It covers no dot of a town that is about to be named, unless there is no other room.
      function placeRegion(region, text, towns) {
        const { kind, rank } = region.place;
        const font = fontOf(kind, rank);
        const parts = text.toLocaleUpperCase(lang).split(" / ");
        const spacing = 2;
        context.font = font;
        if (canSpace) context.letterSpacing = `${spacing}px`;
        const widths = parts.map((part) => measure(context, font, part, spacing));
        const width = Math.max(...widths);
        if (width > 2.4 * region.wide * view.scale) return; // too far away: it would name the land around it
        const half = parts.length * 7 + 1;
        let best = null;
        for (const { x: mx, y: my, off } of region.spots) {
          const [x, y] = [mx * view.scale - view.left, my * view.scale - view.top];
          const box = [x - width / 2 - 3, y - half, x + width / 2 + 3, y + half];
          if (box[0] < 0 || box[1] < 0 || box[2] > view.width || box[3] > view.height || clash(box)) continue;
          const covered = towns.filter((town) => town.x > box[0] - 5 && town.x < box[2] + 5 && town.y > box[1] - 5 && town.y < box[3] + 5);
          const cost = covered.reduce((sum, { rank: heavy }) => sum + heavy, 0) + 6 * (1 - dispute.share(region.grounds, view, box)) + off / 12;
          if (!best || cost < best.cost) best = { cost, x, y, box };
        }
        if (!best) return;
        keep(best.box);
        const lines = parts.map((part, k) => [part, best.x - widths[k] / 2, best.y + 14 * (k - (parts.length - 1) / 2)]);
        drawn.push({ kind, rank, text: parts.join(" / "), lines, font, spacing, x: best.x, y: best.y, tx: lines[0][1], ty: lines[0][2], dot: false });
      }
      for (const item of fixed) {
        if (item.rank >= least(view.zoom) && (showPlaces || item.kind !== "country")) {
          if (item.kind === "country" && view.zoom > 9.5) continue;
          place(item, model.localName(item.names, lang));
        }
      }
      if (showPlaces) {
        const seen = (item) => item.rank >= least(view.zoom) && item.place.start <= day && day < item.place.end &&
          !(!side && TERMS.has(item.kind) && model.partisan(item.place, day));
        if (dispute.regions.length > 0 && view.zoom <= 10.5) {
          const towns = places.filter((item) => !AREAL.has(item.kind) && seen(item))
            .map((item) => ({ x: item.x * view.scale - view.left, y: item.y * view.scale - view.top, rank: item.rank }));
          for (const region of dispute.regions) {
            if (!seen({ ...region, kind: region.place.kind, rank: Infinity })) continue;
            placeRegion(region, model.nameOf(region.place, day, lang, side), towns);
          }
        }
        // What the reader asked for is named whatever else has to give way.
        const chosen = selected ? model.placeById.get(selected) : null;
        if (chosen) {
          const item = places.find((one) => one.place === chosen);
          if (item && !named.has(chosen)) place(item, model.nameOf(chosen, day, lang, side));
        }
        for (const item of places) {
          if (turn(item) < least(view.zoom) - 1.3) break;
          if (item.place === chosen || named.has(item.place) || !seen(item)) continue;
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
      if (!water) for (const [text, x, y] of item.lines) context.strokeText(text, x, y);
      context.fillStyle = water ? palette.water : soft ? palette.muted : palette.ink;
      for (const [text, x, y] of item.lines) context.fillText(text, x, y);
    }
    if (canSpace) context.letterSpacing = "0px";
  };
})(globalThis.atlasPage);
