"use strict";
// All that can be looked for: places in any script, a position, events, routes, missions, chapters.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { t } = A;
  const AMOUNT = String.raw`([+-]?\d{1,3}(?:[.,]\d+)?)\s*(?:°|º)?\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*["″”]\s*)?`;
  const PAIR = new RegExp(String.raw`^\s*([NSEW])?\s*${AMOUNT}([NSEW])?\s*[,;/ ]\s*([NSEW])?\s*${AMOUNT}([NSEW])?\s*$`, "i");

  // A position as people write it -> {lat, lon}, latitude first unless letters say otherwise; null if it is none.
  A.readPosition = (text) => {
    const match = PAIR.exec(text);
    if (!match) return null;
    const number = (part) => Number((part || "0").replace(",", "."));
    const half = (at) => {
      const letter = (match[at] || match[at + 4] || "").toUpperCase();
      const degrees = number(match[at + 1]);
      const size = Math.abs(degrees) + number(match[at + 2]) / 60 + number(match[at + 3]) / 3600;
      return { letter, value: /^-/.test(match[at + 1]) || letter === "S" || letter === "W" ? -size : size };
    };
    const [one, two] = [half(1), half(6)];
    const upright = (part) => part.letter === "N" || part.letter === "S";
    if ((one.letter || two.letter) && upright(one) === upright(two)) return null;
    const [lat, lon] = one.letter && !upright(one) ? [two.value, one.value] : [one.value, two.value];
    return Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { lat, lon } : null;
  };

  // `again` is called once there is more to find: the texts of events come when they are first asked for.
  A.createFinder = (app, again = () => {}) => {
    const { model, store } = app;
    let texts = null;
    let asked = false;
    const fold = A.geo.fold;
    // A hit is better where the words begin with what was typed.
    const best = (list, query, most) => list
      .map((one) => ({ ...one, at: Math.min(...one.keys.map((key) => { const at = fold(key).indexOf(query); return at < 0 ? Infinity : at; })) }))
      .filter(({ at }) => at < Infinity).sort((a, b) => a.at - b.at).slice(0, most);

    function places(text) {
      const { day, lang, side } = store.state;
      const found = model.search(text, 8);
      const times = new Map();
      for (const { name } of found) times.set(name.name, (times.get(name.name) || 0) + 1);
      // Several of one name are told apart by the town near each.
      const told = ({ place, name }) => {
        if (times.get(name.name) < 2) return "";
        const near = model.nearestPlace(place.lon, place.lat, (other) => other !== place && other.rank >= 3);
        return near ? t("near", { km: A.km(near.km), place: model.nameOf(near.place, day, lang, side) }) : "";
      };
      return found.map((hit) => {
        const now = model.nameOf(hit.place, day, lang, side);
        return { kind: "place", label: hit.name.name, about: [now !== hit.name.name && now, told(hit)].filter(Boolean).join(" · "), take: () => app.goToPlace(hit.place) };
      });
    }
    const middle = (lines) => {
      const part = lines[Math.floor(lines.length / 2)];
      return part && part[Math.floor(part.length / 2)];
    };
    function routes(query) {
      const { lang } = store.state;
      return best(model.routes.map((route) => ({
        kind: "route", keys: Object.values(route.names), label: model.localName(route.names, lang), about: t(route.mode),
        take: () => {
          const at = middle(A.piecesOf(route, { from: 0, to: route.km }));
          store.set({ sel: { lat: at[0], lon: at[1] }, subject: { kind: "route", ids: [route.id] }, tab: "here" });
          app.flyTo(at[0], at[1], Math.max(9, app.map.getZoom()));
        },
      })), query, 4);
    }
    function missions(query) {
      const { first, last } = model.data.page;
      const byName = new Map();
      for (const one of model.mandates) byName.set(one.mission, [...(byName.get(one.mission) || []), one]);
      return best([...byName].map(([mission, rows]) => {
        const start = Math.min(...rows.map((row) => (row.deployed ? row.deployed[0] : row.start)));
        return {
          kind: "mandate", keys: [mission], label: mission, about: start > A.days.OPEN_START ? A.days.format(start, store.state.lang) : "",
          take: () => store.set({ day: A.clamp(start, first, last - 1), subject: { kind: "mandate", ids: rows.map(({ id }) => id) } }),
        };
      }), query, 3);
    }
    function chapters(query) {
      const { lang } = store.state;
      return best(model.chapters.map((chapter) => ({
        kind: "story", keys: Object.values(chapter.titles), label: model.localName(chapter.titles, lang), about: A.days.format(chapter.day, lang), take: () => app.openChapter(chapter.id),
      })), query, 3);
    }
    function events(query) {
      if (!texts) {
        if (!asked) app.texts().then((read) => {
          texts = read;
          again();
        });
        asked = true;
        return [];
      }
      const out = [];
      const { lang } = store.state;
      for (let row = app.events.rows - 1; row >= 0 && out.length < 6; row--) {
        const title = app.receipts.title(row, texts);
        if (fold(title).includes(query)) out.push({ kind: "event", label: title, about: A.days.format(app.events.start[row], lang), take: () => app.goToEvent(row) });
      }
      return out;
    }
    return (text) => {
      const query = fold(text);
      if (!query) return [];
      const position = A.readPosition(text);
      const here = position ? [{ kind: "place", label: A.pointText(position.lat, position.lon, 4), about: "", take: () => {
        app.flyTo(position.lat, position.lon, Math.max(10, app.map.getZoom()));
        store.set({ sel: position, tab: "here" });
      } }] : [];
      const enough = query.length > 1;
      return [...here, ...places(text), ...(enough ? [...chapters(query), ...routes(query), ...missions(query), ...(query.length > 2 ? events(query) : [])] : [])];
    };
  };
})(globalThis.atlasPage);
