"use strict";
// One map showing one day: all layers together. Comparing two dates is two of these.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const PANES = [["atlas-ground", 190], ["atlas-control", 210], ["atlas-borders", 230], ["atlas-zones", 250], ["atlas-fronts", 270], ["atlas-routes", 290], ["atlas-points", 460], ["atlas-labels", 480]];

  A.createView = (map, model, events, shared) => {
    for (const [name, z] of PANES) {
      const pane = map.createPane(name);
      pane.classList.add("atlas-pane");
      pane.style.zIndex = String(z);
      pane.style.pointerEvents = "none";
    }
    const features = model.data.basemap;
    const basemap = A.createBasemap(features);
    const drawLabels = A.createLabels(model, features);
    const control = A.createControlLayer(model, map);
    const zones = A.createZoneLayer(model, map);
    const routes = A.createRouteLayer(model, map);
    const points = A.createPoints(events);
    let now = null;
    let labels = [];

    const ground = A.createCanvasLayer((context, view) => basemap.ground(context, view, now.palette), "atlas-ground");
    const borders = A.createCanvasLayer((context, view) => basemap.above(context, view, now.palette, now.layers.basemap), "atlas-borders");
    const dots = A.createCanvasLayer((context, view) => {
      const cloud = now.layers.events && points.isCloud();
      if (!cloud) A.drawDots(context, labels, now.palette);
      if (now.layers.events) points.draw(context, view, now);
      if (cloud) A.drawDots(context, labels, now.palette);
    }, "atlas-points");
    const names = A.createCanvasLayer((context, view) => {
      labels = drawLabels(context, view, { ...now, showPlaces: now.layers.labels });
    }, "atlas-labels");
    const state = { control: {}, routes: {}, mandates: [] };
    let before = {};

    function update(settings) {
      const first = !now;
      now = settings;
      const { day, side, layers, user, palette, dark, patterns, hatches } = settings;
      control.update(day, { side, visible: layers.control, claims: layers.claims, patterns, palette, dark });
      zones.update(day, { visible: layers.mandates, hatches, palette, dark });
      state.routes = routes.update(day, { visible: layers.routes, user, side, palette, dark });
      points.setRows(layers.events ? settings.rows : []);
      if (first) {
        // Names before dots: where a name stands says where its dot is.
        for (const layer of [ground, borders, names, dots]) layer.addTo(map);
      } else {
        // Ground only where its look changed; points and names on every step of the clock.
        if (before.dark !== dark || before.basemap !== layers.basemap) {
          if (before.dark !== dark) ground.redraw();
          borders.redraw();
        }
        names.redraw();
        dots.redraw();
      }
      before = { dark, basemap: layers.basemap };
    }

    // Events alone: they come last when the page opens.
    function showRows(rows) {
      now = { ...now, rows };
      points.setRows(rows);
      dots.redraw();
    }

    return {
      map, update, showRows, points, control,
      canvases: { ground, borders, dots, names },
      hit: (point) => (now.layers.events ? points.hit(point.x, point.y, dots.view) : -1),
      labels: () => labels,
      state,
    };
  };
})(globalThis.atlasPage);
