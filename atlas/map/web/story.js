"use strict";
// Chapters: a guided way through the record, each a date, a place and a link of its own.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  A.createStory = (app) => {
    const { model, store, receipts } = app;
    const node = el("div", { class: "story" });
    const chapters = model.chapters;
    const at = () => chapters.findIndex((chapter) => chapter.id === store.state.chapter);

    function open(i) {
      const chapter = chapters[A.clamp(i, 0, chapters.length - 1)];
      store.set({ chapter: chapter.id, day: chapter.day, tab: "story", playing: false });
      if (chapter.lon !== null && chapter.lat !== null) app.flyTo(chapter.lat, chapter.lon, chapter.zoom || 8);
    }
    app.openChapter = (id) => open(chapters.findIndex((chapter) => chapter.id === id));
    // The events a chapter tells of, in full, each with its own sources and what contradicts it.
    function told(chapter) {
      const box = el("section", { class: "told", hidden: true });
      if (chapter.events.length) app.texts().then((texts) => {
        const rows = chapter.events.map(texts.rowOf).filter((row) => row >= 0);
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
      A.refill(node,
        chapter && el("article", { class: "chapter" },
          el("p", { class: "kicker" }, t("chapter", { n: now + 1, all: chapters.length })),
          el("h2", {}, model.localName(chapter.titles, lang)),
          el("p", { class: "chapter-date" }, A.days.format(chapter.day, lang)),
          model.localName(chapter.texts, lang).split(/\n+/).map((text) => el("p", { lang: chapter.texts[lang] ? lang : "en" }, text)),
          !chapter.texts[lang] && t("onlyEnglish") && el("p", { class: "meta" }, t("onlyEnglish")),
          receipts.sources(chapter.sources),
          el("div", { class: "chapter-steps" },
            el("button", { type: "button", class: "text-button", disabled: now <= 0, on: { click: () => open(now - 1) } }, A.icon("back"), t("previous")),
            el("button", { type: "button", class: "text-button primary", disabled: now >= chapters.length - 1, on: { click: () => open(now + 1) } }, t("next"), A.icon("next"))),
          told(chapter)),
        !chapter && el("div", {}, el("h2", { class: "lede" }, model.localName(model.data.descriptions, lang) || model.localName(model.data.titles, lang)),
          el("button", { type: "button", class: "text-button primary", on: { click: () => open(0) } }, t("begin"), A.icon("next"))),
        el("h3", { class: "chapter-all" }, t("allChapters")),
        el("ol", { class: "chapters" }, chapters.map((item, i) => el("li", {},
          el("button", { type: "button", class: "chapter-link", "aria-current": i === now ? "step" : null, on: { click: () => open(i) } },
            el("span", { class: "meta" }, A.days.formatShort(item.day, lang)), el("span", {}, model.localName(item.titles, lang)))))));
    }
    store.on(["chapter", "lang", "tab"], show);
    store.on(["chapter"], () => { if (node.parentNode) node.parentNode.scrollTop = 0; });
    return { node, show, open, chapters };
  };
})(globalThis.atlasPage);
