"use strict";
// The same events as a list: nothing is on the canvas only.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const PAGE = 60;
  // What began for each mission on a day. A force may arrive before it is authorised, with it or
  // after it, and its posts one by one: the word speaks of the mission as a whole.
  A.missionsBegun = (mandates, day) => {
    const there = ({ deployed }) => Boolean(deployed) && deployed[0] <= day && day < deployed[1];
    const found = new Map();
    for (const mission of new Set(mandates.map((mandate) => mandate.mission))) {
      const own = mandates.filter((mandate) => mandate.mission === mission);
      const begun = own.filter((mandate) => mandate.start === day);
      // By another row of the same zone it may have been there already.
      const stayed = (one) => own.some(({ zone, deployed }) => zone === one.zone && deployed && deployed[0] < day && day <= deployed[1]);
      if (own.some((one) => one.deployed && one.deployed[0] === day && !stayed(one))) found.set(mission, "zone_deployed");
      else if (begun.length && own.some(there)) found.set(mission, "zone_authorised_there");
      else if (begun.length) found.set(mission, begun.every(({ details }) => details.standing === "plan") ? "zone_planned" : "zone_authorised");
    }
    return found;
  };
  A.createChronology = (app) => {
    const { model, store, events, receipts } = app;
    const node = el("div", { class: "chronology" });
    let limit = PAGE;

    function turned(day) {
      const { lang, side } = store.state;
      const lines = [];
      const moved = new Map();
      // With its first day the record begins: nothing changed hands then.
      for (const spell of day > model.data.page.first ? model.control : []) {
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
      for (const [mission, word] of A.missionsBegun(model.mandates, day)) lines.push(el("li", {}, `${mission}: ${t(word)}`));
      const unique = [...new Map(lines.map((line) => [line.textContent, line])).values()];
      return unique.length > 0 && el("details", { class: "turned", open: unique.length < 5 }, el("summary", {}, el("h3", {}, `${t("changesOn")} (${unique.length})`)), el("ul", { class: "plain" }, unique));
    }
    let asked = 0; // of two questions only the later is answered
    async function show() {
      if (store.state.tab !== "events") return;
      const ticket = ++asked;
      const texts = await app.texts();
      if (ticket !== asked) return;
      const span = A.eventSpan(store.state);
      const rows = events.between(...span).slice().reverse();
      const shown = Array.from(rows.subarray(0, limit));
      A.refill(node,
        el("h2", {}, t("eventsOn", { span: A.spanText(app, span) })),
        el("p", { class: "meta", "data-count": rows.length }, t("eventCount", { n: A.number(rows.length) })),
        turned(store.state.day),
        rows.length ? shown.map((i) => receipts.card(i, texts, { level: "h3" })) : el("p", { class: "hint" }, t("noEvents")),
        rows.length > limit && el("button", { type: "button", class: "text-button", on: { click: () => {
          limit += PAGE;
          show();
        } } }, t("more", { n: A.number(Math.min(PAGE, rows.length - limit)) })));
    }
    const later = A.debounce(show, 90);
    store.on([...A.EVENT_CHOICES, "day", "lang", "tab", "side", "theme"], () => {
      limit = PAGE;
      later();
    });
    return { node, show };
  };
})(globalThis.atlasPage);
