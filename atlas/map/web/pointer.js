"use strict";
// What the reader points at and picks on the map.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
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

  // Under the pointer: the event it is on, or else what a click there would tell of.
  A.bindHover = (app) => {
    const { map, stage, view, model, store } = app;
    const tip = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });
    stage.append(tip);
    let last = -1;
    let waiting = 0;

    function around({ lat, lng }) {
      const { day, side, user, lang, layers } = store.state;
      const area = layers.control && model.areaAt(lng, lat);
      const spell = area && model.controlAt(area, day, side);
      const inside = layers.mandates ? model.mandatesAt(day).filter(({ zone }) => zone && A.geo.inShape(zone.shape, lng, lat)) : [];
      const near = (7 * 156.543 * Math.cos((lat * Math.PI) / 180)) / 2 ** map.getZoom(); // seven pixels, km
      const routes = layers.routes ? model.nearestRoutes(lng, lat, day, user, side, near, 2).filter(({ km }) => km <= near) : [];
      return [
        spell && el("strong", {}, model.areaName(area, day, lang, side)),
        spell && el("span", {}, [model.partyName(spell.who, lang), t(`ct_${spell.type}`), spell.certainty !== "certain" && t(`ce_${spell.certainty}`), spell.by && `${t("according")} ${model.partyName(spell.by, lang)}`].filter(Boolean).join(" · ")),
        routes.map(({ route, section }) => el("span", {}, `${model.localName(route.names, lang)}: ${t(`st_${section.status}`)}`)),
        [...new Set(inside.map(({ mandate, state }) => `${mandate.mission}: ${t(`zone_${state}`)}`))].map((text) => el("span", {}, text)),
      ].flat().filter(Boolean);
    }
    function stand(point) {
      tip.style.left = `${A.clamp(point.x + 14, 8, stage.clientWidth - 290)}px`;
      tip.style.top = `${Math.max(8, point.y + 14)}px`;
    }
    map.on("mousemove", (event) => {
      const point = map.latLngToContainerPoint(event.latlng);
      const row = view.hit(point);
      map.getContainer().style.cursor = row >= 0 ? "pointer" : "";
      view.hover(row);
      clearTimeout(waiting);
      if (row < 0) {
        tip.hidden = true;
        last = -1;
        // Once the pointer rests.
        waiting = setTimeout(() => {
          const lines = around(event.latlng);
          A.refill(tip, lines);
          tip.hidden = !lines.length;
          stand(point);
        }, 140);
        return;
      }
      stand(point);
      if (row === last) return;
      last = row;
      app.texts().then((texts) => {
        if (last !== row) return;
        A.refill(tip, el("strong", {}, app.receipts.title(row, texts)), el("span", {}, app.receipts.when(row, texts)));
        tip.hidden = false;
      });
    });
    map.on("mouseout movestart", () => {
      clearTimeout(waiting);
      tip.hidden = true;
      last = -1;
    });
  };
})(globalThis.atlasPage);
