"use strict";
// Search over all names in all scripts: a combobox with suggestions.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  A.createSearch = (app) => {
    const { model, store } = app;
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
      input.value = hit.name.name;
      app.goToPlace(hit.place);
    }
    function mark(index) {
      chosen = index;
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
      if (index >= 0) input.setAttribute("aria-activedescendant", `atlas-suggestion-${index}`);
    }
    function show() {
      const { day, lang, side } = store.state;
      found = model.search(input.value);
      const times = new Map();
      for (const { name } of found) times.set(name.name, (times.get(name.name) || 0) + 1);
      // Several of one name are told apart by the town near each.
      const told = ({ place, name }) => {
        if (times.get(name.name) < 2) return "";
        const near = model.nearestPlace(place.lon, place.lat, (other) => other !== place && other.rank >= 3);
        return near ? t("near", { km: A.km(near.km), place: model.nameOf(near.place, day, lang, side) }) : "";
      };
      A.refill(list,
        found.map((hit, i) => {
          const now = model.nameOf(hit.place, day, lang, side);
          return el("li", { role: "option", id: `atlas-suggestion-${i}`, "aria-selected": "false", on: { mousedown: (event) => {
            event.preventDefault();
            take(i);
          } } },
          el("strong", {}, hit.name.name), el("span", { class: "meta" }, ` ${[now !== hit.name.name && now, told(hit)].filter(Boolean).join(" · ")}`));
        }),
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
