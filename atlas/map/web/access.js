"use strict";
// Who could pass and who was cut off. Python has worked out the network of every day and the state of
// every settlement; here a way is found through that network, by the same rules.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const STATES = ["open", "cut_off", "unknown", "not_asked"];
  // How far a place may lie from the network and still count as on it.
  const REACH_M = 15000;
  const UNTIL = 400000;

  // The shortest way over edges {a, b, km}: a list of them in order, or null.
  function shortest(edges, start, goal) {
    if (start === goal) return [];
    const around = new Map();
    for (const edge of edges) for (const node of [edge.a, edge.b]) {
      if (!around.has(node)) around.set(node, []);
      around.get(node).push(edge);
    }
    const far = new Map([[start, 0]]);
    const came = new Map();
    const open = new Set([start]);
    while (open.size) {
      let node = -1;
      for (const one of open) if (node < 0 || far.get(one) < far.get(node)) node = one;
      if (node === goal) break;
      open.delete(node);
      for (const edge of around.get(node) || []) {
        const next = edge.a === node ? edge.b : edge.a;
        const km = far.get(node) + edge.km;
        if (far.has(next) && far.get(next) <= km) continue;
        far.set(next, km);
        came.set(next, edge);
        open.add(next);
      }
    }
    if (!came.has(goal)) return null;
    const way = [];
    for (let node = goal; node !== start;) {
      const edge = came.get(node);
      way.unshift(edge);
      node = edge.a === node ? edge.b : edge.a;
    }
    return way;
  }

  // Neighbouring pieces of one route in one state are one stretch.
  function steps(way) {
    const out = [];
    for (const edge of way || []) {
      const last = out[out.length - 1];
      if (last && last.route === edge.route && last.status === edge.status && last.episode === edge.episode) {
        last.km += edge.km;
        last.from = Math.min(last.from, edge.from);
        last.to = Math.max(last.to, edge.to);
      } else out.push({ ...edge });
    }
    return out;
  }

  A.createAccess = (model, { columns: c, first, users, passable, days, histories }) => {
    const FINE = A.decode.FINE;
    const episodes = model.routes.flatMap((route) => route.episodes).sort((a, b) => a.index - b.index);
    const stretches = Array.from(c.route, (route, i) => {
      const episode = c.episode[i] ? episodes[c.episode[i] - 1] : null;
      return {
        route: model.routes[route], from: c.from[i] / 100, to: c.to[i] / 100, km: (c.to[i] - c.from[i]) / 100, a: c.a[i], b: c.b[i],
        episode, status: episode ? episode.status : "unknown", users: c.users[i], start: first + c.start[i], end: first + c.end[i],
        openUntil: c.until[i] === 0 ? Infinity : c.until[i] === -1 ? -Infinity : c.until[i] - UNTIL + first,
      };
    });
    const places = Array.from(c.place, (place, i) => ({ place: model.places[place], kind: c.kind[i] }));
    const userOf = (user) => Math.max(0, users.indexOf(user || users[0]));
    const dayOf = (day) => {
      let k = -1;
      while (k + 1 < days.length && first + days[k + 1] <= day) k++;
      return k;
    };
    // State of each kind of place, by user, for the day whose number in the list is given.
    function stateOf(runs, k) {
      let state = 3;
      for (let i = 0; i < runs.length && runs[i] <= k; i += 2) state = runs[i + 1];
      return STATES[state];
    }

    // {cut_off, unknown}: settlements without a passable way out, and those of which that can't be said.
    function cutOff(day, user) {
      const k = dayOf(day);
      const states = histories.map((byUser) => (k < 0 ? "not_asked" : stateOf(byUser[userOf(user)], k)));
      const of = (state) => places.filter(({ kind }) => states[kind] === state).map(({ place }) => place);
      return { cut_off: of("cut_off"), unknown: of("unknown") };
    }

    function network(day, user) {
      const bit = 1 << userOf(user);
      return stretches.filter((one) => A.geo.holds(one, day) && one.users & bit);
    }
    function nearest(edges, place) {
      let best = -1;
      let least = Infinity;
      for (const node of new Set(edges.flatMap(({ a, b }) => [a, b]))) {
        const metres = A.geodesy.metres(place.lon, place.lat, c.x[node] / FINE, c.y[node] / FINE);
        if (metres < least) [best, least] = [node, metres];
      }
      return least <= REACH_M ? best : -1;
    }
    // Of the ways that can't be passed the one that was passable last, then the shortest.
    function latest(edges, start, goal) {
      for (const limit of [...new Set(edges.map((edge) => edge.openUntil))].sort((a, b) => b - a)) {
        const way = shortest(edges.filter((edge) => edge.openUntil >= limit), start, goal);
        if (way) return way;
      }
      return null;
    }
    // Whether one could get from one place to another; `missing` is the place that lies off the network.
    function passage(from, to, day, user) {
      const good = new Set(passable[users[userOf(user)]]);
      const edges = network(day, user);
      const [start, goal] = [nearest(edges, from), nearest(edges, to)];
      const shut = (list) => list.filter(({ status }) => !good.has(status));
      if (start < 0 || goal < 0) return { status: "off_network", missing: start < 0 ? from : to, km: NaN, path: [], usual: [], blocks: [] };
      const way = shortest(edges.filter(({ status }) => good.has(status)), start, goal);
      if (!way) {
        const shown = steps(latest(edges, start, goal));
        const blocks = shut(shown);
        const status = !shown.length ? "no_route" : blocks.every((one) => one.status === "unknown") ? "unknown" : "blocked";
        return { status, km: NaN, path: [], usual: shown, blocks };
      }
      const path = steps(way);
      const usual = steps(shortest(edges, start, goal));
      const text = (list) => list.map((one) => `${one.route.id}:${one.status}`).join();
      const shown = text(usual) === text(path) ? [] : usual;
      return {
        status: path.some((one) => one.status === "restricted") ? "restricted" : "open",
        km: way.reduce((sum, edge) => sum + edge.km, 0), path, usual: shown, blocks: shut(shown),
      };
    }
    return { users, first, cutOff, passage, settlements: places.map(({ place }) => place) };
  };
})(globalThis.atlasPage);
