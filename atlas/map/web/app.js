"use strict";
// Puts the page together around a Leaflet map that folium made.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const LAYERS = ["control", "claims", "mandates", "routes", "events", "labels", "basemap"];
  const TABS = ["story", "here", "events", "compare", "legend"];
  const TAB_ICONS = { story: "book", here: "pin", events: "list", compare: "compare", legend: "layers" };
  const calm = () => globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches;

  A.mapOptions = () => ({
    keyboard: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 90, minZoom: 1.5, maxZoom: 15,
    zoomAnimation: !calm(), markerZoomAnimation: !calm(), fadeAnimation: false, inertia: !calm(),
  });

  // Asked of the style sheet, which has the same limit, and not of the layout, which would be forced.
  const wide = () => globalThis.matchMedia("(min-width: 860px)").matches;

  // The script stands before the larger blocks: the page is built while they still come in.
  const whole = new Set();
  const waiting = [];
  const block = (id) => document.getElementById(id).textContent.trim();
  const late = (id) => new Promise((done) => {
    if (whole.has(id) || document.readyState !== "loading") done(block(id));
    else waiting.push([id, done]);
  });
  // Called by the document after a block, and once all of it is there.
  A.arrived = (id) => {
    whole.add(id);
    for (const entry of waiting.splice(0)) {
      if (!id || entry[0] === id) entry[1](block(entry[0]));
      else waiting.push(entry);
    }
  };
  document.addEventListener("DOMContentLoaded", () => A.arrived(""));

  // After the next frame: what nobody needs to see or use the map.
  function afterFrame(work) {
    const once = () => {
      const now = work;
      work = null;
      if (now) now();
    };
    globalThis.requestAnimationFrame(() => (globalThis.requestIdleCallback || setTimeout)(once, { timeout: 100 }));
    // Out of sight there are no frames.
    setTimeout(once, 400);
  }

  A.mount = (map) => {
    const container = map.getContainer();
    const stage = el("div", { class: "stage" });
    const root = el("div", { class: "atlas", "data-state": "loading" });
    container.replaceWith(root);
    // Plugins look for folium's map among the children of the body: that is all of ours.
    container.classList.remove("folium-map");
    root.classList.add("folium-map");
    const hint = el("p", { class: "loading", role: "status" }, container.dataset.loading);
    stage.append(container, hint);
    root.append(stage);
    const loading = start(map, root, stage, container).then(
      (app) => {
        hint.remove();
        return app;
      },
      (error) => {
        A.refill(hint, `${container.dataset.failed} (${error.message})`);
        root.dataset.state = "failed";
        throw error;
      },
    );
    globalThis.atlasMap = { ready: loading.then(() => true) };
    return loading;
  };

  async function start(map, root, stage, container) {
    const arriving = late("atlas-events").then(A.decode.columns);
    arriving.catch(() => {}); // told below, where it is waited for
    const data = await A.decode.json(block("atlas-data"));
    // No events, until they have come.
    const events = A.createEvents({ rows: 0, longest: 1, tells: { deaths: false, vague: false, types: [], uncounted: [] }, words: {}, columns: { start: [], days: [], x: [], y: [], deaths: [], uncertainty: [] } });
    const { page } = data;
    A.i18n.learn(page.spoken);
    const model = A.createModel(data, events);
    const every = LAYERS.filter((key) => !page.layers || page.layers.includes(key));
    const store = A.createStore({
      day: page.day, lang: page.lang, side: "", theme: "auto", window: page.range ? "range" : "month", range: page.range,
      layers: Object.fromEntries(every.map((key) => [key, key !== "claims"])), hidden: [], sets: [], actor: "", certainty: [], user: "",
      sel: null, tab: "", chapter: "", compare: null, playing: false, speed: "change",
    });
    A.i18n.use(page.lang);
    const schemeQuery = globalThis.matchMedia("(prefers-color-scheme: dark)");
    const dark = () => store.state.theme === "dark" || (store.state.theme === "auto" && schemeQuery.matches);
    const app = { map, root, stage, model, events, store, dark, palette: () => A.theme.palette(dark()) };

    const defsNode = A.svg("svg", { class: "atlas-defs", width: 0, height: 0, "aria-hidden": "true", focusable: "false" });
    root.append(defsNode);
    function paint() {
      app.patterns = A.createPatterns(model, dark());
      app.hatches = A.createHatches(app.palette());
      A.refill(defsNode, app.patterns.defs, app.hatches.defs);
      root.dataset.theme = dark() ? "dark" : "light";
      // Fills of all parties exist before any of them is first asked for.
      for (const id of model.parties.keys()) app.patterns.fillOf(id, "solid");
    }
    paint();

    let texts = null;
    app.texts = () => {
      texts = texts || late("atlas-texts").then(A.decode.columns).then(({ columns, words }) => ({
        of: (name, i) => (columns[name] && words[name] ? words[name][columns[name][i]] : ""),
        count: (name, i) => (columns[name] ? columns[name][i] - 1 : -1),
        rowOf: (id) => {
          const code = (words.id || []).indexOf(id);
          return code < 0 ? -1 : columns.id.indexOf(code);
        },
      }));
      return texts;
    };
    app.receipts = A.createReceipts(app);

    // First what is drawn, then what surrounds it.
    const readHash = () => A.permalink.read(globalThis.location.hash, {
      every, langs: A.i18n.langs(), sides: model.sidesOffered, first: page.first, last: page.last, places: model.placeById, chapters: model.chapters,
    });
    const asked = readHash();
    store.set(asked.patch);
    A.i18n.use(store.state.lang);
    // Before any part of the page listens: each writes its words anew when the language changes.
    store.on(["lang"], () => A.i18n.use(store.state.lang));

    if (!("tab" in asked.patch)) store.set({ tab: wide() ? (model.chapters.length ? "story" : "events") : "" });
    A.frame(app, every, TABS, TAB_ICONS);
    map.invalidateSize({ animate: false });

    const [west, south, east, north] = data.bbox;
    // The events that a user brought, or else the map that the pack says it is.
    const shown = page.home || [west, south, east, north];
    const home = [[shown[1], shown[0]], [shown[3], shown[2]]];
    // The legend lies over the far side of a wide map.
    const room = () => {
      const legend = wide() && stage.clientWidth > 760 ? 270 : 10;
      const rtl = A.i18n.direction() === "rtl";
      return { paddingTopLeft: [rtl ? legend : 10, 10], paddingBottomRight: [rtl ? 10 : legend, 10] };
    };
    app.room = room;
    app.home = () => map.fitBounds(home, { animate: !calm(), ...room() });
    const begin = () => {
      const view = asked.view || page.view;
      if (view) map.setView(view.center, view.zoom, { animate: false });
      else map.fitBounds(home, { animate: false, ...room() });
      // Under an open sheet a phone has little room: then a place asked for comes before the whole.
      const { sel } = store.state;
      if (!view && sel && map.getZoom() < 7) map.setView([sel.lat, sel.lon], 8, { animate: false });
    };
    const visible = () => map.getSize().x > 40 && map.getSize().y > 40;
    // In a notebook's folded cell the page has no size yet: it is placed once it has one.
    let placed = visible();
    if (placed) begin();

    app.settings = (day, rows) => ({
      // In a chosen span no day is more present than another.
      day, rows, even: store.state.window === "range", selected: store.state.sel ? store.state.sel.place : "", side: store.state.side, layers: fullLayers(), user: store.state.user, lang: store.state.lang,
      palette: app.palette(), dark: dark(), patterns: app.patterns, hatches: app.hatches,
    });
    const fullLayers = () => Object.fromEntries(LAYERS.map((key) => [key, Boolean(store.state.layers[key])]));
    const view = A.createView(map, model, events);
    app.view = view;
    const times = { step: 0 };
    const rows = () => (store.state.layers.events ? events.between(...A.eventSpan(store.state)) : []);
    function redraw() {
      const began = performance.now();
      view.update(app.settings(store.state.day, rows()));
      times.step = performance.now() - began;
    }
    // All but the events, which are still to come.
    view.update(app.settings(store.state.day, null));
    performance.mark("atlas-built");
    store.on(["hidden", "actor", "certainty", "sets"], () => events.filter(store.state));
    store.on(["theme"], () => {
      paint();
      app.compare.refresh();
    });
    store.on(["day", "window", "range", "layers", "hidden", "sets", "actor", "certainty", "user", "lang", "side", "theme", "sel"], redraw);
    schemeQuery.addEventListener("change", () => {
      if (store.state.theme !== "auto") return;
      store.set({ theme: dark() ? "dark" : "light" });
    });

    app.flyTo = (lat, lon, zoom) => map.setView([lat, lon], zoom, { animate: !calm() });
    app.pick = (latlng, row) => {
      const sel = { lon: latlng.lng, lat: latlng.lat };
      if (row >= 0) Object.assign(sel, { lon: events.lon(row), lat: events.lat(row), event: row });
      store.set({ sel, tab: "here" });
    };
    app.goToPlace = (place) => {
      const zoom = { country: 7, region: 8, province: 8, republic: 7.5, district: 9, sea: 6.5, lake: 8.5 }[place.kind] || 11;
      app.flyTo(place.lat, place.lon, Math.max(zoom, Math.min(map.getZoom(), zoom + 1)));
      store.set({ sel: { lon: place.lon, lat: place.lat, place: place.id }, tab: "here" });
    };
    app.goToEvent = (row) => {
      store.set({ day: A.clamp(events.start[row], page.first, page.last - 1), sel: { lon: events.lon(row), lat: events.lat(row), event: row }, tab: "here" });
      map.panTo([events.lat(row), events.lon(row)], { animate: !calm() });
    };
    map.on("click", (event) => app.pick(event.latlng, view.hit(map.latLngToContainerPoint(event.latlng))));
    bindHover(app, view);
    bindPin(app);

    // Empty, unless somebody adds tiles that must be credited; never with Leaflet's own prefix.
    L.control.attribution({ prefix: false, position: "bottomleft" }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    app.finish();
    bindPrint(app);
    A.bindKeys(app);

    Object.assign(events, A.createEvents(await arriving));
    events.paint(data.sets || []);
    events.filter(store.state);
    view.showRows(rows());
    if (store.state.compare) app.compare.refresh();
    root.dataset.state = "ready";
    performance.mark("atlas-drawn");

    const write = A.debounce(() => {
      const hash = A.permalink.write(store.state, map, every);
      if (hash === globalThis.location.hash) return;
      try {
        globalThis.history.replaceState(null, "", hash);
      } catch {
        // A sandboxed frame may not have an address of its own.
      }
    }, 250);
    store.on(null, write);
    map.on("moveend", write);
    globalThis.addEventListener("hashchange", () => {
      const next = readHash();
      store.set({ compare: null, ...next.patch });
      if (next.view) map.setView(next.view.center, next.view.zoom, { animate: false });
    });
    afterFrame(app.furnish);
    new ResizeObserver(A.debounce(() => {
      map.invalidateSize({ animate: false });
      if (placed || !visible()) return;
      placed = true;
      begin();
    }, 50)).observe(stage);

    Object.assign(globalThis.atlasMap, {
      app, times,
      go: (text) => store.set({ day: A.days.parse(text).first }),
      set: (patch) => store.set(patch),
      png: () => A.exportPng(app),
      hash: () => A.permalink.write(store.state, map, every),
      state: () => {
        const { day, side, user } = store.state;
        const control = {};
        for (const area of model.areas) {
          const spell = model.controlAt(area, day, side);
          control[area.id] = spell ? spell.who : "";
        }
        return {
          date: A.days.iso(day), control,
          routes: Object.fromEntries(model.routes.map((route) => [route.id, model.statusAt(route, day, user, side)])),
          mandates: model.mandatesAt(day).map(({ mandate, state }) => ({ id: mandate.id, mission: mandate.mission, state })),
          events: events.between(...A.eventSpan(store.state)).length,
          labels: view.labels().map((label) => label.text),
          settings: JSON.parse(JSON.stringify(store.state)),
        };
      },
    });
    Object.defineProperty(globalThis.atlasMap, "day", { get: () => A.days.iso(store.state.day) });
    performance.mark("atlas-ready");
    return app;
  }

  // Paper has another shape than the screen: what is in view there is fitted into it. Drawn before the
  // browser starts to print, for a canvas drawn while it does blanks all that lies below it.
  function bindPrint(app) {
    const { map, root } = app;
    // The part of the map that is not under the legend.
    const seen = () => {
      const { paddingTopLeft, paddingBottomRight } = app.room();
      return L.latLngBounds(map.containerPointToLatLng(paddingTopLeft), map.containerPointToLatLng(map.getSize().subtract(paddingBottomRight)));
    };
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    app.print = async () => {
      const kept = [map.getCenter(), map.getZoom()];
      const bounds = seen();
      root.dataset.paper = "";
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(bounds, { animate: false });
      await frame();
      await frame();
      const back = () => {
        if (!("paper" in root.dataset)) return;
        delete root.dataset.paper;
        map.invalidateSize({ animate: false, pan: false });
        map.setView(...kept, { animate: false });
      };
      globalThis.addEventListener("afterprint", back, { once: true });
      globalThis.print();
      // Where a frame may not print, nothing tells that it is over.
      setTimeout(back, 2000);
    };
  }

  // A ring where the reader asked.
  function bindPin(app) {
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
  }

  function bindHover(app, view) {
    const { map, stage } = app;
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
  }

  // Frame of the page: top bar, panel with tabs, legend, dock.
  A.frame = (app, every, tabs, icons) => {
    const { root, stage, store, model, map } = app;
    const title = el("h1", { class: "title" });
    const top = el("header", { class: "topbar" });
    const panel = el("aside", { class: "panel" });
    const tabBar = el("div", { class: "tabs", role: "tablist" });
    const body = el("div", { class: "panel-body", id: "atlas-panel", role: "tabpanel", tabindex: "0" });
    const closer = el("div", { class: "panel-close" });
    panel.append(tabBar, closer, body);
    const legendBox = el("div", { class: "legend-box" });
    const main = el("main", { class: "main" }, panel, stage);
    const zoom = el("div", { class: "zoom", role: "group" });
    const credit = el("p", { class: "credit" });
    // A claim never stands there as if it were the assessment.
    const banner = el("p", { class: "side-banner", role: "status", hidden: true });
    root.prepend(top);
    root.append(main);
    stage.append(zoom, credit, banner, legendBox);
    const container = map.getContainer();
    container.setAttribute("role", "region");
    container.tabIndex = 0;

    app.story = A.createStory(app);
    app.inspector = A.createInspector(app);
    app.chronology = A.createChronology(app);
    app.legend = A.createLegend(app);
    app.clock = A.createClock(app);
    root.append(app.clock.node);
    const search = A.createSearch(app);
    const parts = { story: app.story, here: app.inspector, events: app.chronology, legend: app.legend };
    const legendToggle = el("button", { type: "button", class: "legend-toggle", "aria-expanded": "true" });
    // On a smaller map it would cover what the reader came for.
    let legendOpen = globalThis.matchMedia("(min-width: 1200px) and (min-height: 600px)").matches;
    legendToggle.addEventListener("click", () => {
      legendOpen = !legendOpen;
      placeLegend();
    });
    function placeLegend() {
      const floating = wide();
      legendBox.hidden = !floating;
      if (floating) {
        legendBox.append(legendToggle, app.legend.node);
        app.legend.node.hidden = !legendOpen;
        legendToggle.setAttribute("aria-expanded", String(legendOpen));
        if (store.state.tab === "legend") store.set({ tab: "" });
      } else {
        app.legend.node.hidden = false;
        if (store.state.tab === "legend") A.refill(body, app.legend.node);
      }
    }

    let buttons = new Map();
    let ready = false;
    function words() {
      const { lang } = store.state;
      A.i18n.use(lang);
      document.documentElement.lang = lang;
      document.documentElement.dir = A.i18n.direction();
      root.lang = lang;
      root.dir = A.i18n.direction();
      const name = model.localName(model.data.titles, lang) || t("ownEvents");
      A.refill(title, name);
      document.title = name;
      container.setAttribute("aria-label", t("map"));
      const langs = el("select", { class: "lang-select", "aria-label": t("language"), on: { change: () => store.set({ lang: langs.value }) } }, model.data.page.languages.map((one) => el("option", { value: one, selected: one === lang, lang: one }, A.i18n.label(one))));
      const sides = el("select", { class: "side-select", "aria-label": t("according"), on: { change: () => store.set({ side: sides.value }) } },
        el("option", { value: "", selected: !store.state.side }, t("assessed")), model.sidesOffered.map((id) => el("option", { value: id, selected: id === store.state.side }, model.partyName(id, lang))));
      const links = (model.data.page.links || []).map(({ href, label }) => el("a", { href: `${href}#lang=${lang}` }, label[lang] || label.en));
      A.refill(top, el("div", { class: "heading" }, title, links.length > 0 && el("nav", { class: "site-links", "aria-label": t("pages") }, links)), search.node,
        el("div", { class: "tools" },
          model.sidesOffered.length > 0 && el("label", { class: "field" }, el("span", {}, t("according")), sides),
          el("label", { class: "field" }, el("span", { class: "visually-hidden" }, t("language")), langs),
          A.button("moon", t("theme"), () => store.set({ theme: app.dark() ? "light" : "dark" })),
          A.button("link", t("copyLink"), copyLink, { class: "button copy" }),
          A.button("download", t("savePng"), () => A.exportPng(app)),
          A.button("print", t("print"), () => app.print(), { class: "button wide-only" })));
      A.refill(zoom, A.button("plus", t("zoomIn"), () => map.zoomIn()), A.button("minus", t("zoomOut"), () => map.zoomOut()), A.button("home", t("home"), () => app.home()));
      zoom.setAttribute("aria-label", t("map"));
      const hosts = A.guests.hosts();
      A.refill(credit, L.version && A.link("https://leafletjs.com", "Leaflet"), model.data.credits.length > 0 && ` · ${t("credit")}`, hosts.length > 0 && ` · ${t("asksHosts", { hosts: hosts.join(", ") })}`);
      A.refill(legendToggle, A.icon("layers"), t("legend"), A.icon("chevron"));
      panel.setAttribute("aria-label", t("story"));
      app.legend.node.setAttribute("aria-label", t("legend"));
      buttons = new Map(tabs.filter((tab) => tab !== "story" || model.chapters.length).map((tab) => [tab, el("button", {
        type: "button", role: "tab", class: `tab tab-${tab}`, id: `atlas-tab-${tab}`, "aria-controls": "atlas-panel",
        on: { click: () => store.set({ tab: store.state.tab === tab ? "" : tab }), keydown: (event) => moveTab(event, tab) },
      }, A.icon(icons[tab]), el("span", {}, t(tab)))]));
      A.refill(tabBar, ...buttons.values());
      tabBar.setAttribute("aria-label", t("map"));
      A.refill(closer, A.button("close", t("close"), () => store.set({ tab: "" })));
      showTab();
    }
    function showSide() {
      const { side, lang } = store.state;
      banner.hidden = !side;
      A.refill(banner, side && [t("according"), " ", receiptsChip(side, lang)]);
      root.dataset.side = side;
    }
    const receiptsChip = (side) => app.receipts.chip(side);
    function copyLink(event) {
      const button = event.currentTarget;
      const address = String(globalThis.location.href).split("#")[0] + A.permalink.write(store.state, map, every);
      const done = () => {
        button.setAttribute("aria-label", t("copied"));
        button.classList.add("done");
        setTimeout(() => button.classList.remove("done"), 1200);
      };
      if (globalThis.navigator.clipboard) globalThis.navigator.clipboard.writeText(address).then(done, () => {});
    }
    function moveTab(event, tab) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const list = [...buttons.keys()].filter((one) => buttons.get(one).offsetParent);
      const next = list[(list.indexOf(tab) + step + list.length) % list.length];
      store.set({ tab: next });
      buttons.get(next).focus();
      event.preventDefault();
    }
    function showTab() {
      const { tab } = store.state;
      const open = parts[tab];
      root.dataset.tab = tab;
      panel.classList.toggle("closed", !open);
      body.hidden = !open;
      for (const [name, button] of buttons) {
        button.setAttribute("aria-selected", String(name === tab));
        button.tabIndex = name === tab || (!open && name === [...buttons.keys()][0]) ? 0 : -1;
      }
      if (open) {
        body.setAttribute("aria-labelledby", `atlas-tab-${tab}`);
        if (body.firstChild !== open.node) {
          A.refill(body, open.node);
          body.scrollTop = 0;
        }
        if (ready) open.show();
      }
    }
    app.compare = A.createCompare(app);
    parts.compare = app.compare;
    words();
    placeLegend();
    app.clock.show();
    // All that takes room stands before the map is first measured; what fills it comes after the map.
    app.furnish = () => {
      ready = true;
      app.legend.show();
      showTab();
      app.clock.start();
    };
    app.finish = () => {
      // Side by side needs the room the legend takes.
      store.on(["compare"], (state) => {
        if (state.compare && state.compare.mode === "side" && legendOpen) legendToggle.click();
      });
      if (store.state.compare) {
        const kept = store.state.compare;
        store.set({ compare: null });
        store.set({ compare: kept });
      }
      store.on(["lang"], words);
      store.on(["tab"], showTab);
      store.on(["side", "lang", "theme"], showSide);
      showSide();
      new ResizeObserver(A.debounce(placeLegend, 80)).observe(root);
    };
  };
})(globalThis.atlasPage);
