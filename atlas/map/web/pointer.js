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
      // Ground in dispute that is picked is outlined, and has its own address.
      const area = row < 0 && store.state.layers.control ? app.model.areaAt(latlng.lng, latlng.lat) : null;
      const subject = area && area.scope !== "background" ? { kind: "area", ids: [area.id] } : null;
      store.set({ sel, subject, tab: "here" });
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
    // What a click does, or Enter in the middle of the map: a hexagon is looked into, marks on one spot
    // are laid side by side, a mark is opened, and any other point is asked about.
    app.touch = (latlng, reach = 4) => {
      const tool = app.tools.current();
      if (tool) {
        tool.click(latlng);
        return;
      }
      const point = map.latLngToContainerPoint(latlng);
      const cell = view.cellAt(point);
      if (cell && lookInto(cell)) return;
      const open = view.spread();
      const rows = cell ? [] : view.together(point, reach);
      const chosen = open && rows.filter((row) => open.rows.includes(row));
      const hit = view.hit(point);
      if (chosen && chosen.length) app.pick(latlng, hit >= 0 ? hit : chosen[0]);
      else if (rows.length > 1 && rows.length <= 300) {
        view.lay(rows);
        app.say(t("spreadSaid", { n: rows.length }));
      } else {
        if (open) view.lay([]);
        app.pick(latlng, rows.length ? rows[0] : -1);
      }
    };
    // Closer, until what is in it comes apart; what lies on one spot never does.
    function lookInto(cell) {
      const [south, west, north, east] = cell.ground();
      const most = map.getMaxZoom();
      if (map.getZoom() >= most || (north - south < 1e-4 && east - west < 1e-4)) return false;
      const bounds = L.latLngBounds([[south, west], [north, east]]);
      const zoom = A.clamp(map.getBoundsZoom(bounds.pad(0.2)), map.getZoom() + 1, Math.min(most, map.getZoom() + 4));
      map.setView(bounds.getCenter(), zoom, { animate: !A.calm() });
      app.say(t("eventCount", { n: A.number(cell.n) }));
      return true;
    }
    map.on("click", (event) => app.touch(event.latlng));
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

    function peopleLines(row) {
      const { who, figure, kind, when, counted, published } = app.receipts.people(row);
      return [el("strong", {}, [who, figure].filter(Boolean).join(": ")), el("span", {}, `${kind} · ${when}`), el("span", {}, counted), published && el("span", {}, `${t("sourcesWord")}: ${published}`)];
    }
    function around({ lat, lng }) {
      const { day, side, user, lang, layers } = store.state;
      const area = layers.control && model.areaAt(lng, lat);
      const spell = area && model.controlAt(area, day, side);
      const inside = layers.mandates ? model.mandatesAt(day).filter(({ zone }) => zone && A.geo.inShape(zone.shape, lng, lat)) : [];
      const near = (7 * 156.543 * Math.cos((lat * Math.PI) / 180)) / 2 ** map.getZoom(); // seven pixels, km
      const routes = layers.routes ? model.nearestRoutes(lng, lat, day, user, side, near, 2).filter(({ km }) => km <= near) : [];
      const moved = view.people.hit({ lat, lng });
      return [
        moved.slice(0, 3).map(peopleLines),
        moved.length > 3 && el("span", {}, `… +${A.number(moved.length - 3)}`),
        spell && el("strong", {}, model.areaName(area, day, lang, side)),
        spell && el("span", {}, [model.partyName(spell.who, lang), t(`ct_${spell.type}`), spell.certainty !== "certain" && t(`ce_${spell.certainty}`), spell.by && `${t("according")} ${model.partyName(spell.by, lang)}`].filter(Boolean).join(" · ")),
        routes.map(({ route, section }) => el("span", {}, `${model.localName(route.names, lang)}: ${t(`st_${section.status}`)}`)),
        [...new Set(inside.map(({ mandate, state }) => `${mandate.mission}: ${t(`zone_${state}`)}`))].map((text) => el("span", {}, text)),
      ].flat(2).filter(Boolean);
    }
    function stand(point) {
      tip.style.left = `${A.clamp(point.x + 14, 8, stage.clientWidth - 290)}px`;
      tip.style.top = `${Math.max(8, point.y + 14)}px`;
    }
    // How many events a hexagon holds, of which kinds most.
    const inside = (cell) => [
      el("strong", {}, t("eventCount", { n: A.number(cell.n) })),
      cell.told.slice(0, 3).map(([{ group, set, shade }, n]) => el("span", {}, `${group ? A.groupWord(group) : [A.setName(set), shade].filter(Boolean).join(": ")}: ${A.number(n)}`)),
      el("span", {}, t("hexagonClick")),
    ].flat();
    app.tell = (row, point) => {
      last = row;
      stand(point);
      return app.texts().then((texts) => {
        if (last !== row) return;
        A.refill(tip, el("strong", {}, app.receipts.title(row, texts)), el("span", {}, app.receipts.when(row, texts)));
        tip.hidden = false;
        return tip.textContent;
      });
    };
    map.on("mousemove", (event) => {
      if (app.tools.current()) {
        clearTimeout(waiting);
        tip.hidden = true;
        map.getContainer().style.cursor = "";
        return;
      }
      const point = map.latLngToContainerPoint(event.latlng);
      const row = view.hit(point);
      const cell = row < 0 && view.cellAt(point);
      map.getContainer().style.cursor = row >= 0 || cell ? "pointer" : "";
      view.hover(row);
      clearTimeout(waiting);
      if (row < 0) {
        tip.hidden = true;
        last = -1;
        // Once the pointer rests.
        waiting = setTimeout(() => {
          const lines = cell ? inside(cell) : around(event.latlng);
          A.refill(tip, lines);
          tip.hidden = !lines.length;
          stand(point);
        }, 140);
        return;
      }
      if (row === last) stand(point);
      else app.tell(row, point);
    });
    map.on("mouseout movestart", () => {
      clearTimeout(waiting);
      tip.hidden = true;
      last = -1;
    });
  };
})(globalThis.atlasPage);
