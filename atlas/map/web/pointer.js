"use strict";
// What the reader points at and picks on the map.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el } = A;
  const ZOOMS = { country: 7, region: 8, province: 8, republic: 7.5, district: 9, sea: 6.5, lake: 8.5 };

  A.bindPicking = (app) => {
    const { map, store, events, data: { page }, view } = app;
    app.flyTo = (lat, lon, zoom) => map.setView([lat, lon], zoom, { animate: !A.calm() });
    app.pick = (latlng, row) => {
      const sel = { lon: latlng.lng, lat: latlng.lat };
      if (row >= 0) Object.assign(sel, { lon: events.lon(row), lat: events.lat(row), event: row });
      store.set({ sel, tab: "here" });
    };
    // Beyond the pack's own ground there is nothing to recognise a place by but how it lies to it.
    const [west, south, east, north] = app.data.bbox;
    const beyond = (lat, lon) => lat < south || lat > north || lon < west || lon > east;
    const showBoth = (lat, lon) => map.fitBounds(L.latLngBounds([[lat, lon], ...app.homeBounds]), { animate: false, ...app.room() });
    app.goToPlace = (place) => {
      const zoom = ZOOMS[place.kind] || 11;
      if (beyond(place.lat, place.lon)) showBoth(place.lat, place.lon);
      else app.flyTo(place.lat, place.lon, Math.max(zoom, Math.min(map.getZoom(), zoom + 1)));
      store.set({ sel: { lon: place.lon, lat: place.lat, place: place.id }, tab: "here" });
    };
    app.goToEvent = (row) => {
      const [lat, lon] = [events.lat(row), events.lon(row)];
      store.set({ day: A.clamp(events.start[row], page.first, page.last - 1), sel: { lon, lat, event: row }, tab: "here" });
      if (beyond(lat, lon)) showBoth(lat, lon);
      else map.panTo([lat, lon], { animate: !A.calm() });
    };
    map.on("click", (event) => app.pick(event.latlng, view.hit(map.latLngToContainerPoint(event.latlng))));
  };

  // A ring where the reader asked.
  A.bindPin = (app) => {
    const { map, store } = app;
    let pin = null;
    const show = () => {
      if (pin) pin.remove();
      pin = null;
      const { sel } = store.state;
      if (!sel) return;
      const ring = (weight, color) => L.circleMarker([sel.lat, sel.lon], { radius: 12, color, weight, fill: false, interactive: false });
      pin = L.layerGroup([ring(6, app.palette().paper), ring(2.5, app.dark() ? "#ff9d8a" : "#9c2f2f")]).addTo(map);
    };
    store.on(["sel", "theme"], show);
    show();
  };

  A.bindHover = (app) => {
    const { map, stage, view } = app;
    const tip = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });
    stage.append(tip);
    let last = -1;
    map.on("mousemove", (event) => {
      const point = map.latLngToContainerPoint(event.latlng);
      const row = view.hit(point);
      map.getContainer().style.cursor = row >= 0 ? "pointer" : "";
      view.hover(row);
      if (row < 0) {
        tip.hidden = true;
        last = -1;
        return;
      }
      tip.style.left = `${A.clamp(point.x + 14, 8, stage.clientWidth - 290)}px`;
      tip.style.top = `${Math.max(8, point.y + 14)}px`;
      if (row === last) return;
      last = row;
      app.texts().then((texts) => {
        if (last !== row) return;
        A.refill(tip, el("strong", {}, app.receipts.title(row, texts)), el("span", {}, app.receipts.when(row, texts)));
        tip.hidden = false;
      });
    });
    map.on("mouseout movestart", () => {
      tip.hidden = true;
      last = -1;
    });
  };
})(globalThis.atlasPage);
