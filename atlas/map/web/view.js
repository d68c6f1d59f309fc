"use strict";
// One map showing one day: all layers together. Comparing two dates is two of these.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const PANES = [["atlas-ground", 190], ["atlas-control", 210], ["atlas-borders", 230], ["atlas-zones", 250], ["atlas-bands", 260], ["atlas-fronts", 270], ["atlas-routes", 290], ["atlas-people", 300], ["atlas-marks", 460], ["atlas-stops", 470]];

  A.createView = (map, model, events) => {
    for (const [name, z] of PANES) A.overPane(map, name, z);
    const basemap = A.createBasemap(model.data, () => map.hasLayer(ground) && ground.redraw());
    const arrange = A.createLabels(model, model.data.basemap);
    const control = A.createControlLayer(model, map);
    const zones = A.createZoneLayer(model, map);
    const routes = A.createRouteLayer(model, map);
    const people = A.createPeopleLayer(model, map);
    const points = A.createPoints(events);
    let now = null;
    let labels = [];

    const ground = A.createCanvasLayer((context, view) => basemap.ground(context, view, now.palette), "atlas-ground");
    const borders = A.createCanvasLayer((context, view) => basemap.above(context, view, now.palette, now.layers.basemap), "atlas-borders");
    let crowded = false;
    const marks = A.createCanvasLayer((context, view) => {
      const was = crowded;
      crowded = now.layers.events && points.crowd(view, now.dark);
      // The key tells of it, and a slow machine may draw long after the move.
      if (crowded !== was) map.fire("crowded");
      // Names stand beside the numbers of the hexagons, not on them.
      const taken = crowded ? points.cells().map(({ x, y }) => [x - 15, y - 8, x + 15, y + 8]) : [];
      labels = arrange(context, view, { ...now, showPlaces: now.layers.labels, taken });
      A.drawDots(context, labels, now.palette);
      // Names stand above marks; not above those laid out to be picked from.
      const parts = [() => now.layers.events && points.draw(context, view, now), () => A.drawNames(context, labels, now.palette)];
      for (const part of points.spread() ? parts.reverse() : parts) part();
    }, "atlas-marks");
    map.on("zoomstart", () => points.lay([]));
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
          people.update(day, { visible: layers.displacement, side, palette, dark });
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
      map, stages, update, showRows, points, control, people,
      canvases: { ground, borders, marks },
      hit: (point) => (now.layers.events ? points.hit(point.x, point.y) : -1),
      crowded: () => crowded,
      cellAt: (point) => (crowded && marks.view ? points.cellAt(point.x, point.y, marks.view) : null),
      together: (point, reach) => (now.layers.events ? points.together(point.x, point.y, reach) : []),
      spread: () => points.spread(),
      // Marks of one spot side by side; of fewer than two: all back where they belong.
      lay(rows) {
        points.lay(rows);
        marks.redraw();
      },
      markOf: (row) => points.markOf(row),
      // The next of them, or the one before.
      chooseSpread(step) {
        const open = points.spread();
        open.at = (Math.max(open.at, step > 0 ? -1 : 0) + step + open.rows.length) % open.rows.length;
        marks.redraw();
        return open.rows[open.at];
      },
      hover: (row) => points.setHover(row) && marks.redraw(),
      labels: () => labels,
      state,
    };
  };
})(globalThis.atlasPage);
