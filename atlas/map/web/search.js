"use strict";
// Search over all that can be found: a combobox with suggestions.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  A.createSearch = (app) => {
    const { store } = app;
    const find = A.createFinder(app, () => document.activeElement === input && show());
    const list = el("ul", { class: "suggestions", id: "atlas-suggestions", role: "listbox", hidden: true });
    const input = el("input", { class: "search-input", type: "text", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": "atlas-suggestions", autocomplete: "off", spellcheck: "false" });
    const node = el("div", { class: "search", role: "search" }, A.icon("search"), input, list);
    let found = [];
    let chosen = -1;

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      chosen = -1;
    }
    function take(index) {
      const hit = found[index];
      if (!hit) return;
      close();
      input.value = hit.label;
      hit.take();
    }
    function mark(index) {
      chosen = index;
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
      if (index >= 0) input.setAttribute("aria-activedescendant", `atlas-suggestion-${index}`);
    }
    function show() {
      found = find(input.value);
      A.refill(list,
        found.map((hit, i) => el("li", { role: "option", id: `atlas-suggestion-${i}`, "data-kind": hit.kind, "aria-selected": "false", on: { mousedown: (event) => {
          event.preventDefault();
          take(i);
        } } },
        hit.kind !== "place" && el("span", { class: "tag" }, t(`x_${hit.kind}`)), hit.kind !== "place" && " ", el("strong", {}, hit.label), el("span", { class: "meta" }, ` ${hit.about}`))),
        input.value.trim() && !found.length && el("li", { class: "empty", role: "option", "aria-selected": "false", "aria-disabled": "true" }, t("noMatch")));
      const open = Boolean(input.value.trim());
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (found.length) mark(0);
    }
    input.addEventListener("input", show);
    input.addEventListener("focus", () => input.value && show());
    input.addEventListener("blur", () => setTimeout(close, 120));
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (found.length) mark((chosen + step + found.length) % found.length);
      } else if (event.key === "Enter") take(chosen < 0 ? 0 : chosen);
      else if (event.key === "Escape") {
        input.value = "";
        close();
      }
    });
    const words = () => {
      input.placeholder = t("search");
      input.setAttribute("aria-label", t("search"));
      list.setAttribute("aria-label", t("search"));
    };
    store.on(["lang"], words);
    words();
    return { node, input };
  };
})(globalThis.atlasPage);
