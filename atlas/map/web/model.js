"use strict";
// The record itself and the questions put to it: who held, who kept the peace, what could pass.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const RAD = Math.PI / 180;

  // The one as-of predicate: half-open spans.
  const holds = (row, day) => row.start <= day && day < row.end;

  function kmBetween(lon1, lat1, lon2, lat2) {
    const a =
      Math.sin(((lat2 - lat1) * RAD) / 2) ** 2 +
      Math.cos(lat1 * RAD) * Math.cos(lat2 * RAD) * Math.sin(((lon2 - lon1) * RAD) / 2) ** 2;
    return 12742.018 * Math.asin(Math.min(1, Math.sqrt(a)));
  }

  function inRing(ring, lon, lat) {
    let inside = false;
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const above = ring[i + 1] > lat;
      if (above !== ring[j + 1] > lat) {
        const x = ((ring[j] - ring[i]) * (lat - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i];
        if (lon < x) inside = !inside;
      }
    }
    return inside;
  }
  const inShape = (shape, lon, lat) =>
    shape.kind === "P" &&
    shape.parts.some((rings) => inRing(rings[0], lon, lat) && !rings.slice(1).some((hole) => inRing(hole, lon, lat)));

  // Nearest point of a line: {km: distance, at: km along the line}.
  function nearestOnLine(line, reach, lon, lat) {
    const squeeze = Math.cos(lat * RAD);
    let best = { km: Infinity, at: 0, lon: 0, lat: 0 };
    for (let i = 0; i + 3 < line.length; i += 2) {
      const ax = (line[i] - lon) * squeeze;
      const ay = line[i + 1] - lat;
      const bx = (line[i + 2] - lon) * squeeze;
      const by = line[i + 3] - lat;
      const dx = bx - ax;
      const dy = by - ay;
      const t = A.clamp(-(ax * dx + ay * dy) / (dx * dx + dy * dy || 1), 0, 1);
      const km = Math.hypot(ax + t * dx, ay + t * dy) * 111.195;
      if (km < best.km) {
        const k = i / 2;
        best = {
          km,
          at: reach[k] + t * (reach[k + 1] - reach[k]),
          lon: line[i] + t * (line[i + 2] - line[i]),
          lat: line[i + 1] + t * (line[i + 3] - line[i + 1]),
        };
      }
    }
    return best;
  }

  // Km along the line at each vertex, scaled so that the end is the length the record states.
  function reachOf(line, total) {
    const reach = new Float64Array(line.length / 2);
    for (let i = 1; i < reach.length; i++) {
      reach[i] = reach[i - 1] + kmBetween(line[2 * i - 2], line[2 * i - 1], line[2 * i], line[2 * i + 1]);
    }
    const scale = total && reach[reach.length - 1] ? total / reach[reach.length - 1] : 1;
    return reach.map((km) => km * scale);
  }

  // The stretch of a line between two km marks.
  function stretch(line, reach, from, to) {
    const out = [];
    const at = (km) => {
      let i = 1;
      while (i < reach.length - 1 && reach[i] < km) i++;
      const t = A.clamp((km - reach[i - 1]) / (reach[i] - reach[i - 1] || 1), 0, 1);
      return [line[2 * i - 2] + t * (line[2 * i] - line[2 * i - 2]), line[2 * i - 1] + t * (line[2 * i + 1] - line[2 * i - 1])];
    };
    out.push(at(from));
    for (let i = 0; i < reach.length; i++) {
      if (reach[i] > from && reach[i] < to) out.push([line[2 * i], line[2 * i + 1]]);
    }
    out.push(at(to));
    return out;
  }

  const USERS = ["civilian", "humanitarian", "peacekeeper", "commercial", "military"];
  const STATUSES = ["open", "checkpoint", "restricted", "humanitarian_only", "blocked", "closed", "destroyed", "planned",
    "under_construction", "unknown"];
  // From what lets anyone through to what lets nobody: the hardest stretch decides of a whole route.
  const SEVERITY = ["open", "unknown", "checkpoint", "restricted", "humanitarian_only", "under_construction",
    "planned", "blocked", "closed", "destroyed"];
  A.isShut = (status) => ["blocked", "closed", "destroyed"].includes(status);

  const fold = (text) =>
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[əı]/g, (letter) => (letter === "ə" ? "e" : "i"))
      .replace(/[՚'’ʼ`]/g, "")
      .trim();

  A.createModel = (data, events) => {
    const { rows, line, shape, FINE } = A.decode;
    const parties = new Map(data.parties.map((party) => [party.id, party]));
    const sources = new Map(rows(data.sources).map((source) => [source.id, source]));
    const split = (text) => (text ? text.split("|") : []);

    const areas = rows(data.areas);
    for (const area of areas) {
      area.shape = shape(area.shape, FINE);
      area.assessed = [];
      area.claims = [];
    }
    const control = rows(data.control);
    for (const spell of control) (spell.by ? areas[spell.area].claims : areas[spell.area].assessed).push(spell);
    const edges = rows(data.edges);
    for (const edge of edges) edge.line = line(edge.line, FINE);

    const zones = rows(data.zones);
    for (const zone of zones) zone.shape = shape(zone.shape, FINE);
    const mandates = rows(data.mandates);

    const routes = rows(data.routes);
    for (const route of routes) {
      route.shape = shape(route.shape, FINE);
      // Linear references run through the parts one after another.
      let before = 0;
      route.lines = route.shape.parts.map((part) => {
        const own = reachOf(part, 0);
        const entry = { part, reach: own.map((km) => km + before) };
        before += own[own.length - 1];
        return entry;
      });
      const scale = before ? route.km / before : 1;
      for (const entry of route.lines) entry.reach = entry.reach.map((km) => km * scale);
      route.episodes = [];
    }
    for (const episode of rows(data.episodes)) {
      episode.users = split(episode.users);
      routes[episode.route].episodes.push(episode);
    }

    const displacement = rows(data.displacement);
    // The best figure, or the one there is.
    for (const row of displacement) row.main = row.best ?? row.low ?? row.high;

    const places = rows(data.places);
    const placeById = new Map(places.map((place) => [place.id, place]));
    for (const place of places) {
      place.lon /= FINE;
      place.lat /= FINE;
      place.names = [];
    }
    for (const name of rows(data.names)) {
      name.users = split(name.users);
      places[name.place].names.push(name);
    }

    // An unbroken hold may be several rows, as how sure it is changes: {since, until, how} of all of it.
    // A claim stands for itself.
    function holdOf(area, spell) {
      if (spell.by) return { since: spell.start, until: spell.end, how: spell.how };
      const rows = area.assessed; // in order of time
      let one = rows.indexOf(spell);
      let two = one;
      const same = (row) => row && row.who === spell.who && row.type === spell.type;
      while (same(rows[one - 1])) one -= 1;
      while (same(rows[two + 1])) two += 1;
      return { since: rows[one].start, until: rows[two].end, how: rows[one].how };
    }

    // Who held an area: the assessment, or what a party says where it says otherwise. Of several
    // claims of one party the one that began last counts.
    const claimOf = (area, day, side) => (side && area.claims.findLast((spell) => spell.by === side && holds(spell, day))) || null;
    const assessedAt = (area, day) => area.assessed.find((spell) => holds(spell, day)) || null;
    const controlAt = (area, day, side) => claimOf(area, day, side) || assessedAt(area, day);
    const claimsAt = (area, day) => area.claims.filter((spell) => holds(spell, day));
    // What is atomic may still lie above background ground: the disputed area answers first.
    const areaAt = (lon, lat) => {
      const hits = areas.filter((area) => inShape(area.shape, lon, lat));
      return hits.find((area) => area.scope !== "background") || hits[0] || null;
    };

    // A mandate's state on a day: "deployed", "authorised" or only "planned" (both lighter), or "".
    function mandateState(mandate, day) {
      if (mandate.deployed && mandate.deployed[0] <= day && day < mandate.deployed[1]) return "deployed";
      return !holds(mandate, day) ? "" : mandate.details.standing === "plan" ? "planned" : "authorised";
    }
    const mandatesAt = (day) =>
      mandates
        .map((mandate) => ({ mandate, state: mandateState(mandate, day), zone: zones[mandate.zone] || null }))
        .filter((item) => item.state);
    // A strength is told from the day on which it was reported, not before.
    function strengthOf(mandate, day) {
      const { authorised_strength: authorised, observed_strength: observed, strength_reported_on: on } = mandate.details;
      const reported = on && A.days.parse(on);
      return reported && reported.first > day ? {} : { authorised, observed, on };
    }

    // Who left home or came back on a day; what a party says of it, only where its account is asked for.
    const peopleAt = (day, side) => displacement.filter((row) => holds(row, day) && (!row.by || row.by === side));

    const forUser = (episode, user) => !user || !episode.users.length || episode.users.includes(user);
    // Of what speaks for a class of user: what names the class, then the later, then the stricter.
    const order = (one, two) =>
      Number(one.users.length > 0) - Number(two.users.length > 0) || one.start - two.start ||
      STATUSES.indexOf(one.status) - STATUSES.indexOf(two.status) || (one.id < two.id ? -1 : 1);
    function speaksFor(episodes, user) {
      let best = null;
      for (const one of episodes) if (forUser(one, user) && (!best || order(one, best) > 0)) best = one;
      return best;
    }
    const worse = (one, two) => (!two || (one && SEVERITY.indexOf(one.status) > SEVERITY.indexOf(two.status)) ? one : two);
    // For anyone: as it is for the class of user for which it is hardest.
    const chosen = (episodes, user) => (user ? speaksFor(episodes, user) : USERS.map((one) => speaksFor(episodes, one)).reduce((worst, one) => worse(one, worst), null));

    // [{from, to, status, episode}] from end to end of a route, or null before it was built.
    // What a party claims never enters the assessment; asked for, it stands in for it where it speaks.
    function sectionsAt(route, day, user, side) {
      if (route.built > day) return null;
      const active = route.episodes.filter((episode) => holds(episode, day) && forUser(episode, user) && (!episode.by || episode.by === side));
      const marks = new Set([0, route.km]);
      for (const episode of active) {
        if (episode.from !== null) marks.add(A.clamp(episode.from, 0, route.km));
        if (episode.to !== null) marks.add(A.clamp(episode.to, 0, route.km));
      }
      const sorted = [...marks].sort((a, b) => a - b);
      const sections = [];
      for (let i = 0; i + 1 < sorted.length; i++) {
        if (sorted[i + 1] - sorted[i] < 1e-6) continue;
        const middle = (sorted[i] + sorted[i + 1]) / 2;
        const here = active.filter(({ from, to }) => (from === null || Math.min(from, route.km) <= middle) && (to === null || middle < Math.min(to, route.km)));
        const claimed = here.filter((episode) => episode.by);
        const worst = chosen(claimed.length ? claimed : here, user);
        const status = worst ? worst.status : "unknown";
        const last = sections[sections.length - 1];
        if (last && last.episode === worst) last.to = sorted[i + 1];
        else sections.push({ from: sorted[i], to: sorted[i + 1], status, episode: worst });
      }
      return sections;
    }
    // One word for a whole route: its hardest stretch decides whether one gets through.
    function statusAt(route, day, user, side) {
      const sections = sectionsAt(route, day, user, side);
      if (!sections) return "";
      return sections.reduce((worst, section) =>
        SEVERITY.indexOf(section.status) > SEVERITY.indexOf(worst) ? section.status : worst, sections[0].status);
    }
    // What passes close by, roads first; where nothing does, the one nearest route.
    function nearestRoutes(lon, lat, day, user, side, within = 4, limit = 4) {
      const found = [];
      const order = ["road", "rail", "pipeline"];
      for (const route of routes) {
        let best = null;
        if (route.mode === "air") continue;
        const sections = sectionsAt(route, day, user, side);
        if (!sections) continue;
        for (const { part, reach } of route.lines) {
          const near = nearestOnLine(part, reach, lon, lat);
          if (!best || near.km < best.km) {
            const section = sections.find((item) => item.from <= near.at && near.at <= item.to) || sections[0];
            const claims = route.episodes.filter((episode) => episode.by && holds(episode, day) && forUser(episode, user) &&
              (episode.from === null || episode.from <= near.at) && (episode.to === null || near.at <= episode.to));
            best = { ...near, route, section, claims };
          }
        }
        if (best) found.push(best);
      }
      found.sort((a, b) => a.km - b.km);
      const close = found.filter((item) => item.km <= within);
      close.sort((a, b) => order.indexOf(a.route.mode) - order.indexOf(b.route.mode)); // of a kind, the nearest stays first
      return close.length ? close.slice(0, limit) : found.slice(0, 1);
    }

    const sideOf = new Map(data.sides.flatMap((ids, side) => ids.map((id) => [id, side])));

    // What the record's naming says, in a language on a day: a text, or the sides' names [[side, text], ..].
    function calledOn(place, day, lang) {
      const told = place.called[lang] || place.called.en || Object.values(place.called)[0];
      if (!told) return place.id.replace(/_/g, " ");
      if (typeof told === "string") return told;
      let found = told[0][1];
      for (const [start, parts] of told) {
        if (start > day) break;
        found = parts;
      }
      return found;
    }
    // Both sides' names where they differ, or one side's own.
    function nameOf(place, day, lang, side) {
      const parts = calledOn(place, day, lang);
      if (typeof parts === "string") return parts;
      const own = sideOf.has(side) && parts.find(([n]) => n === sideOf.get(side));
      return own ? own[1] : [...new Set(parts.map(([, text]) => text))].join(" / ");
    }
    // Whether only one side has a name for it on the day: then it is that side's term, not a label.
    function partisan(place, day) {
      let seen;
      for (const name of place.names) {
        if (!holds(name, day) || name.status === "variant" || name.status === "exonym") continue;
        const own = new Set(name.users.map((user) => sideOf.get(user)).filter((one) => one !== undefined));
        if (own.size !== 1) return false;
        const [one] = own;
        if (seen !== undefined && seen !== one) return false;
        seen = one;
      }
      return seen !== undefined;
    }
    const placeName = (id, day, lang, side) => {
      const place = placeById.get(id);
      return place ? nameOf(place, day, lang, side) : (id || "").replace(/_/g, " ");
    };
    function areaName(area, day, lang, side) {
      const name = placeName(area.place, day, lang, side) || placeName(area.district, day, lang, side) || area.id;
      return [name, localName(area.part, lang)].filter(Boolean).join(", ");
    }
    const partyName = (id, lang) => {
      const party = parties.get(id);
      return party ? party.names[lang] || party.names.en || id : id;
    };
    const localName = (names, lang) => names[lang] || names.en || Object.values(names)[0] || "";

    /** @param {number} lon @param {number} lat @param {(place: any) => boolean} fits */
    function nearestPlace(lon, lat, fits = () => true) {
      let best = null;
      for (const place of places) {
        if (["country", "province", "region", "district", "republic", "sea"].includes(place.kind) || !fits(place)) continue;
        const km = kmBetween(lon, lat, place.lon, place.lat) - Math.max(0, place.rank) * 0.4;
        if (!best || km < best.weight) best = { place, weight: km, km: kmBetween(lon, lat, place.lon, place.lat) };
      }
      return best;
    }

    let index = null;
    function search(query, limit = 12) {
      const wanted = fold(query);
      if (!wanted) return [];
      if (!index) {
        index = [];
        for (const place of places) {
          for (const name of place.names) {
            index.push({ place, name, key: fold(name.name) });
            if (name.roman && name.roman !== name.name) index.push({ place, name, key: fold(name.roman) });
          }
          if (!place.names.length) index.push({ place, name: { name: place.id, lang: "" }, key: fold(place.id.replace(/_/g, " ")) });
        }
      }
      const found = new Map();
      for (const entry of index) {
        const at = entry.key.indexOf(wanted);
        if (at < 0) continue;
        const score = (at === 0 ? 100 : entry.key[at - 1] === " " ? 50 : 0) + (entry.key === wanted ? 200 : 0) + entry.place.rank * 4 - entry.key.length * 0.2;
        const known = found.get(entry.place.id);
        if (!known || known.score < score) found.set(entry.place.id, { ...entry, score });
      }
      return [...found.values()].sort((a, b) => b.score - a.score || (a.place.id < b.place.id ? -1 : 1)).slice(0, limit);
    }

    // Assessed rows that begin in (before, after] and bring another holder or kind of control.
    const stepsOf = (area, before, after) => area.assessed.filter((spell, i) => {
      const last = area.assessed[i - 1];
      return spell.start > before && spell.start <= after && (!last || last.who !== spell.who || last.type !== spell.type);
    });
    // What passed from whom to whom between two days, area by area, and the rows that tell of it.
    function changes(before, after, side) {
      const found = [];
      for (const area of areas) {
        const one = controlAt(area, before, side);
        const two = controlAt(area, after, side);
        if (!one || !two || (one.who === two.who && one.type === two.type)) continue;
        const steps = two.by ? [two] : stepsOf(area, before, after);
        found.push({ area, from: one, to: two, steps, told: steps.length ? steps : [two] });
      }
      return found;
    }
    // The same by pair of holders, largest first, with the range that doubt about the outlines leaves.
    function changesByHolder(before, after, side) {
      const groups = new Map();
      for (const change of changes(before, after, side)) {
        const { area, from, to } = change;
        const same = from.who === to.who; // only the kind of control changed
        const key = [from.who, to.who, same && from.type, same && to.type].join("|");
        if (!groups.has(key)) groups.set(key, { from, to, same, km2: 0, low: 0, high: 0, changes: [] });
        const group = groups.get(key);
        group.km2 += area.km2 || 0;
        group.low += area.low || 0;
        group.high += area.high || 0;
        group.changes.push(change);
      }
      return [...groups.values()].sort((a, b) => b.km2 - a.km2);
    }
    function heldBy(day, side) {
      const held = new Map();
      for (const area of areas) {
        if (area.scope === "background") continue;
        const spell = controlAt(area, day, side);
        if (spell) held.set(spell.who, (held.get(spell.who) || 0) + (area.km2 || 0));
      }
      return held;
    }

    return {
      data, parties, sources, areas, edges, control, zones, mandates, routes, displacement, places, placeById, events,
      chapters: data.chapters, split,
      controlAt, assessedAt, claimOf, claimsAt, holdOf, areaAt, mandateState, mandatesAt, peopleAt, sectionsAt, statusAt, nearestRoutes,
      sideOf, partisan, nameOf, placeName, areaName, partyName, localName, nearestPlace, search, changes, changesByHolder, heldBy, strengthOf,
      sidesOffered: data.page.worldviews.filter((id) => parties.has(id)),
    };
  };

  A.geo = { holds, kmBetween, inShape, nearestOnLine, reachOf, stretch, fold, SEVERITY };
})(globalThis.atlasPage);
