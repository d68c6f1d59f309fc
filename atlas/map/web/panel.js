"use strict";
// The panel beside the map: tabs, of which one is open or none.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const ICONS = { story: "book", here: "pin", events: "list", access: "road", compare: "compare", legend: "layers" };

  // `parts`: what each tab holds, {node, show}, in the order of the tabs.
  A.createPanel = (app, parts) => {
    const { root, store, model } = app;
    const node = el("aside", { class: "panel" });
    const bar = el("div", { class: "tabs", role: "tablist" });
    const body = el("div", { class: "panel-body", id: "atlas-panel", role: "tabpanel", tabindex: "0" });
    const closer = el("div", { class: "panel-close" });
    node.append(bar, closer, body);
    const tabs = Object.keys(parts).filter((tab) => parts[tab] && (tab !== "story" || model.chapters.length));
    let buttons = new Map();
    let filled = false;

    function move(event, tab) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const list = tabs.filter((one) => buttons.get(one).offsetParent);
      const next = list[(list.indexOf(tab) + step + list.length) % list.length];
      store.set({ tab: next });
      buttons.get(next).focus();
      event.preventDefault();
    }
    function show() {
      const { tab } = store.state;
      const open = parts[tab];
      root.dataset.tab = tab;
      node.classList.toggle("closed", !open);
      body.hidden = !open;
      for (const [name, button] of buttons) {
        button.setAttribute("aria-selected", String(name === tab));
        button.tabIndex = name === tab || (!open && name === tabs[0]) ? 0 : -1;
      }
      if (!open) return;
      body.setAttribute("aria-labelledby", `atlas-tab-${tab}`);
      if (body.firstChild !== open.node) {
        A.refill(body, open.node);
        body.scrollTop = 0;
      }
      if (filled) open.show();
    }
    return {
      node,
      put: (content) => A.refill(body, content),
      words() {
        node.setAttribute("aria-label", t("story"));
        bar.setAttribute("aria-label", t("map"));
        buttons = new Map(tabs.map((tab) => [tab, el("button", {
          type: "button", role: "tab", class: `tab tab-${tab}`, id: `atlas-tab-${tab}`, "aria-controls": "atlas-panel",
          on: { click: () => store.set({ tab: store.state.tab === tab ? "" : tab }), keydown: (event) => move(event, tab) },
        }, A.icon(ICONS[tab]), el("span", {}, t(tab)))]));
        A.refill(bar, ...buttons.values());
        A.refill(closer, A.button("close", t("close"), () => store.set({ tab: "" })));
        show();
      },
      fill() {
        filled = true;
        show();
      },
      listen: () => store.on(["tab"], show),
    };
  };
})(globalThis.atlasPage);
