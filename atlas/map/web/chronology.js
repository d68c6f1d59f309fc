"use strict";
// The same events as a list: nothing is on the canvas only.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const PAGE = 60;
  A.createChronology = (app) => {
    const { model, store, events, receipts } = app;
    const node = el("div", { class: "chronology" });
    let limit = PAGE;

    function spanText([from, to]) {
      const { lang } = store.state;
      const { first, last } = model.data.page;
      const one = A.days.format(Math.max(from, first), lang);
      return to - from === 1 ? one : `${one} – ${A.days.format(Math.min(to, last) - 1, lang)}`;
    }
    function turned(day) {
      const { lang, side } = store.state;
      const lines = [];
      const moved = new Map();
      for (const spell of model.control) {
        if (spell.by || spell.start !== day) continue;
        const list = moved.get(spell.who) || [];
        list.push(model.areaName(model.areas[spell.area], day, lang, side));
        moved.set(spell.who, list);
      }
      for (const [who, list] of moved) lines.push(el("li", {}, receipts.chip(who), `: ${[...new Set(list)].join(", ")}`));
      for (const route of model.routes) for (const episode of route.episodes) {
        if (episode.start === day && !episode.by) lines.push(el("li", {}, `${model.localName(route.names, lang)} `, el("span", { class: `tag status-${episode.status}` }, t(`st_${episode.status}`)),
          episode.users.length > 0 && el("span", { class: "meta" }, ` ${episode.users.map((id) => t(id)).join(", ")}`)));
      }
      for (const mandate of model.mandates) {
        if (mandate.deployed && mandate.deployed[0] === day) lines.push(el("li", {}, `${mandate.mission}: ${t("zone_deployed")}`));
        else if (mandate.start === day) lines.push(el("li", {}, `${mandate.mission}: ${t(model.mandateState(mandate, day) === "planned" ? "zone_planned" : "zone_authorised")}`));
      }
      const unique = [...new Map(lines.map((line) => [line.textContent, line])).values()];
      return unique.length > 0 && el("details", { class: "turned", open: unique.length < 5 }, el("summary", {}, el("h3", {}, `${t("changesOn")} (${unique.length})`)), el("ul", { class: "plain" }, unique));
    }
    async function show() {
      if (store.state.tab !== "events") return;
      const ticket = (show.ticket = (show.ticket || 0) + 1);
      const texts = await app.texts();
      if (ticket !== show.ticket) return;
      const span = A.eventSpan(store.state);
      const rows = events.between(...span).slice().reverse();
      const shown = Array.from(rows.subarray(0, limit));
      A.refill(node,
        el("h2", {}, t("eventsOn", { span: spanText(span) })),
        el("p", { class: "meta", "data-count": rows.length }, t("eventCount", { n: A.number(rows.length) })),
        turned(store.state.day),
        rows.length ? shown.map((i) => receipts.card(i, texts, { level: "h3" })) : el("p", { class: "hint" }, t("noEvents")),
        rows.length > limit && el("button", { type: "button", class: "text-button", on: { click: () => {
          limit += PAGE;
          show();
        } } }, t("more", { n: A.number(Math.min(PAGE, rows.length - limit)) })));
    }
    const later = A.debounce(show, 90);
    store.on(["day", "window", "range", "hidden", "actor", "certainty", "lang", "tab", "side", "theme"], () => {
      limit = PAGE;
      later();
    });
    return { node, show };
  };
})(globalThis.atlasPage);
