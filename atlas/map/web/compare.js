"use strict";
// Two dates: a second map over the first with a divider, or beside it, and what changed in km2.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  A.createCompare = (app) => {
    const { model, store, events, receipts, stage, map } = app;
    const node = el("div", { class: "compare" });
    const frame = el("div", { class: "compare-map", hidden: true });
    const holder = el("div", { class: "compare-inner" });
    frame.append(holder);
    const divider = el("div", { class: "divider", role: "slider", tabindex: "0", "aria-orientation": "horizontal", "aria-valuemin": "0", "aria-valuemax": "100", hidden: true }, el("span", { class: "grip", "aria-hidden": "true" }, "⟷"));
    const tagLeft = el("p", { class: "date-tag left", hidden: true });
    const tagRight = el("p", { class: "date-tag right", hidden: true });
    stage.append(frame, divider, tagLeft, tagRight);
    let other = null;
    let view = null;
    let share = 50;
    let syncing = false;
    let resuming = false; // in a view that the address asks for

    const changed = A.createChanged(app);
    const single = () => store.state.compare && store.state.compare.mode === "changed";
    const split = () => store.state.compare && store.state.compare.mode === "side";
    function place() {
      frame.style.clipPath = split() ? "none" : `inset(0 ${100 - share}% 0 0)`;
      const at = split() ? 50 : share;
      divider.style.left = `${at}%`;
      tagLeft.style.right = `calc(${100 - at}% + 20px)`;
      tagRight.style.left = `calc(${at}% + 20px)`;
      // A tag that no longer fits beside the divider would lie over its neighbour.
      tagLeft.classList.toggle("squeezed", at < 18);
      tagRight.classList.toggle("squeezed", at > 82);
      divider.setAttribute("aria-valuenow", String(Math.round(share)));
    }
    function follow(from, to) {
      if (syncing || !to) return;
      syncing = true;
      const center = from.getCenter();
      to.setView(center, from.getZoom(), { animate: false });
      syncing = false;
    }
    function updateOther() {
      const { compare } = store.state;
      if (single()) changed.draw(compare.day, store.state.day);
      if (!compare || !view || single()) return;
      const span = A.eventSpan({ ...store.state, day: compare.day });
      view.update(app.settings(compare.day, events.between(...span)));
    }
    function on() {
      changed.clear();
      if (single()) {
        off();
        changed.draw(store.state.compare.day, store.state.day);
        return;
      }
      frame.hidden = divider.hidden = tagLeft.hidden = tagRight.hidden = false;
      // Half as wide, a map shall still show what it showed; a view that was asked for stays.
      const halved = split() && !stage.classList.contains("split") && !resuming && map.getSize().x > 0;
      const shown = halved && app.seen();
      stage.classList.toggle("split", split());
      if (!other) {
        // In the middle of what the legend leaves free.
        const { paddingTopLeft, paddingBottomRight } = app.room();
        share = 50 * (1 + (paddingTopLeft[0] - paddingBottomRight[0]) / Math.max(stage.clientWidth, 1));
        other = L.map(holder, { ...A.mapOptions(), zoomControl: false, attributionControl: false });
        other.setView(map.getCenter(), map.getZoom());
        view = A.createView(other, model, events);
        other.on("move", () => follow(other, map));
        map.on("move", () => store.state.compare && follow(map, other));
        other.on("click", (event) => (app.tools.current() ? app.tools.current().click(event.latlng) : app.pick(event.latlng, -1)));
      }
      map.invalidateSize({ animate: false });
      other.invalidateSize({ animate: false });
      if (shown) map.fitBounds(shown, { animate: false });
      follow(map, other);
      updateOther();
      place();
    }
    function off() {
      frame.hidden = divider.hidden = tagLeft.hidden = tagRight.hidden = true;
      stage.classList.remove("split");
      map.invalidateSize({ animate: false });
    }

    function drag(event) {
      const box = stage.getBoundingClientRect();
      share = A.clamp((100 * (event.clientX - box.left)) / box.width, 2, 98);
      place();
    }
    divider.addEventListener("pointerdown", (event) => {
      if (split()) return;
      divider.setPointerCapture(event.pointerId);
      divider.addEventListener("pointermove", drag);
      event.preventDefault();
      divider.focus();
    });
    const release = () => divider.removeEventListener("pointermove", drag);
    divider.addEventListener("pointerup", release);
    divider.addEventListener("pointercancel", release);
    divider.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -4, ArrowRight: 4, Home: -100, End: 100 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      share = A.clamp(share + step, 2, 98);
      place();
    });

    function dateField(label, day, change) {
      const field = el("input", { type: "text", size: 12, value: A.days.iso(day) });
      const take = () => {
        const parsed = A.days.parse(field.value);
        field.setAttribute("aria-invalid", parsed ? "false" : "true");
        if (parsed) change(A.clamp(parsed.first, model.data.page.first, model.data.page.last - 1));
      };
      field.addEventListener("change", take);
      field.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Enter") take();
      });
      return el("label", { class: "field" }, el("span", {}, label), field);
    }
    // Where the holder stayed, the kind of control is what changed.
    const heldBy = (group, end) => [receipts.chip(group[end].who), group.same && el("span", { class: "meta" }, ` ${t(`ct_${group[end].type}`)}`)];
    function changeItem({ area, told }, after) {
      const { lang, side } = store.state;
      const last = told[told.length - 1];
      return el("li", {}, `${model.areaName(area, after, lang, side)}: ${A.number(area.km2 || 0)} ${t("km2")}`,
        area.high > area.low && el("span", { class: "meta" }, ` (${A.number(area.low)}–${A.number(area.high)})`),
        last.how && el("span", { class: "meta" }, `, ${t(`how_${last.how}`)}, ${A.days.formatShort(last.start, lang)}`),
        receipts.sources(told.flatMap((step) => model.split(step.sources)).filter((id, i, all) => all.indexOf(id) === i)));
    }
    function tables(one, two) {
      const { lang, side } = store.state;
      const [before, after] = one <= two ? [one, two] : [two, one];
      const groups = model.changesByHolder(before, after, side);
      const heldOne = model.heldBy(one, side);
      const heldTwo = model.heldBy(two, side);
      const parties = [...new Set([...heldOne.keys(), ...heldTwo.keys()])];
      return [
        el("h3", {}, t("changeTable")),
        groups.length
          ? el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("fromHolder")), el("th", { scope: "col" }, t("toHolder")), el("th", { scope: "col", class: "number" }, t("km2")))),
              el("tbody", {}, groups.map((group) => [
                el("tr", { "data-from": group.from.who, "data-to": group.to.who }, el("td", {}, heldBy(group, "from")), el("td", {}, heldBy(group, "to")),
                  el("td", { class: "number" }, A.number(group.km2), group.high > group.low && el("span", { class: "range" }, `${A.number(group.low)}–${A.number(group.high)}`))),
                el("tr", { class: "sub" }, el("td", { colspan: "3" }, el("details", { class: "changed" }, el("summary", {}, t("areas", { n: group.changes.length })), el("ul", { class: "plain" }, group.changes.sort((a, b) => b.area.km2 - a.area.km2).map((change) => changeItem(change, after)))))),
              ])))
          : el("p", { class: "meta" }, t("noChange")),
        el("h3", {}, t("heldTable")),
        el("table", {}, el("thead", {}, el("tr", {}, el("td", {}), el("th", { scope: "col", class: "number" }, A.days.formatShort(one, lang)), el("th", { scope: "col", class: "number" }, A.days.formatShort(two, lang)))),
          el("tbody", {}, parties.map((id) => el("tr", {}, el("th", { scope: "row" }, receipts.chip(id)), el("td", { class: "number" }, A.number(heldOne.get(id) || 0)), el("td", { class: "number" }, A.number(heldTwo.get(id) || 0)))))),
        el("p", { class: "legend-note" }, t("areaNote")),
      ];
    }
    function show() {
      const { compare, day, lang, tab } = store.state;
      if (compare) {
        A.refill(tagLeft, A.days.format(compare.day, lang));
        A.refill(tagRight, A.days.format(day, lang));
        divider.setAttribute("aria-label", t("divider"));
      }
      if (tab !== "compare") return;
      const typing = node.contains(document.activeElement) && document.activeElement.tagName === "INPUT";
      const suggested = A.nextChange(model.data.changes, day, -1);
      const start = compare ? compare.day : suggested === null ? model.data.page.first : suggested - 1;
      const put = (patch) => store.set({ compare: { day: start, mode: "swipe", ...(store.state.compare || {}), ...patch } });
      const again = typing && document.activeElement.parentElement.textContent;
      A.refill(node,
        el("h2", {}, t("compare")),
        el("p", { class: "meta" }, t("compareHint")),
        dateField(compare ? t("leftDate") : t("startCompare"), start, (value) => put({ day: value })),
        compare && dateField(t("rightDate"), day, (value) => store.set({ day: value })),
        el("div", { class: "choices", role: "group", "aria-label": t("compare") },
          ["swipe", "side", "changed"].map((mode) => el("button", { type: "button", class: "text-button", "aria-pressed": String(Boolean(compare) && compare.mode === mode), on: { click: () => put({ mode }) } }, t({ swipe: "swipe", side: "sideBySide", changed: "changedMode" }[mode]))),
          compare && el("button", { type: "button", class: "text-button", on: { click: () => store.set({ compare: null }) } }, A.icon("close"), t("stopCompare"))),
        single() && el("p", { class: "meta" }, t("changedKey")),
        compare && tables(compare.day, day));
      if (again) for (const label of node.querySelectorAll("label.field")) if (label.textContent === again) label.querySelector("input").focus();
    }
    store.on(["compare"], (state) => {
      if (state.compare) return on();
      changed.clear();
      return off();
    });
    store.on(["day"], () => single() && updateOther());
    store.on([...A.EVENT_CHOICES, "layers", "lang", "side", "user", "theme"], updateOther);
    store.on(["compare", "day", "lang", "side", "tab", "theme"], A.debounce(show, 30));
    return {
      node, show, view: () => (single() ? null : view), refresh: updateOther,
      // A comparison that the address asks for begins once the map is there.
      resume() {
        const kept = store.state.compare;
        if (!kept) return;
        store.set({ compare: null });
        resuming = Boolean(app.asked.view);
        store.set({ compare: kept });
        resuming = false;
      },
    };
  };
})(globalThis.atlasPage);
