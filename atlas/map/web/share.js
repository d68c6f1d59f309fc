"use strict";
// What takes the view elsewhere: its link, a frame for another page, a citation.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const attribute = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  // Markup of a frame with the bare map, as text to be copied.
  A.embedCode = (address, title) => {
    const [page, hash] = address.split("#");
    const bare = [...(hash || "").split("&").filter((part) => part && !part.startsWith("ui=")), "ui=min"].join("&");
    return `<iframe src="${attribute(`${page}#${bare}`)}" title="${attribute(title)}" width="100%" height="500" style="border:0" loading="lazy" allowfullscreen></iframe>`;
  };
  A.citation = (app, address) => {
    const { lang, day, side } = app.store.state;
    return [app.model.localName(app.data.titles, lang) || t("ownEvents"), A.days.format(day, lang),
      `${t("according")}: ${side ? app.model.partyName(side, lang) : t("assessed")}`, app.data.page.licence, address].filter(Boolean).join(". ");
  };

  A.createShare = (app) => {
    const { store, map, every, model, data } = app;
    const dialog = el("dialog", { class: "share" });
    const address = () => String(globalThis.location.href).split("#")[0] + A.permalink.write(store.state, map, every);
    function copy(area, button) {
      area.select();
      const done = () => {
        A.refill(button, t("copiedWord"));
        setTimeout(() => A.refill(button, t("copy")), 1400);
      };
      if (globalThis.navigator.clipboard) globalThis.navigator.clipboard.writeText(area.value).then(done, () => {});
    }
    function field(label, text, rows) {
      const area = el("textarea", { readonly: true, rows, spellcheck: "false", "aria-label": label });
      area.value = text;
      const button = el("button", { type: "button", class: "text-button", on: { click: () => copy(area, button) } }, t("copy"));
      return el("div", {}, el("h3", {}, label), area, button);
    }
    function open() {
      const link = address();
      const title = model.localName(data.titles, store.state.lang) || t("ownEvents");
      dialog.setAttribute("aria-label", t("share"));
      A.refill(dialog,
        el("div", { class: "share-head" }, el("h2", {}, t("share")), A.button("close", t("close"), () => dialog.close())),
        globalThis.navigator.share && el("button", { type: "button", class: "text-button primary", on: { click: () => globalThis.navigator.share({ title, url: link }).catch(() => {}) } }, t("shareWith")),
        field(t("copyLink"), link, 2), field(t("embedCode"), A.embedCode(link, title), 3), field(t("citeAs"), A.citation(app, link), 3));
      dialog.showModal();
    }
    // The keys of the clock are not meant while it is open.
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    app.root.append(dialog);
    return { open };
  };
})(globalThis.atlasPage);
