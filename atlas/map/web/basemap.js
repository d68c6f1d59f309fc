"use strict";
// Paper ground: land, water, rivers and borders, drawn once per view on one canvas.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  A.createBasemap = (features) => {
    const byKind = { land: [], country: [], lake: [], river: [], border: [], sea: [] };
    for (const feature of features) {
      const shape = A.decode.shape(feature.shape, A.decode.COARSE);
      const list = byKind[feature.kind];
      if (!list) continue;
      for (const part of shape.parts) {
        const rings = (shape.kind === "P" ? part : [part]).map(A.project);
        list.push({ rings, box: A.boundsOf(rings[0]), kind: shape.kind });
      }
    }
    // Countries stand for land where a pack's basemap has no land of its own.
    const land = byKind.land.length ? byKind.land : byKind.country.filter((item) => item.kind === "P");

    // The basemap ends somewhere. Beyond its frame is neither land nor sea, and the cut is no coast.
    const frame = land.reduce((box, item) => [Math.min(box[0], item.box[0]), Math.min(box[1], item.box[1]), Math.max(box[2], item.box[2]), Math.max(box[3], item.box[3])], [Infinity, Infinity, -Infinity, -Infinity]);
    const onCut = (ring, i, j) => [0, 1].some((axis) => [frame[axis], frame[axis + 2]].some((edge) => Math.abs(ring[i + axis] - edge) < 1e-7 && Math.abs(ring[j + axis] - edge) < 1e-7));
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

    function path(context, items, view, close) {
      context.beginPath();
      for (const item of items) {
        if (!A.inView(item.box, view, 20)) continue;
        for (const ring of item.rings) A.tracePath(context, ring, view, close);
      }
    }

    function graticule(context, view, palette) {
      const step = view.zoom >= 10 ? 0.25 : view.zoom >= 8.5 ? 0.5 : 1;
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

    function ground(context, view, palette) {
      context.lineJoin = "round";
      context.fillStyle = land.length ? palette.beyond : palette.land;
      context.fillRect(0, 0, view.width, view.height);
      if (!land.length) return graticule(context, view, palette);
      const [left, top, right, bottom] = frame.map((value, k) => value * view.scale - (k % 2 ? view.top : view.left));
      context.save();
      context.beginPath();
      context.rect(left, top, right - left, bottom - top);
      context.fillStyle = palette.sea;
      context.fill();
      context.clip();
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
      context.fill("evenodd");
      path(context, coasts, view, false);
      context.strokeStyle = palette.coast;
      context.lineWidth = 0.9;
      context.stroke();
      graticule(context, view, palette);
      context.restore();
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
      path(context, byKind.border, view, false);
      context.strokeStyle = palette.border;
      context.lineWidth = 1.1;
      context.setLineDash([7, 3, 1.5, 3]);
      context.stroke();
      context.setLineDash([]);
    }
    return { ground, above };
  };
})(globalThis.atlasPage);
