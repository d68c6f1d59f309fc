"use strict";
// Paper ground: land, water, rivers and borders, drawn once per view on one canvas.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  // Parts of a coded shape, projected, each with its box.
  function partsOf(coded, unit) {
    const shape = A.decode.shape(coded, unit);
    return shape.parts.map((part) => {
      const rings = (shape.kind === "P" ? part : [part]).map(A.project);
      return { rings, box: A.boundsOf(rings[0]), kind: shape.kind };
    });
  }

  A.createBasemap = ({ basemap = [], frames: coded = [], outlines = [], relief = null }, changed) => {
    const byKind = { land: [], country: [], lake: [], river: [], border: [], disputed: [], unit: [], sea: [] };
    for (const { kind, shape } of basemap) {
      if (shape && byKind[kind]) byKind[kind].push(...partsOf(shape, A.decode.COARSE));
    }
    const world = { land: [], border: [] };
    for (const { kind, shape } of outlines) if (world[kind]) world[kind].push(...partsOf(shape, A.decode.ROUGH));
    // Countries stand for land where a pack's basemap has no land of its own.
    const land = byKind.land.length ? byKind.land : byKind.country.filter((item) => item.kind === "P");

    // Inside a frame is all the detail there is; the cut at its edge is no coast.
    const frames = coded.map((box) => {
      const [west, south, east, north] = box.map((value) => value / A.decode.COARSE);
      return [A.mercX(west), A.mercY(north), A.mercX(east), A.mercY(south)];
    });
    const edges = [0, 1].map((axis) => frames.flatMap((frame) => [frame[axis], frame[axis + 2]]));
    const onCut = (ring, i, j) => [0, 1].some((axis) => edges[axis].some((edge) => Math.abs(ring[i + axis] - edge) < 1e-7 && Math.abs(ring[j + axis] - edge) < 1e-7));
    const coasts = [];
    for (const item of land) {
      for (const ring of item.rings) {
        let run = [];
        const end = () => {
          if (run.length > 2) coasts.push({ rings: [run], box: A.boundsOf(run) });
          run = [];
        };
        for (let i = 0; i < ring.length; i += 2) {
          const j = (i + 2) % ring.length;
          if (!run.length) run.push(ring[i], ring[i + 1]);
          if (onCut(ring, i, j)) end();
          else run.push(ring[j], ring[j + 1]);
        }
        end();
      }
    }

    let shading = null;
    if (relief) {
      const [west, south, east, north] = relief.box;
      const box = [A.mercX(west), A.mercY(north), A.mercX(east), A.mercY(south)];
      createImageBitmap(new Blob([A.decode.bytes(relief.image)], { type: "image/webp" })).then((image) => {
        shading = { box, image };
        changed();
      }, () => {}); // a browser that can't read it shows flat land
    }

    function path(context, items, view, close) {
      context.beginPath();
      for (const item of items) {
        if (!A.inView(item.box, view, 20)) continue;
        for (const ring of item.rings) A.tracePath(context, ring, view, close);
      }
    }

    function graticule(context, view, palette) {
      const step = view.zoom >= 10 ? 0.25 : view.zoom >= 8.5 ? 0.5 : view.zoom >= 5.5 ? 1 : view.zoom >= 4 ? 5 : 10;
      const lonAt = (x) => ((x + view.left) / view.scale) * 360 - 180;
      const latAt = (y) => {
        const n = Math.PI * (1 - (2 * (y + view.top)) / view.scale);
        return (Math.atan(Math.sinh(n)) * 180) / Math.PI;
      };
      context.strokeStyle = palette.graticule;
      context.lineWidth = 1;
      context.beginPath();
      for (let lon = Math.ceil(lonAt(0) / step) * step; lon < lonAt(view.width); lon += step) {
        const x = Math.round(A.mercX(lon) * view.scale - view.left) + 0.5;
        context.moveTo(x, 0);
        context.lineTo(x, view.height);
      }
      for (let lat = Math.ceil(latAt(view.height) / step) * step; lat < latAt(0); lat += step) {
        const y = Math.round(A.mercY(lat) * view.scale - view.top) + 0.5;
        context.moveTo(0, y);
        context.lineTo(view.width, y);
      }
      context.stroke();
    }

    const rectOf = (box, view) => {
      const [left, top, right, bottom] = box.map((value, k) => value * view.scale - (k % 2 ? view.top : view.left));
      return [left, top, right - left, bottom - top];
    };

    // The rest of the world, as often round as the view can see.
    function beyond(context, view, palette) {
      context.fillStyle = palette.sea;
      context.fillRect(0, 0, view.width, view.height);
      for (const turn of [-1, 0, 1]) {
        const turned = { ...view, left: view.left - turn * view.scale };
        path(context, world.land, turned, true);
        context.fillStyle = palette.beyond;
        context.fill("evenodd");
        context.strokeStyle = palette.coast;
        context.lineWidth = 0.6;
        context.globalAlpha = 0.6;
        context.stroke();
        path(context, world.border, turned, false);
        context.strokeStyle = palette.border;
        context.globalAlpha = 0.4;
        context.stroke();
        context.globalAlpha = 1;
      }
    }

    // Close by, the picture is coarser than the screen.
    function shade(context, view, palette) {
      const strength = A.clamp((10 - view.zoom) / 1.5, 0, 1) * palette.relief;
      if (!shading || !strength) return;
      context.globalAlpha = strength;
      context.globalCompositeOperation = "soft-light";
      context.imageSmoothingQuality = "high";
      context.drawImage(shading.image, ...rectOf(shading.box, view));
      context.globalCompositeOperation = "source-over";
      context.globalAlpha = 1;
    }

    function ground(context, view, palette) {
      context.lineJoin = "round";
      if (world.land.length) beyond(context, view, palette);
      else {
        context.fillStyle = land.length ? palette.beyond : palette.land;
        context.fillRect(0, 0, view.width, view.height);
      }
      if (frames.length) {
        context.save();
        context.beginPath();
        for (const frame of frames) context.rect(...rectOf(frame, view));
        context.clip();
        context.fillStyle = palette.sea;
        context.fillRect(0, 0, view.width, view.height);
        path(context, coasts, view, false);
        context.strokeStyle = palette.shore;
        context.globalAlpha = 0.35;
        context.lineWidth = 9;
        context.stroke();
        context.lineWidth = 4;
        context.stroke();
        context.globalAlpha = 1;
        path(context, land, view, true);
        context.fillStyle = palette.land;
        context.fill(frames.length > 1 ? "nonzero" : "evenodd");
        shade(context, view, palette);
        path(context, coasts, view, false);
        context.strokeStyle = palette.coast;
        context.lineWidth = 0.9;
        context.stroke();
        context.restore();
      }
      graticule(context, view, palette);
    }

    // Lakes, rivers and borders lie above the tint of control, so that it does not dull them.
    function above(context, view, palette, detailed) {
      path(context, byKind.lake, view, true);
      context.fillStyle = palette.lake;
      context.fill("evenodd");
      context.strokeStyle = palette.coast;
      context.lineWidth = 0.8;
      context.stroke();
      if (!detailed) return;
      path(context, byKind.river, view, false);
      context.strokeStyle = palette.river;
      context.lineWidth = view.zoom >= 9 ? 1.4 : 0.9;
      context.stroke();
      path(context, byKind.unit, view, false);
      context.strokeStyle = palette.border;
      context.lineWidth = 0.6;
      context.globalAlpha = 0.5;
      context.stroke();
      context.globalAlpha = 1;
      path(context, byKind.border, view, false);
      context.lineWidth = 1.1;
      context.setLineDash([7, 3, 1.5, 3]);
      context.stroke();
      // Who is on either side of it is in dispute, or that it runs there at all.
      path(context, byKind.disputed, view, false);
      context.setLineDash([2, 4]);
      context.stroke();
      context.setLineDash([]);
    }
    return { ground, above };
  };
})(globalThis.atlasPage);
