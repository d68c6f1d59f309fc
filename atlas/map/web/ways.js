"use strict";
// Could you get through: who is cut off on the day, and the way from one place to another.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const SHOWN = 24;

  A.createWays = (app) => {
    const { model, store, receipts, map } = app;
    const node = el("div", { class: "ways" });
    let access = null;
    let layer = null;
    let every = false;

    // Decoded when somebody first asks.
    const load = async () => {
      access = access || A.createAccess(model, await A.decode.columns(await A.blocks.late("atlas-access")));
      return access;
    };
    const user = () => store.state.user || access.users[0];
    const nameOf = (place) => model.nameOf(place, store.state.day, store.state.lang, store.state.side);
    const date = (day) => A.days.format(day, store.state.lang);
    const weigh = (a, b) => b.rank - a.rank || a.index - b.index;
    const chosen = () => {
      const { way } = store.state;
      const [from, to] = way ? [model.placeById.get(way.from), model.placeById.get(way.to)] : [];
      return from && to ? [from, to] : null;
    };

    function settlements(day) {
      const { cut_off: shut, unknown } = access.cutOff(day, user());
      const listed = [...shut].sort(weigh);
      const seen = every ? listed : listed.slice(0, SHOWN);
      return [
        el("p", { class: "answer count", "data-cut-off": shut.length }, t("cutOffCount", { n: A.number(shut.length) })),
        listed.length > 0 && el("ul", { class: "plain names-list" }, seen.map((place) => el("li", {},
          el("button", { type: "button", class: "link-button", "data-place": place.id, on: { click: () => store.set({ way: { ...(store.state.way || { to: "" }), from: place.id } }) } }, nameOf(place))))),
        listed.length > seen.length && el("button", { type: "button", class: "text-button", on: { click: () => {
          every = true;
          show();
        } } }, t("more", { n: A.number(listed.length - seen.length) })),
        el("p", { class: "meta", "data-unknown": unknown.length }, t("unknownCount", { n: A.number(unknown.length) })),
      ];
    }

    function field(label, end) {
      const { way } = store.state;
      const place = way && model.placeById.get(way[end]);
      const input = el("input", { type: "text", list: "atlas-towns", value: place ? nameOf(place) : "", autocomplete: "off", spellcheck: "false", "data-end": end });
      const take = () => {
        const text = input.value.trim();
        if (place && text === nameOf(place)) return;
        const [hit] = text ? model.search(text, 1) : [];
        input.setAttribute("aria-invalid", String(Boolean(text) && !hit));
        if (hit || !text) store.set({ way: { from: "", to: "", ...(store.state.way || {}), [end]: hit ? hit.place.id : "" } });
      };
      input.addEventListener("change", take);
      input.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Enter") take();
      });
      return el("label", { class: "field" }, el("span", {}, label), input);
    }

    function stretch(one) {
      const { lang } = store.state;
      const { episode } = one;
      const d = episode ? episode.details : {};
      const was = Number.isFinite(one.openUntil) ? t("passableUntil", { date: date(one.openUntil) }) : "";
      return el("li", { class: "item" },
        el("p", { class: "answer" }, model.localName(one.route.names, lang), " ", el("span", { class: `tag status-${one.status}` }, t(`st_${one.status}`)), " ", episode && receipts.certainty(episode)),
        el("p", { class: "meta" }, [`${A.km(one.km)} ${t("km")}`, episode && episode.start > A.days.OPEN_START && t("since", { date: date(episode.start) }), was].filter(Boolean).join("; ")),
        d.imposed_by && el("p", { class: "meta" }, `${t("imposedBy")}: ${d.imposed_by.split("|").map((id) => model.partyName(id, lang)).join(", ")}`),
        d.reason && el("p", {}, `${t("reason")}: ${d.reason}`),
        receipts.counter(d.counterclaims, d.counter_source_ids), episode && receipts.sources(episode.sources));
    }
    const stretches = (title, list) => list.length > 0 && [el("h4", {}, title), el("ol", { class: "plain" }, list.map(stretch))];

    function answer(day) {
      const ends = chosen();
      if (!ends) return el("p", { class: "hint" }, A.icon("pin"), t("wayHint"));
      const found = access.passage(...ends, day, user());
      const detour = found.path.length > 0 && found.usual.length > 0;
      const length = (list) => list.reduce((sum, one) => sum + one.km, 0);
      return [
        el("p", { class: `answer way-${found.status}`, "data-way": found.status }, t(`way_${found.status}`, { place: found.missing ? nameOf(found.missing) : "" }),
          found.path.length > 0 && ` ${A.km(found.km)} ${t("km")}`),
        detour && el("p", { class: "meta" }, t("detour", { km: A.km(length(found.usual)) })),
        stretches(t("inTheWay"), found.blocks), stretches(t("theWay"), found.path),
      ];
    }

    // Rings on who is cut off; the way, and what is shut on the usual one.
    function draw() {
      if (layer) layer.remove();
      layer = null;
      const { tab, day } = store.state;
      if (tab !== "access" || !access) return;
      layer = L.layerGroup();
      const dark = app.dark();
      const palette = app.palette();
      const shut = A.theme.statusColour("blocked", dark);
      const line = (one, options) => A.piecesOf(one.route, one).forEach((points) => layer.addLayer(L.polyline(points, { pane: "atlas-ways", interactive: false, lineCap: "round", ...options })));
      const ends = chosen();
      if (ends) {
        const found = access.passage(...ends, day, user());
        for (const one of found.usual) line(one, { color: palette.ink, weight: 2.5, dashArray: "2 6", opacity: 0.9 });
        for (const one of found.path) line(one, { color: palette.paper, weight: 9, opacity: 0.9 });
        for (const one of found.path) line(one, { color: dark ? "#8ec1ff" : "#1f5fae", weight: 5.5 });
        for (const one of found.blocks) line(one, { color: shut, weight: 7, opacity: 0.85 });
        for (const place of ends) layer.addLayer(L.circleMarker([place.lat, place.lon], { pane: "atlas-ways", interactive: false, radius: 8, weight: 3, color: palette.ink, fillColor: palette.paper, fillOpacity: 1 }));
      }
      for (const place of access.cutOff(day, user()).cut_off) {
        layer.addLayer(L.circleMarker([place.lat, place.lon], { pane: "atlas-ways", interactive: false, radius: place.rank >= 4 ? 5 : 2.8, weight: place.rank >= 4 ? 2.2 : 1.4, color: shut, fillColor: palette.paper, fillOpacity: 0.75, className: "atlas-cut-off" }));
      }
      layer.addTo(map);
    }

    // What is asked for is brought into view, beside the panel: the way, or else all who are cut off.
    function fit() {
      if (!access) return;
      const ends = chosen();
      if (!ends) {
        const { cut_off: shut } = access.cutOff(store.state.day, user());
        if (shut.length > 1) map.fitBounds(L.latLngBounds(shut.map(({ lat, lon }) => [lat, lon])).pad(0.3), { animate: !A.calm(), maxZoom: 10, ...app.room() });
        return;
      }
      const found = access.passage(...ends, store.state.day, user());
      const points = [...found.path, ...found.usual].flatMap((one) => A.piecesOf(one.route, one)).flat();
      const bounds = L.latLngBounds([...points, ...ends.map(({ lat, lon }) => [lat, lon])]);
      if (!map.getBounds().contains(bounds) || map.getZoom() < 7.5) map.fitBounds(bounds.pad(0.15), { animate: !A.calm(), maxZoom: 11, ...app.room() });
    }

    let greeted = Boolean(app.asked.view);
    async function show() {
      if (store.state.tab !== "access") return;
      await load();
      if (!greeted) fit();
      greeted = true;
      const { day, way } = store.state;
      const focus = /** @type {HTMLElement} */ (node.contains(document.activeElement) ? document.activeElement : null);
      const again = focus && (focus.dataset.end ? `[data-end="${focus.dataset.end}"]` : focus.classList.contains("access-user") ? ".access-user" : "");
      const users = el("select", { class: "access-user", on: { change: () => store.set({ user: users.value }) } },
        access.users.map((one) => el("option", { value: one, selected: one === user() }, t(one))));
      const cut = day >= access.first && el("section", { class: "fact" }, el("h3", {}, t("cutOff")), settlements(day));
      // The answer to a question that was put stands first.
      A.refill(node,
        el("h2", {}, t("access")), el("p", { class: "meta" }, date(day)),
        el("label", { class: "field" }, el("span", {}, t("user")), users),
        day < access.first ? el("p", { class: "hint" }, t("st_unknown")) : [
          !chosen() && cut,
          el("section", { class: "fact" }, el("h3", {}, t("wayTitle")),
            el("datalist", { id: "atlas-towns" }, [...model.places].filter(({ kind }) => kind === "settlement").sort(weigh).slice(0, 60).map((place) => el("option", { value: nameOf(place) }))),
            field(t("from"), "from"), field(t("to"), "to"),
            way && way.from && way.to && el("button", { type: "button", class: "text-button", on: { click: () => store.set({ way: { from: way.to, to: way.from } }) } }, t("swap")),
            answer(day)),
          chosen() && cut,
          el("p", { class: "legend-note" }, t("wayNote"))]);
      if (again) {
        const back = node.querySelector(again);
        if (back) back.focus();
      }
      draw();
    }

    const pane = map.createPane("atlas-ways");
    pane.classList.add("atlas-pane");
    pane.style.zIndex = "465";
    pane.style.pointerEvents = "none";
    store.on(["tab", "theme"], draw);
    store.on(["tab", "day", "user", "way", "lang", "side", "theme"], A.debounce(show, 40));
    store.on(["way"], () => access && fit());
    return { node, show };
  };
})(globalThis.atlasPage);
