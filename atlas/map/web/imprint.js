"use strict";
// What everything that leaves the page says of itself, on paper too: what it shows, by whose account,
// on what it rests, whom to credit and the way back.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { t } = A;
  const BESIDE = ["lang", "tab", "sel", "theme", "ui"]; // parts of an address that change nothing of what is drawn

  // Text in lines no wider than a width; a word wider than that stands alone.
  A.lines = (context, text, width) => {
    const out = [];
    let line = "";
    for (const word of String(text).split(/\s+/)) {
      const longer = line ? `${line} ${word}` : word;
      if (line && context.measureText(longer).width > width) {
        out.push(line);
        line = word;
      } else line = longer;
    }
    return line ? [...out, line] : out;
  };

  // Days that the picture shows, in the order of its halves.
  A.daysShown = ({ store }) => (store.state.compare ? [store.state.compare.day, store.state.day] : [store.state.day]);

  A.titleOf = (app) => {
    const { model, store } = app;
    const { lang, layers } = store.state;
    const [first, last] = A.daysShown(app).map((day) => A.days.format(day, lang));
    const ground = layers.control && model.areas.length > 0;
    if (ground && last) return t("compare_title", { first, last });
    const what = ground ? t("control") : layers.routes && model.routes.length && !layers.events ? t("routes") : layers.events ? t("events") : layers.displacement && model.displacement.length ? t("peopleLayer") : "";
    return [what, last ? `${first} | ${last}` : first].filter(Boolean).join(", ");
  };
  A.whoseOf = ({ store, model }) => `${t("according")} ${store.state.side ? model.partyName(store.state.side, store.state.lang) : t("assessed")}`;
  A.creditOf = ({ model, store }, sources = `${t("sourcesWord")}: ${A.number(model.sources.size)}`) => {
    const title = model.localName(model.data.titles, store.state.lang);
    const { licence } = model.data.page;
    const whom = title && `${t("citeAs")}: ${title}${licence ? ` (${licence})` : ""}`;
    return [sources, whom || licence, model.data.credits.length && t("credit"), A.guests.hosts().join(", ")].filter(Boolean).join(" · ");
  };
  A.addressOf = ({ store, map, every }) => (/^https?:/.test(String(globalThis.location.href)) ? String(globalThis.location.href) : A.permalink.write(store.state, map, every));
  // The way back for a reader: a whole address, or where the page has none, what to put behind it.
  A.viewOf = (app) => {
    const text = A.addressOf(app);
    if (!text.startsWith("#")) return { word: "", text };
    return { word: t("viewWord"), text: `#${text.slice(1).split("&").filter((part) => !BESIDE.includes(part.split("=")[0])).join("&")}` };
  };

  // How often what is shown cites each source.
  async function usesOf(app) {
    const { model, store, events, map } = app;
    const { layers, side, user } = store.state;
    const view = map.getBounds();
    const uses = new Map();
    const use = (row) => row && model.split(row.sources).forEach((id) => uses.set(id, (uses.get(id) || 0) + 1));
    const inView = (shape) => shape.parts.some((part) => {
      const [west, south, east, north] = A.boundsOf(shape.kind === "P" ? part[0] : part);
      return view.intersects([[south, west], [north, east]]);
    });
    const texts = layers.events && events.rows ? await app.texts() : null;
    for (const day of A.daysShown(app)) {
      if (layers.control) for (const area of model.areas) if (inView(area.shape)) use(model.controlAt(area, day, side));
      if (layers.mandates) for (const { mandate } of model.mandatesAt(day)) use(mandate);
      if (layers.routes) for (const route of model.routes) if (inView(route.shape)) for (const { episode } of model.sectionsAt(route, day, user, side) || []) use(episode);
      if (layers.displacement) for (const row of model.peopleAt(day, side)) if (row.at && [row.at, ...row.ends].some(([lon, lat]) => view.contains([lat, lon]))) use(row);
      if (texts) for (const i of events.between(...A.eventSpan({ ...store.state, day }))) if (view.contains([events.lat(i), events.lon(i)])) use({ sources: texts.of("sources", i) });
    }
    return uses;
  }
  // A source in few words: who, what, when.
  function short({ author, publisher, title, issued }) {
    const who = publisher || author || "";
    const what = title.length <= 60 ? title : `${title.slice(0, 57).replace(/[ ,;:]+$/, "")}…`;
    const year = (issued || "").slice(0, 4);
    const said = !who || what.toLowerCase().includes(who.toLowerCase()) ? what : `${who}, ${what}`;
    return year && !said.includes(year) ? `${said} (${year})` : said;
  }
  // The sources of what is shown, the most used first, as many as fit, and how many more there are.
  A.sourcesTold = async (app, fits) => {
    const { sources } = app.model;
    const uses = await usesOf(app);
    const ranked = [...uses].filter(([id]) => sources.has(id)).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    const texts = [...new Set(ranked.map(([id]) => short(sources.get(id))))];
    const tell = (n) => t("sources", { list: [...texts.slice(0, n), ...(n < texts.length ? [t("andMore", { n: A.number(texts.length - n) })] : [])].join("; ") });
    if (!texts.length) return "";
    let n = 1;
    while (n < texts.length && fits(tell(n + 1))) n += 1;
    return tell(n);
  };
})(globalThis.atlasPage);
