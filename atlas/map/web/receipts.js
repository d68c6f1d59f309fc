"use strict";
// Receipts: sources with links, certainty, and an event in full - built only when somebody asks.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;

  A.createReceipts = (app) => {
    const { model, store, events } = app;
    const lang = () => store.state.lang;

    function source(id) {
      const item = model.sources.get(id);
      if (!item) return el("li", {}, id);
      const who = [item.author, item.publisher].filter((text, i, all) => text && all.indexOf(text) === i).join(", ");
      const side = item.affiliation && item.affiliation !== "neutral" ? model.partyName(item.affiliation, lang()) : item.affiliation ? t("neutral") : "";
      const notes = [side, item.reliability && t("reliability", { grade: item.reliability })].filter(Boolean).join(" · ");
      return el("li", {}, A.link(item.url, item.title || id), who && ` - ${who}`, item.issued && `, ${item.issued}`,
        notes && el("span", { class: "source-side" }, ` (${notes})`));
    }
    function sources(list, heading) {
      const ids = Array.isArray(list) ? list : model.split(list);
      if (!ids.length) return null;
      return el("details", { class: "receipts" },
        el("summary", {}, `${heading || t("sourcesWord")} (${ids.length})`),
        el("ul", {}, ids.map(source)));
    }
    const chip = (id) => {
      const party = model.parties.get(id);
      const swatch = A.svg("svg", { class: "swatch", viewBox: "0 0 22 14", width: 22, height: 14, "aria-hidden": "true" },
        A.svg("rect", { x: 0.5, y: 0.5, width: 21, height: 13, rx: 2, class: "tint", fill: party ? app.patterns.fillOf(id, "solid") : "#999", stroke: "currentColor", "stroke-opacity": 0.35 }));
      return el("span", { class: "party" }, swatch, model.partyName(id, lang()));
    };
    const certainty = (row) =>
      row.certainty && row.certainty !== "certain" ? el("span", { class: `tag tag-${row.certainty}` }, t(`ce_${row.certainty}`)) : null;
    const counter = (text, ids) =>
      text || ids ? el("div", { class: "counter" }, el("strong", {}, `${t("others")}: `), text, sources(ids, t("counterSources"))) : null;

    const mark = (i) => {
      const canvas = el("canvas", { class: "mark", width: 40, height: 40, "aria-hidden": "true" });
      const context = canvas.getContext("2d");
      context.scale(2, 2);
      A.drawMark(context, A.GROUP_NAMES[events.group(i)], 10, 10, 5.5, { hollow: A.hollowMark(events, i), ink: events.inkOf(i), ring: events.setOf(i) && app.palette().ink, dark: app.dark(), paper: app.palette().paper });
      return canvas;
    };
    function groupMark(group) {
      const canvas = el("canvas", { class: "mark", width: 40, height: 40, "aria-hidden": "true" });
      const context = canvas.getContext("2d");
      context.scale(2, 2);
      A.drawMark(context, group, 10, 10, 5.5, { dark: app.dark(), paper: app.palette().paper });
      return canvas;
    }

    function when(i, texts) {
      const stored = texts.of("date", i);
      const text = stored ? A.days.describe(stored, lang(), t("about")) : A.days.format(events.start[i], lang());
      const time = texts.of("time", i);
      return time ? `${text}, ${time}` : text;
    }
    // A text of the record in the reader's language, else in English.
    const own = (name, i, texts) => texts.of(`${name}_${lang()}`, i) || texts.of(name, i);
    const title = (i, texts) => own("title", i, texts) || texts.of("sub_type", i) || A.typeWord(events.typeOf(i));
    function where(i, texts) {
      const id = events.word("place", i);
      return id ? model.placeName(id, events.start[i], lang(), store.state.side) : texts.of("where", i);
    }
    function deaths(i, texts) {
      const best = events.deaths(i);
      if (best < 0) return "";
      const low = texts.count("low", i);
      const high = texts.count("high", i);
      const text = low >= 0 && high >= 0 && (low !== best || high !== best) ? t("deathsRange", { n: A.number(best), low: A.number(low), high: A.number(high) }) : t("deaths", { n: A.number(best) });
      const by = texts.of("casualties_by", i);
      return by ? `${text}, ${t("countedBy", { who: by.split("|").map((id) => model.partyName(id, lang())).join(", ") })}` : text;
    }

    // What the user asked cards to tell of columns of his own.
    function more(i, texts) {
      const told = texts.of("more", i);
      return told ? el("dl", { class: "more" }, JSON.parse(told).map(([name, text]) => [el("dt", {}, name), el("dd", {}, A.maybeLink(text))])) : null;
    }
    function card(i, texts, { open = false, level = "h4" } = {}) {
      const actors = [events.word("actor1", i), events.word("actor2", i)].filter(Boolean).map((id) => id.split("|").map((one) => model.partyName(one, lang())).join(", ")).join(" · ");
      const spread = events.uncertainty(i);
      const row = { certainty: events.word("certainty", i) };
      const place = where(i, texts);
      const verification = texts.of("verification", i);
      const body = el("div", { class: "event-body" },
        el("p", { class: "meta" }, [A.typeWord(events.typeOf(i)), texts.of("sub_type", i)].filter((text, k, all) => text && all.indexOf(text) === k).join(" · ").replace(/_/g, " "), actors && ` - ${actors}`),
        own("summary", i, texts) && el("p", {}, own("summary", i, texts)),
        more(i, texts),
        deaths(i, texts) && el("p", { class: "meta" }, deaths(i, texts)),
        spread > 2000 && el("p", { class: "meta" }, t("approximate", { km: A.km(spread / 1000) })),
        verification && el("p", { class: "meta" }, `${t("verification")}: ${t(verification)}`),
        counter(texts.of("counterclaims", i), texts.of("counter_sources", i)),
        sources(texts.of("sources", i)),
        el("button", { type: "button", class: "text-button", on: { click: () => app.goToEvent(i) } }, A.icon("pin"), t("goTo", { date: A.days.format(events.start[i], lang()) })));
      const head = el("summary", {}, mark(i), el("span", { class: "event-head" },
        el(level, { class: "event-title" }, title(i, texts)),
        el("span", { class: "meta" }, events.setOf(i) && el("strong", { class: "set" }, el("bdi", {}, A.setName(events.setOf(i))), " · "), when(i, texts), place && [" · ", el("bdi", {}, place)], " ", certainty(row))));
      const details = el("details", { class: "event", "data-row": i, open }, head, body);
      return details;
    }
    // People who left or came back: how many, from where to where, when, by whose count.
    function people(row) {
      const places = (ids) => model.split(ids).map((id) => model.placeName(id, store.state.day, lang(), store.state.side)).join(", ") || "…";
      const publisher = (id) => {
        const one = model.sources.get(id);
        return one ? one.publisher || one.title : id;
      };
      return {
        who: model.localName(row.who, lang()), figure: A.people.figureOf(row), kind: t(A.people.kindOf(row)),
        way: [places(row.from), A.i18n.direction() === "rtl" ? "←" : "→", places(row.to)].join(" "), when: A.people.spanOf(row, lang()),
        counted: t("countedBy", { who: row.on ? `${row.counted} (${A.days.describe(row.on, lang(), t("about"))})` : row.counted }),
        published: [...new Set(model.split(row.sources).map(publisher))].join(", "),
      };
    }
    return { people, sources, chip, certainty, counter, card, mark, groupMark, when, title, where };
  };
})(globalThis.atlasPage);
