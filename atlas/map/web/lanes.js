"use strict";
// What runs along the timeline: ground held, deaths, ways shut, missions - as series over days.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  // Ground in dispute by holder, from each day on which it changes: [{day, held: Map}].
  // In turns, so that nothing waits for it.
  A.heldSeries = async (model, first) => {
    const days = new Set([first]);
    for (const area of model.areas) {
      if (area.scope === "background") continue;
      for (const { start } of area.assessed) if (start > first) days.add(start);
    }
    const out = [];
    for (const day of [...days].sort((a, b) => a - b)) {
      out.push({ day, held: model.heldBy(day, "") });
      if (out.length % 40 === 0) await A.breath();
    }
    return out;
  };

  // How many died in the first so many events, how many of them by violence, and how often nobody
  // on record has counted those whom violence killed.
  A.deathSums = (events) => {
    const died = new Float64Array(events.rows + 1);
    const slain = new Float64Array(events.rows + 1);
    const uncounted = new Float64Array(events.rows + 1);
    for (let i = 0; i < events.rows; i++) {
      const deaths = events.deaths(i);
      died[i + 1] = died[i] + Math.max(0, deaths);
      const violent = A.isViolent(events.group(i));
      slain[i + 1] = slain[i] + (violent ? Math.max(0, deaths) : 0);
      uncounted[i + 1] = uncounted[i] + (violent && deaths < 0 ? 1 : 0);
    }
    return { died, slain, uncounted };
  };
  // The same by stretches of days, all as long: none on record is not none counted.
  A.deathBins = ({ died, slain, uncounted }, lower, from, to, bins) =>
    Array.from({ length: bins }, (_, k) => {
      const start = from + Math.floor((k * (to - from)) / bins);
      const [a, b] = [lower(start), lower(from + Math.floor(((k + 1) * (to - from)) / bins))];
      return { start, died: died[b] - died[a], slain: slain[b] - slain[a], uncounted: uncounted[b] - uncounted[a] };
    });

  // Number of routes that nobody passes, and of all there are, from each day on which either
  // changes: [{day, n, of}].
  A.shutSeries = async (model, first, user) => {
    const steps = new Map([[first, [0, 0]]]);
    const step = (day, n, of) => {
      const [shut, all] = steps.get(day) || [0, 0];
      steps.set(day, [shut + n, all + of]);
    };
    for (const route of model.routes) {
      const days = new Set([first, route.built]);
      for (const { start, end, by } of route.episodes) if (!by) days.add(start).add(end);
      let before = 0;
      if (route.built < A.days.OPEN_END) step(Math.max(first, route.built), 0, 1);
      for (const day of [...days].filter((one) => one >= first && one < A.days.OPEN_END).sort((a, b) => a - b)) {
        const now = A.isShut(model.statusAt(route, day, user, "")) ? 1 : 0;
        if (now !== before) step(day, now - before, 0);
        before = now;
      }
      if (route.index % 8 === 7) await A.breath();
    }
    let [n, of] = [0, 0];
    return [...steps].sort((a, b) => a[0] - b[0]).map(([day, [shut, all]]) => ({ day, n: (n += shut), of: (of += all) }));
  };

  // Days on which each mission was there, joined, in rows in which none lies over another:
  // [{mission, row, start, end}].
  A.missionSpans = (model) => {
    const spans = [];
    for (const mission of new Set(model.mandates.map((mandate) => mandate.mission))) {
      const there = model.mandates.filter((one) => one.mission === mission && one.deployed && one.deployed[0] < one.deployed[1])
        .map(({ deployed }) => deployed).sort((a, b) => a[0] - b[0]);
      let last = null;
      for (const [start, end] of there) {
        if (last && start <= last.end) last.end = Math.max(last.end, end);
        else spans.push((last = { mission, start, end, row: 0 }));
      }
    }
    spans.sort((a, b) => a.start - b.start || (a.mission < b.mission ? -1 : 1));
    const rows = [];
    for (const span of spans) {
      let row = rows.findIndex((end) => end <= span.start);
      if (row < 0) row = rows.push(0) - 1;
      rows[row] = span.end;
      span.row = row;
    }
    return spans;
  };

  // Of [{day, ..}] sorted by day, the one that holds on a day; the first before all of them.
  A.stepAt = (steps, day) => {
    let a = 0;
    let b = steps.length;
    while (a < b) {
      const m = (a + b) >> 1;
      if (steps[m].day <= day) a = m + 1;
      else b = m;
    }
    return steps[Math.max(0, a - 1)];
  };

  // Marks of an axis of time that stand at least `room` pixels apart: [{day, year, month, date}].
  A.timeTicks = (from, to, pixels, room) => {
    const each = (room * (to - from)) / Math.max(1, pixels); // days between two marks
    const one = A.days.toYmd(from);
    const two = A.days.toYmd(to);
    const out = [];
    if (each > 250) {
      const every = [1, 2, 5, 10, 20, 50, 100].find((n) => n * 365.25 >= each) || 100;
      for (let year = Math.ceil(one.year / every) * every; year <= two.year; year += every) out.push({ day: A.days.fromYmd(year, 1, 1), year });
    } else if (each > 12) {
      const every = [1, 2, 3, 6].find((n) => n * 30 >= each) || 6;
      for (let k = one.year * 12; k <= two.year * 12 + 11; k += every) out.push({ day: A.days.fromYmd(Math.floor(k / 12), (k % 12) + 1, 1), year: Math.floor(k / 12), month: (k % 12) + 1 });
    } else {
      const every = [1, 2, 5, 10].find((n) => n >= each) || 10;
      for (let day = from; day <= to; day++) {
        const { year, month, day: date } = A.days.toYmd(day);
        if ((date - 1) % every === 0 && date < 31) out.push({ day, year, month, date });
      }
    }
    return out.filter(({ day }) => day >= from && day <= to);
  };
})(globalThis.atlasPage);
