"use strict";
// "On this date, here": everything the record says about one point, each line with its receipts.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const NEAR_KM = 12;

  A.createInspector = (app) => {
    const { model, store, events, receipts } = app;
    const node = el("div", { class: "inspector" });
    const date = (day) => A.days.format(day, store.state.lang);
    const boundary = (row) => [
      row.start > A.days.OPEN_START && t("since", { date: date(row.start) }),
      row.end < A.days.OPEN_END && t("until", { date: date(row.end) }),
    ].filter(Boolean).join(", ");
    const section = (title, ...children) => el("section", { class: "fact" }, el("h3", {}, title), ...children);

    function controlSection(area, day, side) {
      if (!area) return section(t("controller"), el("p", { class: "meta" }, t("noArea")));
      const { lang } = store.state;
      const spell = model.controlAt(area, day, side);
      const own = model.assessedAt(area, day);
      const rivals = model.claimsAt(area, day).filter((claim) => claim !== spell);
      // How long held, and how gained; then since when it has been told in these words.
      const held = (one) => {
        const { since, until, how } = model.holdOf(area, one);
        return [
          el("p", { class: "answer" }, receipts.chip(one.who), el("span", { class: "meta" }, ` ${t(`ct_${one.type}`)}`), " ", receipts.certainty(one)),
          el("p", { class: "meta" }, [boundary({ start: since, end: until }), since > A.days.OPEN_START && how && t(`how_${how}`)].filter(Boolean).join("; ")),
          one.start > since && el("p", { class: "meta" }, t("onTheseTerms", { date: date(one.start) })),
        ];
      };
      const kind = (one) => one.kind && el("span", { class: "tag" }, t(`claim_${one.kind}`));
      return [
        section(t("controller"),
          el("p", { class: "meta" }, model.areaName(area, day, lang, side)),
          spell && spell.by && el("p", {}, el("strong", {}, `${t("according")} ${model.partyName(spell.by, lang)}: `), kind(spell)),
          spell && held(spell),
          spell && spell.note && el("p", {}, spell.note),
          spell && receipts.sources(spell.sources),
          spell && spell.by && own && el("div", { class: "counter" }, el("p", {}, el("strong", {}, `${t("according")} ${t("assessed")}: `)), held(own), receipts.sources(own.sources)),
          own && own.iso && el("p", { class: "meta" }, `${t("deJure")}: ${model.partyName(own.iso, lang)}`, own.basis && ` - ${own.basis}`)),
        rivals.length > 0 && section(t("rivals"), rivals.map((claim) =>
          el("div", { class: "counter" }, el("p", {}, claim.by !== claim.who && el("strong", {}, `${model.partyName(claim.by, lang)}: `), receipts.chip(claim.who), " ", kind(claim)),
            boundary(claim) && el("p", { class: "meta" }, boundary(claim)),
            claim.note && el("p", { class: "meta" }, claim.note), receipts.sources(claim.sources)))),
      ];
    }

    function mandateSection(lon, lat, day) {
      const { lang } = store.state;
      const inside = model.mandatesAt(day).filter(({ zone }) => zone && (A.geo.inShape(zone.shape, lon, lat) ||
        (zone.shape.kind === "D" && A.geo.kmBetween(lon, lat, zone.shape.parts[0][0], zone.shape.parts[0][1]) < 2)));
      const pair = (label, value) => value && el("div", {}, el("dt", {}, label), el("dd", {}, value));
      return section(t("mandatesHere"),
        !inside.length && el("p", { class: "meta" }, t("noMandate")),
        inside.map(({ mandate, state, zone }) => {
          const d = mandate.details;
          const { authorised, observed, on } = model.strengthOf(mandate, day);
          const counted = (people) => people && (on ? `${people} (${A.days.describe(on, lang, t("about"))})` : people);
          const parties = (ids) => ids && ids.split("|").map((id) => model.partyName(id, lang)).join(", ");
          return el("div", { class: "item" },
            el("p", { class: "answer" }, mandate.mission, " ", el("span", { class: `tag tag-${state}` }, t(`zone_${state}`)), " ", receipts.certainty(mandate)),
            el("p", { class: "meta" }, [model.localName(zone.names, lang), mandate.instrument].filter(Boolean).join(" - ")),
            el("p", { class: "meta" }, boundary(state === "deployed" ? { start: mandate.deployed[0], end: mandate.deployed[1] } : mandate)),
            el("dl", {}, pair(t("strength"), counted(authorised)), pair(t("observed"), counted(observed)), pair(t("posts"), d.unnamed_posts),
              pair(t("contributors"), parties(d.contributors)), pair(t("consent"), parties(d.consenting_parties)), pair(t("tasks"), d.tasks)),
            mandate.note && el("p", { class: "meta" }, mandate.note),
            receipts.counter(d.counterclaims, d.counter_source_ids), receipts.sources(mandate.sources));
        }));
    }

    // Whose circle or way is picked, and who left or reached a place near by: only while they are drawn.
    function peopleSection(lon, lat, day, side) {
      if (!store.state.layers.displacement || !model.displacement.length) return null;
      const close = (row) => row.at && [row.at, ...row.ends].some(([x, y]) => A.geo.kmBetween(lon, lat, x, y) <= NEAR_KM);
      const rows = [...new Set([...app.view.people.hit({ lat, lng: lon }), ...model.peopleAt(day, side).filter(close)])];
      return section(t("peopleLayer"), rows.length ? rows.map(peopleItem) : el("p", { class: "meta" }, t("noPeople")),
        rows.length > 1 && el("p", { class: "legend-note" }, t("peopleApart")));
    }
    function peopleItem(row) {
      const { who, figure, kind, way, when, counted } = receipts.people(row);
      return el("div", { class: "item people-item" },
        el("p", { class: "answer" }, [who, figure].filter(Boolean).join(": "), " ", row.part && el("span", { class: "tag" }, t("amongThem")), " ", receipts.certainty(row)),
        el("p", { class: "meta" }, row.people && receipts.chip(row.people), ` ${[kind, way, when].join(" · ")}`),
        el("p", { class: "meta" }, row.by && `${t("according")} ${model.partyName(row.by, store.state.lang)}; `, counted),
        row.note && el("p", { class: "meta" }, row.note),
        receipts.counter(row.details.counterclaims, row.details.counter_source_ids), receipts.sources(row.sources));
    }

    function routeSection(lon, lat, day) {
      const { user, side } = store.state;
      const close = model.nearestRoutes(lon, lat, day, user, side).filter((near) => near.km <= 60);
      return section(t("nearestRoute"), close.length ? close.map(routeItem) : el("p", { class: "meta" }, t("noRoute")));
    }
    function routeItem(near) {
      const { lang } = store.state;
      const { route, section: part } = near;
      const episode = part.episode;
      const d = episode ? episode.details : {};
      return el("div", { class: "item" },
        el("p", { class: "answer" }, model.localName(route.names, lang), " ", el("span", { class: `tag status-${part.status}` }, t(`st_${part.status}`)), " ", episode && receipts.certainty(episode)),
        el("p", { class: "meta" }, [t(route.mode), t("away", { km: A.km(near.km) }), episode && boundary(episode), episode && episode.users.length && episode.users.map((id) => t(id)).join(", ")].filter(Boolean).join("; ")),
        d.imposed_by && el("p", { class: "meta" }, `${t("imposedBy")}: ${d.imposed_by.split("|").map((id) => model.partyName(id, lang)).join(", ")}`),
        d.reason && el("p", {}, `${t("reason")}: ${d.reason}`),
        episode && episode.note && el("p", { class: "meta" }, episode.note),
        near.claims.filter((claim) => claim !== episode).map((claim) => el("div", { class: "counter" },
          el("p", {}, el("strong", {}, `${model.partyName(claim.by, lang)}: `), el("span", { class: `tag status-${claim.status}` }, t(`st_${claim.status}`)), claim.details.reason && ` ${claim.details.reason}`),
          receipts.sources(claim.sources))),
        receipts.counter(d.counterclaims, d.counter_source_ids),
        episode && receipts.sources(episode.sources));
    }

    // Who held the place over the whole period, as a strip; each stretch is a button to its day.
    function historySection(area, place) {
      const { first, last } = model.data.page;
      const { day, lang } = store.state;
      const share = (d) => (100 * (A.clamp(d, first, last) - first)) / (last - first);
      const spells = area ? area.assessed.filter((spell) => spell.end > first && spell.start < last) : [];
      const strip = area && el("div", { class: "strip" },
        spells.map((spell) => {
          const label = `${model.partyName(spell.who, lang)}, ${boundary(spell)}`;
          const svg = A.svg("svg", { "aria-hidden": "true", preserveAspectRatio: "none" }, A.svg("rect", { class: "tint", width: "100%", height: "100%", fill: app.patterns.fillOf(spell.who, A.styleOfSpell(spell)) }));
          return el("button", { type: "button", class: "stretch", title: label, "aria-label": label, style: { left: `${share(spell.start)}%`, width: `${share(spell.end) - share(spell.start)}%` }, on: { click: () => store.set({ day: A.clamp(spell.start, first, last - 1) }) } }, svg);
        }),
        el("span", { class: "strip-now", style: { left: `${share(day)}%` } }));
      const rows = spells.map((spell) => el("li", {}, el("span", { class: "meta" }, spell.start <= first ? "…" : A.days.formatShort(spell.start, lang)), " ", receipts.chip(spell.who), " ", spell.type !== "de_facto" && el("span", { class: "meta" }, t(`ct_${spell.type}`)), receipts.certainty(spell)));
      const names = place && place.names.length > 0 && el("details", { class: "names" }, el("summary", {}, `${t("names")} (${place.names.length})`),
        el("ul", {}, place.names.map((name) => el("li", {}, el("bdi", { lang: name.lang }, name.name), el("span", { class: "meta" }, ` ${[model.data.page.tongues[name.lang] || name.lang, name.users.map((id) => model.partyName(id, lang)).join(", "), boundary(name)].filter(Boolean).join("; ")}`)))));
      if (!strip && !names) return null;
      return section(t("history"), strip, rows.length > 0 && el("details", { class: "spells", open: rows.length < 7 }, el("summary", {}, t("controller")), el("ul", { class: "plain" }, rows)), names);
    }

    let asked = 0; // of two questions only the later is answered
    let shown = ""; // the point that is told of
    async function show() {
      const { sel, day, lang, side, tab } = store.state;
      if (tab !== "here") return;
      if (!sel) {
        A.refill(node, el("p", { class: "hint" }, A.icon("pin"), t("hereHint")));
        return;
      }
      const ticket = ++asked;
      const texts = await app.texts();
      if (ticket !== asked) return;
      const { lon, lat } = sel;
      const area = model.areaAt(lon, lat);
      const place = sel.place ? model.placeById.get(sel.place) : null;
      const near = place ? { place, km: 0 } : model.nearestPlace(lon, lat);
      const heading = near && (near.km < 2.5 ? model.nameOf(near.place, day, lang, side) : t("near", { km: A.km(near.km), place: model.nameOf(near.place, day, lang, side) }));
      const [from, to] = A.eventSpan(store.state);
      const nearby = Array.from(events.between(from, to)).filter((i) => A.geo.kmBetween(lon, lat, events.lon(i), events.lat(i)) <= Math.max(NEAR_KM, 0)).reverse();
      const listed = nearby.filter((i) => i !== sel.event);
      const open = new Set([...node.querySelectorAll("details[open]")].map((one) => one.className));
      const top = node.parentElement ? node.parentElement.scrollTop : 0;
      A.refill(node,
        el("header", {},
          el("h2", {}, heading || A.pointText(lat, lon, 3)),
          el("p", { class: "meta" }, t("hereTitle", { date: date(day) }), ` · ${A.pointText(lat, lon, 3)}`)),
        sel.event !== undefined && sel.event !== null && receipts.card(sel.event, texts, { open: true, level: "h3" }),
        controlSection(area, day, side),
        mandateSection(lon, lat, day),
        routeSection(lon, lat, day),
        peopleSection(lon, lat, day, side),
        section(t("eventsNear", { km: NEAR_KM }), listed.length ? listed.slice(0, 25).map((i) => receipts.card(i, texts)) : el("p", { class: "meta" }, t("noneNear"))),
        historySection(area, near && near.km < 5 ? near.place : null),
        area && area.method && el("p", { class: "legend-note" }, t("method", { what: `${area.method}${area.uncertainty ? `, ±${A.number(area.uncertainty)} m` : ""}` })));
      for (const one of node.querySelectorAll("details.receipts, details.names")) if (open.has(one.className) && one.classList.contains("names")) one.open = true;
      if (node.parentElement) node.parentElement.scrollTop = shown === `${lon}|${lat}` ? top : 0;
      shown = `${lon}|${lat}`;
    }
    store.on([...A.EVENT_CHOICES, "sel", "day", "lang", "side", "user", "tab", "theme", "layers"], A.debounce(show, 60));
    return { node, show };
  };
})(globalThis.atlasPage);
