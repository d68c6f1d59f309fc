"use strict";
// One map showing one day: all layers together. Comparing two dates is two of these.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const PANES = [["atlas-ground", 190], ["atlas-control", 210], ["atlas-borders", 230], ["atlas-zones", 250], ["atlas-bands", 260], ["atlas-fronts", 270], ["atlas-routes", 290], ["atlas-marks", 460], ["atlas-stops", 470]];

  A.createView = (map, model, events) => {
    for (const [name, z] of PANES) {
      const pane = map.createPane(name);
      pane.classList.add("atlas-pane");
      pane.style.zIndex = String(z);
      pane.style.pointerEvents = "none";
    }
    const basemap = A.createBasemap(model.data, () => map.hasLayer(ground) && ground.redraw());
    const arrange = A.createLabels(model, model.data.basemap);
    const control = A.createControlLayer(model, map);
    const zones = A.createZoneLayer(model, map);
    const routes = A.createRouteLayer(model, map);
    const points = A.createPoints(events);
    let now = null;
    let labels = [];

    const ground = A.createCanvasLayer((context, view) => basemap.ground(context, view, now.palette), "atlas-ground");
    const borders = A.createCanvasLayer((context, view) => basemap.above(context, view, now.palette, now.layers.basemap), "atlas-borders");
    const marks = A.createCanvasLayer((context, view) => {
      labels = arrange(context, view, { ...now, showPlaces: now.layers.labels });
      const cloud = now.layers.events && points.isCloud();
      // A cloud leaves nothing below itself.
      if (!cloud) A.drawDots(context, labels, now.palette);
      if (now.layers.events) points.draw(context, view, now);
      if (cloud) A.drawDots(context, labels, now.palette);
      A.drawNames(context, labels, now.palette);
    }, "atlas-marks");
    const state = { control: {}, routes: {}, mandates: [] };
    let before = {};

    // One after another, each short enough to let the reader in between; no event and no name among them.
    function stages(settings) {
      const first = !now;
      now = settings;
      const { day, side, layers, user, palette, dark, patterns, hatches } = settings;
      const was = before;
      before = { dark, basemap: layers.basemap };
      return [
        () => control.update(day, { side, visible: layers.control, claims: layers.claims, patterns, palette, dark }),
        () => {
          zones.update(day, { visible: layers.mandates, hatches, palette, dark });
          state.routes = routes.update(day, { visible: layers.routes, user, side, palette, dark });
        },
        () => {
          // Only where their look changed; points and names on every step of the clock.
          if (first) ground.addTo(map);
          else if (was.dark !== dark) ground.redraw();
        },
        () => {
          if (first) borders.addTo(map);
          else if (was.dark !== dark || was.basemap !== layers.basemap) borders.redraw();
        },
      ];
    }
    function update(settings) {
      for (const stage of stages(settings)) stage();
      if (settings.rows) showRows(settings.rows);
    }

    // Events, and the names around them: they come last when the page opens.
    function showRows(rows) {
      now = { ...now, rows };
      points.setRows(now.layers.events ? rows : []);
      if (map.hasLayer(marks)) marks.redraw();
      else marks.addTo(map);
    }

    return {
      map, stages, update, showRows, points, control,
      canvases: { ground, borders, marks },
      hit: (point) => (now.layers.events ? points.hit(point.x, point.y, marks.view) : -1),
      hover: (row) => points.setHover(row) && marks.redraw(),
      labels: () => labels,
      state,
    };
  };
})(globalThis.atlasPage);
