"use strict";
// Where the map looks first, and where "home" is.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  // A user's own events come first; else the ground in dispute, with as much again around it; else all
  // of the pack's ground.
  function atIssue(model) {
    const boxes = model.areas.filter((area) => area.scope !== "background").flatMap((area) => area.shape.parts.map((rings) => A.boundsOf(rings[0])));
    if (!boxes.length) return null;
    const box = [0, 1, 2, 3].map((k) => boxes.map((one) => one[k]).reduce((a, b) => (k < 2 ? Math.min(a, b) : Math.max(a, b))));
    const [dx, dy] = [(box[2] - box[0]) * 0.3, (box[3] - box[1]) * 0.2];
    const [west, south, east, north] = model.data.bbox;
    return [Math.max(west, box[0] - dx), Math.max(south, box[1] - dy), Math.min(east, box[2] + dx), Math.min(north, box[3] + dy)];
  }

  A.placeMap = (app) => {
    const { map, stage, store, data, asked } = app;
    const [west, south, east, north] = data.page.home || atIssue(app.model) || data.bbox;
    const home = [[south, west], [north, east]];
    // The legend lies over the far side of a wide map.
    app.room = () => {
      const legend = A.wide() && stage.clientWidth > 760 && globalThis.matchMedia("(min-height: 561px)").matches ? 382 : 10;
      const rtl = A.i18n.direction() === "rtl";
      return { paddingTopLeft: [rtl ? legend : 10, 10], paddingBottomRight: [rtl ? 10 : legend, 10] };
    };
    // The part of the map that is not under the legend.
    app.seen = () => {
      const { paddingTopLeft, paddingBottomRight } = app.room();
      return L.latLngBounds(map.containerPointToLatLng(paddingTopLeft), map.containerPointToLatLng(map.getSize().subtract(paddingBottomRight)));
    };
    app.homeBounds = home;
    app.home = () => map.fitBounds(home, { animate: !A.calm(), ...app.room() });
    // In a notebook's folded cell the page has no size yet: it is placed once it has one.
    let placed = false;
    app.begin = () => {
      if (placed || map.getSize().x <= 40 || map.getSize().y <= 40) return;
      placed = true;
      const view = asked.view || data.page.view;
      if (view) map.setView(view.center, view.zoom, { animate: false });
      else if (asked.patch.chapter) app.fitChapter();
      else map.fitBounds(home, { animate: false, ...app.room() });
      // Under an open sheet a phone has little room: then a place asked for comes before the whole.
      const { sel } = store.state;
      if (!view && sel && map.getZoom() < 7) map.setView([sel.lat, sel.lon], 8, { animate: false });
    };
    app.begin();
  };
  // In a frame the wheel scrolls the page around it, until the reader is in ours.
  A.bindWheel = (app) => {
    app.stage.addEventListener("wheel", (event) => {
      if (!A.mayWheel()) event.stopPropagation();
    }, { capture: true, passive: true });
  };
  A.followSize = (app) => {
    new ResizeObserver(A.debounce(() => {
      app.map.invalidateSize({ animate: false });
      app.begin();
    }, 50)).observe(app.stage);
  };
})(globalThis.atlasPage);
