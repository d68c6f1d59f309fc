"use strict";
// What happened within a box on the map, of the events that are shown: counts, and all of it as a table.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const FORMULA = /^(?:[=@\t\r]|[+-](?!\.?\d[\d.,]*(?:[eE][+-]?\d+)?\s*$))/;
  // Text that no spreadsheet runs: an apostrophe stands before what would be a formula.
  A.neutralised = (value) => (typeof value === "string" && FORMULA.test(value) ? `'${value}` : value);
  const cell = (value) => {
    const text = String(A.neutralised(value === null || value === undefined ? "" : value));
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  A.csvText = (header, rows) => [header, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";

  // {types: [[type, n], ..], deaths: {low, best, high, counted}, first, last} of rows of events.
  A.summed = (events, texts, rows) => {
    const types = new Map();
    const deaths = { low: 0, best: 0, high: 0, counted: 0 };
    let first = Infinity;
    let last = -Infinity;
    for (const i of rows) {
      const type = events.typeOf(i);
      types.set(type, (types.get(type) || 0) + 1);
      first = Math.min(first, events.start[i]);
      last = Math.max(last, events.start[i] + events.days[i] - 1);
      const best = events.deaths(i);
      const [low, high] = [texts.count("low", i), texts.count("high", i)];
      if (best < 0 && low < 0 && high < 0) continue;
      deaths.counted += 1;
      const known = [best, low, high].filter((n) => n >= 0);
      deaths.best += best >= 0 ? best : low >= 0 ? low : high;
      deaths.low += low >= 0 ? low : Math.min(...known);
      deaths.high += high >= 0 ? high : Math.max(...known);
    }
    return { n: rows.length, types: [...types].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)), deaths, first, last };
  };

  const HEAD = ["event_id", "event_date", "lon", "lat", "coordinate_uncertainty_m", "event_type", "sub_event_type", "actor1", "actor2", "best", "low", "high",
    "place_name", "title", "summary", "certainty", "counterclaims", "counter_source_ids", "source_ids", "dataset", "citation"];
  // A table that the readers of events take as it is.
  A.eventsTable = (app, texts, rows, citation) => {
    const { events, model } = app;
    const count = (n) => (n < 0 ? "" : n);
    const span = (i) => {
      const stored = texts.of("date", i);
      if (stored) return stored;
      const [one, two] = [A.days.iso(events.start[i]), A.days.iso(events.start[i] + events.days[i] - 1)];
      return one === two ? one : `${one}/${two}`;
    };
    const actor = (name, i) => events.word(name, i).split("|").map((id) => model.partyName(id, "en")).join("; ");
    return A.csvText(HEAD, rows.map((i) => [texts.of("id", i), span(i), events.lon(i).toFixed(5), events.lat(i).toFixed(5), count(events.uncertainty(i)), events.typeOf(i), texts.of("sub_type", i),
      actor("actor1", i), actor("actor2", i), count(events.deaths(i)), count(texts.count("low", i)), count(texts.count("high", i)),
      events.word("place", i) ? model.placeName(events.word("place", i), events.start[i], "en", "") : texts.of("where", i), texts.of("title", i), texts.of("summary", i),
      events.word("certainty", i), texts.of("counterclaims", i), texts.of("counter_sources", i), texts.of("sources", i), events.setOf(i), citation]));
  };

  A.createBox = (app) => {
    const { map, store, events, model } = app;
    const node = el("div", { class: "boxed" });
    let bounds = null;
    let layer = null;
    let from = null;
    let active = false;
    let asked = 0;

    // Rows that are shown and lie within the box.
    function rows() {
      const found = [];
      if (!bounds) return found;
      for (const i of events.between(...A.eventSpan(store.state))) if (bounds.contains([events.lat(i), events.lon(i)])) found.push(i);
      return found;
    }
    function draw() {
      if (layer) layer.remove();
      layer = null;
      if (!bounds) return;
      A.overPane(map, "atlas-measure", 480);
      const { ink, paper } = app.palette();
      const renderer = L.svg({ pane: "atlas-measure", padding: 0.5 });
      layer = L.layerGroup([[6, paper, 0.8], [2, ink, 1]].map(([weight, color, opacity]) => L.rectangle(bounds, { renderer, pane: "atlas-measure", interactive: false, weight, color, opacity, fill: false, className: "atlas-box" }))).addTo(map);
    }
    const table = async () => A.eventsTable(app, await app.texts(), rows(), A.citation(app, A.addressOf(app)));
    async function save() {
      const { day, lang } = store.state;
      const text = await table();
      A.saveFile(new Blob([text], { type: "text/csv;charset=utf-8" }), `${[model.data.id || "map", "events", A.days.iso(day), lang].join("-")}.csv`);
    }
    const span = (days) => A.spanText(app, days);
    async function tell() {
      const ticket = ++asked;
      const take = el("button", { type: "button", class: "text-button", on: { click: () => set(map.getBounds()) } }, t("boxView"));
      if (!bounds) {
        A.refill(node, take);
        return;
      }
      const texts = await app.texts();
      if (ticket !== asked || !active) return;
      const list = rows();
      const { types, deaths, first, last } = A.summed(events, texts, list);
      const figure = (name, n) => el("div", {}, el("dt", {}, name), el("dd", {}, A.number(n)));
      A.refill(node,
        el("p", { class: "answer", "data-boxed": list.length }, t("eventCount", { n: A.number(list.length) })),
        el("p", { class: "meta" }, `${t("boxShown")}: ${span(A.eventSpan(store.state))}`),
        list.length > 0 && [
          el("p", {}, span([first, last + 1])),
          el("h3", {}, t("deathsWord")),
          deaths.counted > 0 && el("dl", { class: "three" }, figure(t("lowWord"), deaths.low), figure(t("bestWord"), deaths.best), figure(t("highWord"), deaths.high)),
          el("p", { class: "meta" }, t("statedFor", { n: A.number(deaths.counted), all: A.number(list.length) })),
          el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("type")), el("th", { scope: "col", class: "number" }, t("events")))),
            el("tbody", {}, types.map(([type, n]) => el("tr", {}, el("td", {}, A.typeWord(type)), el("td", { class: "number" }, A.number(n)))))),
        ],
        el("div", { class: "choices" }, list.length > 0 && el("button", { type: "button", class: "text-button primary", on: { click: save } }, A.icon("download"), t("csvSave")), take));
      app.say(`${t("eventCount", { n: A.number(list.length) })}. ${t("deathsWord")}: ${A.number(deaths.low)} – ${A.number(deaths.high)}`);
    }
    function set(next) {
      bounds = next;
      draw();
      tell();
    }
    const at = (event) => map.mouseEventToLatLng(event);
    const down = (event) => {
      if (!active || event.button > 0 || !event.isPrimary) return;
      from = at(event);
      map.getContainer().setPointerCapture(event.pointerId);
    };
    const move = (event) => {
      if (!from) return;
      bounds = L.latLngBounds(from, at(event));
      draw();
    };
    const up = (event) => {
      if (!from) return;
      const next = L.latLngBounds(from, at(event));
      const [one, two] = [next.getSouthWest(), next.getNorthEast()].map((corner) => map.latLngToContainerPoint(corner));
      from = null;
      // A click draws no box.
      if (Math.abs(one.x - two.x) > 4 && Math.abs(one.y - two.y) > 4) set(next);
    };
    const lost = () => { from = null; };
    for (const [name, handler] of Object.entries({ pointerdown: down, pointermove: move, pointerup: up, pointercancel: lost })) map.getContainer().addEventListener(name, handler);
    store.on([...A.EVENT_CHOICES, "day", "lang", "theme"], A.debounce(() => active && set(bounds), 80));
    return {
      id: "box", icon: "box", word: "boxTool", hint: "boxHint", node,
      start() {
        active = true;
        map.dragging.disable();
        set(null);
      },
      stop() {
        active = false;
        from = null;
        map.dragging.enable();
        bounds = null;
        draw();
      },
      click() {},
      enter: () => set(map.getBounds()),
      key() {
        if (!bounds) return null;
        const picture = A.sample(A.svg("rect", { x: 2, y: 2, width: 24, height: 10, fill: "none", stroke: app.palette().ink, "stroke-width": 2 }));
        return { picture, text: `${t("eventCount", { n: A.number(rows().length) })}, ${span(A.eventSpan(store.state))}` };
      },
      bounds: () => bounds,
      table,
    };
  };
})(globalThis.atlasPage);
