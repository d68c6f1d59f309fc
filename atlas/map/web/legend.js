"use strict";
// Layers and legend in one: what is drawn can be read and switched in the same place.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;

  const STYLE_WORDS = [["soft", "ce_probable"], ["contested", "ct_contested"], ["unknown", "ct_unknown"], ["demilitarised", "ct_demilitarised"], ["presence", "ct_presence"]];
  // What stands beside a word of the key.
  A.sample = (...shapes) => A.svg("svg", { class: "sample", viewBox: "0 0 28 14", width: 28, height: 14, "aria-hidden": "true" }, ...shapes);

  A.createLegend = (app) => {
    const { sample } = A;
    const { model, store, events } = app;
    const node = el("section", { class: "legend" });

    const box = (fill, stroke, dash) => sample(A.svg("rect", { x: 1, y: 1, width: 26, height: 12, rx: 2, fill, stroke: stroke || "none", "stroke-width": 1.4, "stroke-dasharray": dash }));
    const line = (colour, width, dash) => A.svg("path", { d: "M1 7h26", stroke: colour, "stroke-width": width, "stroke-dasharray": dash, fill: "none" });
    const tint = (fill, pale) => sample(A.svg("rect", { class: pale ? "tint pale" : "tint", x: 1, y: 1, width: 26, height: 12, rx: 2, fill, stroke: "rgba(90,80,70,.5)", "stroke-width": 1.4 }));
    const item = (picture, text, wide) => el("li", { class: wide ? "wide" : undefined }, picture, el("span", {}, text));

    function layer(key, title, ...children) {
      const on = store.state.layers[key];
      return el("div", { class: children.length && (on || !A.OFF_AT_FIRST.includes(key)) ? "legend-group" : "legend-group plain-layer" },
        el("label", { class: "legend-title" },
          el("input", { type: "checkbox", checked: on, "data-layer": key, on: { change: (event) => store.set({ layers: { ...store.state.layers, [key]: event.target.checked } }) } }),
          el("span", {}, title)),
        on && children);
    }
    function choice(label, value, options, change, className) {
      const box = el("select", { class: className, "aria-label": label, on: { change: () => change(box.value) } }, options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)));
      return el("label", { class: `field ${className.replace("select", "field")}` }, el("span", {}, label), box);
    }

    const boxes = new Map();
    function inView(area, view) {
      if (!boxes.has(area)) boxes.set(area, area.shape.parts.map((rings) => A.boundsOf(rings[0])));
      return boxes.get(area).some(([west, south, east, north]) => view.intersects([[south, west], [north, east]]));
    }
    // What is on the map now, and nothing else.
    function heldNow() {
      const { side } = store.state;
      const seen = new Set();
      const outer = new Set(); // of land not in dispute, as far as it is in view
      const claimed = new Map(); // by whom a claim has it held, and who holds it as assessed
      const styles = new Set();
      const view = app.map.getBounds();
      for (const [area, on] of model.areas.flatMap((one) => A.daysShown(app).map((when) => [one, when]))) {
        const spell = model.controlAt(area, on, side);
        if (!spell) continue;
        if (area.scope === "background") {
          if (inView(area, view)) outer.add(spell.who);
        } else if (spell.by) {
          const assessed = model.assessedAt(area, on);
          if (!claimed.has(spell.who)) claimed.set(spell.who, new Set());
          if (assessed && assessed.who !== spell.who) claimed.get(spell.who).add(assessed.who);
        } else {
          seen.add(spell.who);
          styles.add(A.styleOfSpell(spell));
        }
      }
      return { seen, styles, outer, claimed };
    }
    const mandatesNow = () => A.daysShown(app).flatMap(model.mandatesAt).map(({ mandate, state }) => (state === "deployed" && ["observation", "corridor", "post"].includes(mandate.type) ? mandate.type : state));
    function statusesNow() {
      const { user, side } = store.state;
      const used = new Set();
      for (const day of A.daysShown(app)) for (const route of model.routes) for (const section of model.sectionsAt(route, day, user, side) || []) used.add(section.status);
      return used;
    }
    const views = () => [app.view, app.compare && app.compare.view()].filter(Boolean);
    const crowded = () => views().some((view) => view.crowded());
    const single = () => !views().every((view) => view.crowded()); // somewhere each event has its mark
    const onMap = () => {
      const { seen, styles, outer, claimed } = heldNow();
      return [[String(crowded())], [...seen], [...outer], [...claimed].map(([who, others]) => [who, ...others].join("<")), [...styles], [...new Set(mandatesNow())], [...statusesNow()], store.state.layers.displacement ? peopleNow().map((row) => A.people.kindOf(row) + Boolean(row.part)) : []].map((list) => list.sort().join()).join("|");
    };

    function controlItems() {
      const { seen, styles, outer, claimed } = heldNow();
      const { lang, side } = store.state;
      const palette = app.palette();
      const [first] = [...seen, ...outer];
      const named = (ids) => [...ids].map((id) => model.partyName(id, lang)).join(", ");
      const told = ([who, others]) => [
        `${who === side ? "" : `${named([who])} · `}${t("claimedBy", { who: named([side]) })}`,
        others.size > 0 && `${t("assessedWord")}: ${named(others)}`,
      ].filter(Boolean).join(" · ");
      return el("ul", { class: "pairs" },
        [...model.parties.keys()].filter((id) => seen.has(id) || outer.has(id)).map((id) => item(tint(app.patterns.fillOf(id, "solid"), !seen.has(id)), model.partyName(id, lang))),
        STYLE_WORDS.filter(([style]) => styles.has(style)).map(([style, word]) => item(tint(app.patterns.fillOf(first, style)), t(word))),
        outer.size > 0 && item(tint(app.patterns.fillOf([...outer][0], "solid"), true), t("notAtIssue")),
        [...claimed].map((one) => item(tint(app.patterns.fillOf(one[0], "claimed")), told(one), true)),
        item(sample(line(palette.front, 2.2)), t("front")),
        item(sample(line(palette.front, 2, "5 4")), t("frontUncertain")));
    }
    function mandateItems() {
      const types = new Set(mandatesNow());
      const palette = app.palette();
      return el("ul", { class: "pairs" },
        types.has("deployed") && item(box(app.hatches.url("deployed"), palette.mandate, "6 3"), t("zone_deployed")),
        types.has("authorised") && item(box(app.hatches.url("authorised"), palette.mandateSoft, "2 4"), t("zone_authorised")),
        types.has("observation") && item(box(app.hatches.url("observation"), palette.mandate, "6 3"), t("zone_observation")),
        types.has("corridor") && item(box(app.hatches.url("corridor"), palette.mandate), t("zone_corridor")),
        types.has("post") && item(sample(A.svg("path", { d: A.shield(14, 6.4, 5), fill: palette.mandate })), t("zone_post")));
    }
    function routeItems() {
      const used = statusesNow();
      const palette = app.palette();
      const dark = app.dark();
      const { STATUS, statusColour } = A.theme;
      const { user } = store.state;
      const modes = new Set(model.routes.map((route) => route.mode));
      return [
        choice(t("user"), user, [["", t("anyUser")], ...["civilian", "humanitarian", "peacekeeper", "commercial", "military"].map((id) => [id, t(id)])], (value) => store.set({ user: value }), "user-select"),
        el("ul", { class: "pairs" },
          Object.keys(STATUS).filter((status) => used.has(status)).map((status) => {
            const style = STATUS[status];
            const colour = statusColour(status, dark);
            const marks = style.glyph ? [A.svg("path", { d: A.routeGlyphs[style.glyph](style.badge ? 7 : 14, 7, 1, 0), stroke: A.theme.mix(colour, dark ? "#ffffff" : "#000000", 0.2), "stroke-width": 1.8, fill: style.glyph === "gate" ? palette.paper : "none" })] : [];
            // The disc that stands on the map where nobody gets through.
            if (style.badge) marks.push(A.svg("path", { d: A.routeGlyphs.stop(0, 0), transform: "translate(20 7) scale(.78)", stroke: palette.paper, "stroke-width": 2, fill: colour }));
            return item(sample(line(colour, style.weight, style.dash), ...marks), t(`st_${status}`));
          }),
          modes.has("rail") && item(sample(line(palette.muted, 2), A.svg("path", { d: [4, 11, 18, 25].map((x) => A.routeGlyphs.tick(x, 7, 1, 0)).join(""), stroke: palette.muted, "stroke-width": 1.3 })), t("rail")),
          modes.has("air") && item(sample(line(palette.muted, 1.6, "3 4")), t("air")),
          modes.has("pipeline") && item(sample(line(palette.muted, 1.4), A.svg("path", { d: A.routeGlyphs.dot(14, 7), stroke: palette.muted, fill: palette.muted })), t("pipeline"))),
      ];
    }
    // One scale, and the kinds of counts that speak of this day.
    const peopleNow = () => A.daysShown(app).flatMap((day) => model.peopleAt(day, store.state.side)).filter((row) => row.at);
    function peopleItems() {
      const rows = peopleNow();
      if (!rows.length) return el("p", { class: "legend-note" }, t("noPeople"));
      const palette = app.palette();
      const { few, sample: n, radius } = A.people.scaleOf(model.displacement);
      const circle = (row, r, x) => {
        const { color, opacity, weight, dash, filled } = A.people.lookOf(row, palette);
        return A.svg("circle", { cx: x, cy: 7, r, stroke: color, "stroke-opacity": opacity, "stroke-width": weight, "stroke-dasharray": dash, fill: filled ? color : "none", "fill-opacity": filled });
      };
      const seen = new Map(rows.map((row) => [A.people.kindOf(row), row]));
      const part = rows.find((row) => row.part);
      return [
        el("ul", { class: "pairs" },
          ["leftHome", "cameBack", "awayOn", "backOn"].filter((kind) => seen.has(kind)).map((kind) => item(sample(circle({ ...seen.get(kind), part: "" }, 5.5, 14)), t(kind))),
          part && item(sample(circle(part, 5.5, 14)), t("amongThem"))),
        el("ul", {}, item(sample(circle({}, Math.min(radius(n), 6), 14)), t("peopleScale", { n: A.number(n), few: A.number(few) }))),
        el("ul", {}, item(sample(A.svg("path", { d: "M3 10Q14 0 22 6", stroke: palette.ink, "stroke-width": 1.2, fill: "none" }), A.svg("path", { d: "M25 9l-6-1 3.5-4z", fill: palette.ink })), t("peopleApart"))),
      ];
    }
    // What the marks of these very events tell: nothing is explained that is not on the map.
    function marksTell() {
      const { deaths, vague, types, uncounted } = events.tells;
      return { deaths, vague, hollow: uncounted.some((code) => A.isViolent(events.groupOfType[code])), untyped: types.some((code) => events.typeName(code) === "other") };
    }
    // Each set with its own switch, and what its colours say.
    function setItems() {
      const sets = model.data.sets || [];
      if (!sets.some((one) => one.name)) return null;
      const { sets: off } = store.state;
      return el("ul", { class: "event-groups event-sets" }, sets.map((one) => {
        const swatch = one.name && sample(A.svg("circle", { cx: 14, cy: 7, r: 4.5, fill: one.colour || "none", stroke: app.palette().ink, "stroke-width": 1.6 }));
        return el("li", {}, el("label", {}, el("input", { type: "checkbox", checked: !off.includes(one.name), "data-set": one.name, on: {
          change: (event) => store.set({ sets: event.target.checked ? off.filter((name) => name !== one.name) : [...off, one.name] }),
        } }), swatch, el("span", {}, one.name ? A.setName(one.name) : t("recordSet"), el("span", { class: "count" }, ` (${A.number(one.rows)})`))),
          one.shades.length > 0 && el("ul", { class: "shades" }, one.shades.map(([name, colour]) => item(sample(A.svg("circle", { cx: 14, cy: 7, r: 5, fill: colour })), name))));
      }));
    }
    function eventItems() {
      const marks = marksTell();
      const known = new Set((events.words.type || []).filter(Boolean));
      if (marks.untyped) known.add("other");
      const { hidden } = store.state;
      const groups = Object.entries(A.theme.GROUPS).filter(([, { types }]) => types.some((type) => known.has(type)));
      return [
        setItems(),
        el("ul", { class: "event-groups pairs" }, groups.map(([group, { types }]) => {
          const mine = types.filter((type) => known.has(type));
          const off = mine.filter((type) => hidden.includes(type)).length;
          const check = el("input", { type: "checkbox", checked: off < mine.length, "data-group": group, on: {
            change: (event) => store.set({ hidden: event.target.checked ? hidden.filter((type) => !mine.includes(type)) : [...new Set([...hidden, ...mine])] }),
          } });
          check.indeterminate = off > 0 && off < mine.length;
          return el("li", {}, el("label", {}, check, app.receipts.groupMark(group), el("span", {}, A.groupWord(group, mine))),
            mine.length > 1 && el("details", { class: "types" }, el("summary", {}, el("span", { class: "visually-hidden" }, t(`eg_${group}`)), "…"),
              el("ul", {}, mine.map((type) => el("li", {}, el("label", {}, el("input", { type: "checkbox", checked: !hidden.includes(type), "data-type": type, on: {
                change: (event) => store.set({ hidden: event.target.checked ? hidden.filter((other) => other !== type) : [...hidden, type] }),
              } }), A.typeWord(type)))))));
        })),
        crowded() && el("ul", {}, item(sample(A.svg("path", { d: A.hexagonPath(14, 7, 6.5), fill: "none", stroke: app.palette().muted }), A.svg("path", { d: A.hexagonPath(14, 7, 4), fill: app.palette().muted })), t("hexagonKey"))),
        single() && el("p", { class: "legend-note" }, [marks.deaths && t("sizeDeaths"), marks.hollow && t("hollowMark"), marks.vague && t("sizeUncertain")].filter(Boolean).join(" · ")),
        filters(),
      ];
    }
    function filters() {
      const { lang, actor, certainty } = store.state;
      const actors = new Set();
      for (const column of ["actor1", "actor2"]) for (const text of events.words[column] || []) if (text) actors.add(text);
      const listed = [...actors].slice(0, 400).map((id) => [id, id.split("|").map((one) => model.partyName(one, lang)).join(", ")]).sort((a, b) => (a[1] < b[1] ? -1 : 1));
      const levels = ["certain", "probable", "contested", "unknown"].filter((level) => (events.words.certainty || []).includes(level));
      return el("details", { class: "filters" }, el("summary", {}, t("filters")),
        listed.length > 0 && choice(t("actor"), actor, [["", t("anyActor")], ...listed], (value) => store.set({ actor: value }), "actor-select"),
        levels.length > 1 && el("fieldset", {}, el("legend", {}, t("certaintyWord")), levels.map((level) => el("label", {}, el("input", { type: "checkbox", checked: !certainty.includes(level), "data-certainty": level, on: {
          change: (event) => store.set({ certainty: event.target.checked ? certainty.filter((one) => one !== level) : [...certainty, level] }),
        } }), t(`ce_${level}`)))));
    }

    let now = ""; // what the key tells of
    function show() {
      now = onMap();
      const open = [...node.querySelectorAll("details")].map((one) => one.open); // there are as many after as before
      const top = node.scrollTop;
      const active = document.activeElement && node.contains(document.activeElement) ? document.activeElement : null;
      const focus = active && [...active.attributes].filter((a) => a.name.startsWith("data-") || (a.name === "class" && a.value)).map((a) => `[${a.name}="${a.value}"]`).join("");
      const kinds = new Set(Object.keys(store.state.layers));
      A.refill(node,
        kinds.has("control") && model.areas.length > 0 && layer("control", t("control"), controlItems()),
        kinds.has("mandates") && model.mandates.length > 0 && layer("mandates", t("mandates"), mandateItems()),
        kinds.has("routes") && model.routes.length > 0 && layer("routes", t("routes"), routeItems()),
        kinds.has("displacement") && model.displacement.length > 0 && layer("displacement", t("peopleLayer"), peopleItems()),
        kinds.has("events") && layer("events", t(model.data.page.own ? "ownEvents" : "events"), eventItems()),
        kinds.has("claims") && model.control.some((spell) => spell.by) && layer("claims", t("claims"), el("ul", {}, item(sample(A.svg("path", { d: "M2 7h25", stroke: app.palette().front, "stroke-width": 2, "stroke-dasharray": "1 4", "stroke-linecap": "round" })), t("claimOutline")))),
        kinds.has("labels") && layer("labels", t("labels")),
        kinds.has("basemap") && layer("basemap", t("basemap")),
        el("p", { class: "legend-note keys" }, t("keys")));
      node.querySelectorAll("details").forEach((one, i) => { one.open = Boolean(open[i]); });
      node.scrollTop = top;
      if (focus) {
        const again = node.querySelector(focus);
        if (again) again.focus({ preventScroll: true });
      }
    }
    // Deferred, so that the box just clicked is not gone before its click is over.
    const check = A.debounce(() => {
      if (onMap() !== now && node.isConnected) show();
    }, 120);
    store.on(["day", "compare", ...A.EVENT_CHOICES], check);
    app.map.on("moveend crowded", check);
    store.on(["lang", "layers", "hidden", "sets", "certainty", "actor", "user", "theme", "side"], () => setTimeout(show, 0));
    return { node, show };
  };
})(globalThis.atlasPage);
