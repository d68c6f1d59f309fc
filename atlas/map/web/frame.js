"use strict";
// The frame of the page: what takes room around the map, before anything fills it.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;

  A.createFrame = (app) => {
    const { root, stage, store, map } = app;
    const top = A.createTopbar(app);
    const main = el("main", { class: "main" });
    const zoom = el("div", { class: "zoom", role: "group" });
    const credit = el("p", { class: "credit" });
    const container = map.getContainer();
    container.setAttribute("role", "region");
    container.tabIndex = 0;
    root.prepend(top.node);
    root.append(main);
    app.clock = A.createClock(app);
    root.append(app.clock.node);
    app.legend = A.createLegend(app);
    app.compare = A.createCompare(app);
    const banner = A.createBanner(app);
    const panel = A.createPanel(app, {
      story: A.createStory(app), here: A.createInspector(app), events: A.createChronology(app), access: app.data.page.access && A.createWays(app), compare: app.compare, legend: app.legend,
    });
    const legendBox = A.createLegendBox(app, panel);
    // The map comes first for the keys, wherever the panel stands.
    main.append(stage, panel.node);
    app.tools = A.createTools(app, [A.createMeasure(app), A.createBox(app)]);
    const said = el("p", { class: "visually-hidden", role: "status" });
    // For those who don't see the map: what has just been done on it.
    app.say = (text) => A.refill(said, text);
    stage.append(el("div", { class: "map-side" }, zoom, app.tools.bar), app.tools.card, credit, banner.node, legendBox.node, said);

    function words() {
      const { lang } = store.state;
      for (const node of [document.documentElement, root]) Object.assign(node, { lang, dir: A.i18n.direction() });
      container.setAttribute("aria-label", t("map"));
      A.refill(zoom, A.button("plus", t("zoomIn"), () => map.zoomIn()), A.button("minus", t("zoomOut"), () => map.zoomOut()), A.button("home", t("home"), () => app.home()));
      zoom.setAttribute("aria-label", t("map"));
      const hosts = A.guests.hosts();
      A.refill(credit, L.version && A.link("https://leafletjs.com", "Leaflet"), app.data.credits.length > 0 && ` · ${t("credit")}`, hosts.length > 0 && ` · ${t("asksHosts", { hosts: hosts.join(", ") })}`);
    }
    const parts = [{ words }, top, legendBox, panel, app.tools];
    const speak = () => parts.forEach((part) => part.words());
    speak();
    legendBox.place();
    app.clock.show();
    map.invalidateSize({ animate: false });
    return {
      // Once the map is drawn, the frame follows what the reader does.
      listen() {
        legendBox.listen();
        app.compare.resume();
        store.on(["lang"], speak);
        panel.listen();
        banner.listen();
      },
      // What fills the room comes after the map, one after another.
      furnishing: [app.legend.show, panel.fill, app.clock.start],
    };
  };

  // A claim never stands there as if it were the assessment; and where the bar on top has no room for
  // the words, the map says whose account even the assessment is.
  A.createBanner = (app) => {
    const { root, store, model } = app;
    const node = el("p", { class: "side-banner", role: "status", hidden: true });
    const show = () => {
      const { side } = store.state;
      node.hidden = !model.sidesOffered.length && !side;
      node.classList.toggle("plain", !side);
      A.refill(node, side ? [t("according"), " ", app.receipts.chip(side)] : A.whoseOf(app));
      root.dataset.side = side;
    };
    return {
      node,
      listen() {
        store.on(["side", "lang", "theme"], show);
        show();
      },
    };
  };

  // Over the far side of a wide map, or a tab of a narrow one.
  A.createLegendBox = (app, panel) => {
    const { root, store } = app;
    const node = el("div", { class: "legend-box" });
    const toggle = el("button", { type: "button", class: "legend-toggle", "aria-expanded": "true" });
    // On a smaller map it would cover what the reader came for.
    let open = globalThis.matchMedia("(min-width: 1200px) and (min-height: 600px)").matches;
    function place() {
      const floating = A.wide();
      node.hidden = !floating;
      if (floating) {
        node.append(toggle, app.legend.node);
        app.legend.node.hidden = !open;
        toggle.setAttribute("aria-expanded", String(open));
        if (store.state.tab === "legend") store.set({ tab: "" });
      } else {
        app.legend.node.hidden = false;
        if (store.state.tab === "legend") panel.put(app.legend.node);
      }
    }
    toggle.addEventListener("click", () => {
      open = !open;
      place();
    });
    return {
      node, place,
      words() {
        A.refill(toggle, A.icon("layers"), t("legend"), A.icon("chevron"));
        app.legend.node.setAttribute("aria-label", t("legend"));
      },
      listen() {
        // Side by side needs the room the legend takes.
        store.on(["compare"], (state) => {
          if (state.compare && state.compare.mode === "side" && open) toggle.click();
        });
        new ResizeObserver(A.debounce(place, 80)).observe(root);
      },
    };
  };
})(globalThis.atlasPage);
