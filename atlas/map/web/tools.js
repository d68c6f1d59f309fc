"use strict";
// Tools that take over what a click on the map does, one at a time, and tell what they find on a card.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;

  // `tools`: {id, icon, word, hint, node, start, stop, click(latlng), back(), key()}; what a tool lacks it doesn't do.
  A.createTools = (app, tools) => {
    const { map, stage } = app;
    const bar = el("div", { class: "map-tools", role: "group" });
    const card = el("section", { class: "tool-card", hidden: true });
    let current = null;

    function stop() {
      if (!current) return;
      if (current.stop) current.stop();
      current = null;
      map.doubleClickZoom.enable();
      card.hidden = true;
      show();
      map.getContainer().focus({ preventScroll: true });
    }
    function start(tool) {
      if (current === tool) return stop();
      if (current && current.stop) current.stop();
      current = tool;
      map.doubleClickZoom.disable();
      A.refill(card, el("div", { class: "tool-head" }, el("h2", {}, t(tool.word)), A.button("close", t("close"), stop)), el("p", { class: "meta tool-hint" }, t(tool.hint)), tool.node);
      card.setAttribute("aria-label", t(tool.word));
      card.hidden = false;
      show();
      tool.start();
      app.say(t(tool.hint));
      map.getContainer().focus({ preventScroll: true });
    }
    function show() {
      stage.dataset.tool = current ? current.id : "";
      for (const button of bar.children) button.setAttribute("aria-pressed", String(Boolean(current) && current.id === button.dataset.tool));
    }
    // A click beside a button of the card is none on the map.
    L.DomEvent.disableClickPropagation(card);
    L.DomEvent.disableScrollPropagation(card);
    card.addEventListener("keydown", (event) => {
      if (event.key === "Escape") stop();
      event.stopPropagation();
    });
    return {
      bar, card, stop,
      current: () => current,
      // A line for the key of a saved picture.
      key: () => (current && current.key ? current.key() : null),
      words() {
        bar.setAttribute("aria-label", t("toolsWord"));
        A.refill(bar, tools.map((tool) => A.button(tool.icon, t(tool.word), () => start(tool), { class: "button", "data-tool": tool.id })));
        const again = current;
        if (again) {
          stop();
          start(again);
        }
        show();
      },
    };
  };

  // A button that puts a text on the clipboard, or selects it where that is not to be had.
  A.copyButton = (text) => {
    const button = el("button", { type: "button", class: "text-button", on: { click: () => {
      const done = () => {
        A.refill(button, t("copiedWord"));
        setTimeout(() => A.refill(button, t("copy")), 1400);
      };
      const other = () => {
        const area = el("textarea", { class: "visually-hidden", "aria-hidden": "true", tabindex: "-1" });
        area.value = text();
        button.after(area);
        area.select();
        if (document.execCommand("copy")) done();
        area.remove();
        button.focus();
      };
      if (globalThis.navigator.clipboard) globalThis.navigator.clipboard.writeText(text()).then(done, other);
      else other();
    } } }, t("copy"));
    return button;
  };
})(globalThis.atlasPage);
