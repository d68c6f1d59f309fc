"use strict";
// Chapters: a guided way through the record, each a date, a place and a link of its own.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const WORDS = 45;
  const NEAR = 3; // days

  // The first sentences of a text, as many as are read at a glance, and what is left.
  A.leadOf = (text) => {
    const sentences = text.split(/(?<=[.!?։؟;][»”"’)]?)\s+(?=[^\p{Ll}])/u);
    let lead = sentences.shift() || "";
    while (sentences.length && `${lead} ${sentences[0]}`.split(/\s+/).length <= WORDS) lead += ` ${sentences.shift()}`;
    return [lead, sentences.join(" ")];
  };

  const near = (chapter, day) => Math.abs(day - chapter.day) <= NEAR;
  // What is there as the record begins did not begin then.
  const began = (chapter, since, day) => day > since && near(chapter, day);
  // Ground that changed hands since the chapter before, if that is what happened about its day.
  function movedOf(model, chapter, since, side) {
    const moved = model.changesByHolder(since, chapter.day, side).filter(({ same }) => !same);
    return moved.some(({ changes }) => changes.some(({ told }) => told.some(({ start }) => near(chapter, start)))) ? moved : [];
  }
  // The one number of a chapter, worked out from the record: ground that changed hands; ways shut on its
  // day, where some were shut about then; deaths in the events it tells of; ways shut; events since the chapter before.
  // {kind, n, low, high, since}
  A.chapterFigure = (model, { events, texts, rows }, chapter, since, { side, user }) => {
    const moved = movedOf(model, chapter, since, side);
    const sum = (key) => moved.reduce((total, group) => total + group[key], 0);
    if (Math.round(sum("km2")) > 0) return { kind: "ground", n: sum("km2"), low: sum("low"), high: sum("high"), since };
    const shut = model.routes.filter((route) => A.isShut(model.statusAt(route, chapter.day, user, side))).length;
    const { deaths } = A.summed(events, texts, rows);
    const closing = model.routes.some((route) => route.episodes.some((one) => !one.by && A.isShut(one.status) && began(chapter, since, one.start)));
    if (deaths.best > 0 && !(shut && closing)) return { kind: "deaths", n: deaths.best, low: deaths.low, high: deaths.high, since };
    if (shut) return { kind: "shut", n: shut, low: shut, high: shut, since };
    const n = events.between(since + 1, chapter.day + 1).length;
    return { kind: "events", n, low: n, high: n, since };
  };

  // What a chapter speaks of on the map: around the ground that changed hands since the one before; else
  // the ways and zones on which something began about its day.
  A.chapterParts = (model, chapter, since, side) => {
    const rim = movedOf(model, chapter, since, side).length ? A.rimOfChange(model, since, chapter.day, side) : [];
    const found = { rim, stretches: [], zones: [] };
    if (rim.length) return found;
    for (const route of model.routes) for (const one of route.episodes) {
      if (!one.by && began(chapter, since, one.start)) found.stretches.push({ route, from: one.from === null ? 0 : one.from, to: one.to === null ? route.km : one.to });
    }
    found.zones = [...new Set(model.mandates.filter((one) => began(chapter, since, one.start) || (one.deployed && began(chapter, since, one.deployed[0]))).map(({ zone }) => model.zones[zone]).filter(Boolean))];
    return found;
  };

  A.createStory = (app) => {
    const { model, store, receipts } = app;
    const node = el("div", { class: "story" });
    const chapters = model.chapters;
    const at = () => chapters.findIndex((chapter) => chapter.id === store.state.chapter);

    function open(i) {
      const chapter = chapters[A.clamp(i, 0, chapters.length - 1)];
      store.set({ chapter: chapter.id, day: chapter.day, tab: "story", playing: false });
      if (chapter.lon !== null && chapter.lat !== null) fit(chapter);
    }
    // What the chapter's author saw at its zoom is seen beside the panel and the key, however large the window is.
    function fit({ lat, lon, zoom }) {
      const { map } = app;
      map.invalidateSize({ animate: false });
      if (lat === null || lon === null) return app.home();
      const at = zoom || 8;
      const middle = map.project([lat, lon], at);
      const bounds = L.latLngBounds(map.unproject(middle.subtract([300, 210]), at), map.unproject(middle.add([300, 210]), at));
      map.fitBounds(bounds, { animate: !A.calm(), maxZoom: at + 0.5, ...app.room() });
    }
    app.fitChapter = () => fit(chapters[at()]);
    const since = (now) => (now > 0 ? chapters[now - 1].day : model.data.page.first);
    app.chapterNow = () => (store.state.tab === "story" && at() >= 0 ? { chapter: chapters[at()], since: since(at()) } : null);
    const rowsOf = (chapter, texts) => chapter.events.map(texts.rowOf).filter((row) => row >= 0 && row < app.events.rows);
    // One number, with the range that is on record.
    function figure(now) {
      const box = el("p", { class: "figure", hidden: true });
      app.texts().then((texts) => {
        const { lang } = store.state;
        const chapter = chapters[now];
        const { kind, n, low, high, since: day } = A.chapterFigure(model, { events: app.events, texts, rows: rowsOf(chapter, texts) }, chapter, since(now), store.state);
        const range = Math.round(low) !== Math.round(high) && ` (${A.number(low)}–${A.number(high)})`;
        A.refill(box, el("strong", {}, A.number(n)), range && el("span", { class: "meta" }, range), el("span", { class: "figure-word" }, t(`fig_${kind}`, { date: A.days.format(day, lang) })));
        box.dataset.figure = `${kind} ${Math.round(n)}`;
        box.hidden = false;
      });
      return box;
    }
    // The last of its events that had happened by its day, named where it happened.
    let note = null;
    async function callout() {
      const now = app.chapterNow();
      const texts = now && (await app.texts());
      if (note) note.remove();
      note = null;
      const current = app.chapterNow();
      if (!now || !current || current.chapter !== now.chapter) return;
      const { chapter } = now;
      const row = rowsOf(chapter, texts).filter((one) => app.events.start[one] <= chapter.day).sort((a, b) => app.events.start[a] - app.events.start[b]).pop();
      const [lat, lon] = row === undefined ? [chapter.lat, chapter.lon] : [app.events.lat(row), app.events.lon(row)];
      if (lat === null || lon === null) return;
      A.overPane(app.map, "atlas-callout", 500);
      const text = row === undefined ? model.localName(chapter.titles, store.state.lang) : receipts.title(row, texts);
      const icon = L.divIcon({ className: "callout-spot", iconSize: [0, 0], html: el("p", { class: "callout", dir: A.i18n.direction() }, text) });
      note = L.marker([lat, lon], { icon, pane: "atlas-callout", interactive: false, keyboard: false }).addTo(app.map);
      turn();
    }
    // Its words stand on the side on which there is room.
    function turn() {
      if (note) note.getElement().classList.toggle("beyond", app.map.latLngToContainerPoint(note.getLatLng()).x > app.map.getSize().x * 0.55);
    }
    app.openChapter = (id) => open(chapters.findIndex((chapter) => chapter.id === id));
    // The events a chapter tells of, in full, each with its own sources and what contradicts it.
    function told(chapter) {
      const box = el("section", { class: "told", hidden: true });
      if (chapter.events.length) app.texts().then((texts) => {
        const rows = rowsOf(chapter, texts);
        A.refill(box, el("h3", {}, t("events")), rows.map((row) => receipts.card(row, texts)));
        box.hidden = !rows.length;
      });
      return box;
    }
    function show() {
      if (store.state.tab !== "story") return;
      const { lang } = store.state;
      const now = at();
      const chapter = chapters[now];
      const spoken = chapter && (chapter.texts[lang] ? lang : "en");
      const paragraphs = chapter ? model.localName(chapter.texts, lang).split(/\n+/) : [];
      const [lead, rest] = A.leadOf(paragraphs[0] || "");
      const others = [rest, ...paragraphs.slice(1)].filter(Boolean);
      A.refill(node,
        chapter && el("article", { class: "chapter" },
          el("p", { class: "kicker" }, t("chapter", { n: now + 1, all: chapters.length })),
          el("h2", {}, model.localName(chapter.titles, lang)),
          el("p", { class: "chapter-date" }, A.days.format(chapter.day, lang)),
          figure(now),
          el("p", { lang: spoken }, lead),
          others.length > 0 && el("details", { class: "whole" }, el("summary", {}, t("wholeText")), others.map((text) => el("p", { lang: spoken }, text))),
          !chapter.texts[lang] && t("onlyEnglish") && el("p", { class: "meta" }, t("onlyEnglish")),
          receipts.sources(chapter.sources),
          told(chapter)),
        !chapter && el("div", {}, el("h2", { class: "lede" }, model.localName(model.data.descriptions, lang) || model.localName(model.data.titles, lang)),
          el("button", { type: "button", class: "text-button primary", on: { click: () => open(0) } }, t("begin"), A.icon("next"))),
        el("h3", { class: "chapter-all" }, t("allChapters")),
        el("ol", { class: "chapters" }, chapters.map((item, i) => el("li", {},
          el("button", { type: "button", class: "chapter-link", "aria-current": i === now ? "step" : null, on: { click: () => open(i) } },
            el("span", { class: "meta" }, A.days.formatShort(item.day, lang)), el("span", {}, model.localName(item.titles, lang)))))),
        chapter && el("div", { class: "chapter-steps" },
          el("button", { type: "button", class: "text-button", disabled: now <= 0, on: { click: () => step(now - 1) } }, A.icon("back"), t("previous")),
          el("button", { type: "button", class: "text-button primary", disabled: now >= chapters.length - 1, on: { click: () => step(now + 1) } }, t("next"), A.icon("next"))));
    }
    // The button that was pressed is made anew: the keys stay on it.
    function step(i) {
      const which = i < at() ? ":first-child" : ":last-child";
      open(i);
      const again = node.querySelector(`.chapter-steps button${which}:not([disabled])`) || node.querySelector(".chapter-steps button:not([disabled])");
      if (again) again.focus({ preventScroll: true });
    }
    store.on(["chapter", "lang", "tab"], show);
    store.on(["chapter", "lang", "tab"], callout);
    app.events.ready.then(callout);
    app.map.on("moveend", turn);
    store.on(["chapter"], () => { if (node.parentNode) node.parentNode.scrollTop = 0; });
    return { node, show, open, chapters };
  };
})(globalThis.atlasPage);
