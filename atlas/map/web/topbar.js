"use strict";
// The bar on top: title, pages of the site, search, whose account, language, and what takes the view away.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  A.createTopbar = (app) => {
    const { store, model, data } = app;
    const title = el("h1", { class: "title" });
    const node = el("header", { class: "topbar" });
    const search = A.createSearch(app);
    const share = A.createShare(app);

    function words() {
      const { lang, side } = store.state;
      const name = model.localName(data.titles, lang) || t("ownEvents");
      A.refill(title, name);
      document.title = name;
      const langs = el("select", { class: "lang-select", "aria-label": t("language"), on: { change: () => store.set({ lang: langs.value }) } }, data.page.languages.map((one) => el("option", { value: one, selected: one === lang, lang: one }, A.i18n.label(one))));
      const sides = el("select", { class: "side-select", "aria-label": t("according"), on: { change: () => store.set({ side: sides.value }) } },
        el("option", { value: "", selected: !side }, t("assessed")), model.sidesOffered.map((id) => el("option", { value: id, selected: id === side }, model.partyName(id, lang))));
      const links = (data.page.links || []).map(({ href, label }) => el("a", { href: `${href}#lang=${lang}`, on: { click: (event) => event.currentTarget.setAttribute("href", `${href}#${A.carried(store.state)}`) } }, label[lang] || label.en));
      A.refill(node, el("div", { class: "heading" }, title, links.length > 0 && A.alongArrows(el("nav", { class: "site-links", "aria-label": t("pages") }, links))), search.node,
        el("div", { class: "tools" },
          model.sidesOffered.length > 0 && el("label", { class: "field" }, el("span", {}, t("according")), sides),
          el("label", { class: "field" }, el("span", { class: "visually-hidden" }, t("language")), langs),
          A.alongArrows(el("div", { class: "actions", role: "toolbar", "aria-label": t("toolsWord") },
            A.button("moon", t("theme"), () => store.set({ theme: app.dark() ? "light" : "dark" })),
            A.button("link", t("share"), () => share.open(), { class: "button copy" }),
            A.button("download", t("savePng"), () => A.exportPng(app)),
            A.button("print", t("print"), () => app.print(), { class: "button wide-only" })))));
    }
    // It may be chosen elsewhere: by Back, by a link, by a notebook.
    store.on(["side"], () => {
      const sides = /** @type {HTMLSelectElement} */ (node.querySelector(".side-select"));
      if (sides) sides.value = store.state.side;
    });
    return { node, words };
  };
})(globalThis.atlasPage);
