"use strict";
// Time as a strip one can look into: from all years to one day. The wheel, two fingers, + and - zoom
// it; a stretch drawn along the axis is zoomed to; a stretch drawn along the lanes is the span shown.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const INSET = 9; // half of the slider's thumb
  const AXIS = 16;
  const LANE = 14;
  const TALL = { laneDeaths: 26 }; // its bars are compared, and figures stand above them
  const LEAST = 2; // days
  const FONT = '11px "Noto Sans", "Segoe UI", system-ui, sans-serif';

  // A window of days zoomed by a factor around one of its days, kept inside the whole.
  A.zoomWindow = ([from, to], factor, around, [first, last]) => {
    const size = A.clamp(Math.round((to - from) * factor), LEAST, last - first);
    const share = (around - from) / Math.max(1, to - from);
    const start = A.clamp(Math.round(around - share * size), first, last - size);
    return [start, start + size];
  };
  // In a frame of somebody else's page the wheel is theirs, until the reader is in ours.
  A.mayWheel = () => globalThis.self === globalThis.top || document.hasFocus();

  A.createTimeline = (app, { first, last, changes, setDay }) => {
    const { model, store, events } = app;
    let [from, to] = [first, last];
    let lanesOpen = globalThis.matchMedia("(min-width: 1000px) and (min-height: 760px)").matches;
    let series = null;
    let drawn = null; // stretch being drawn: {from, to}

    const slider = el("input", { class: "slider", type: "range", min: first, max: last - 1, step: 1 });
    const canvas = el("canvas", { class: "histogram", "aria-hidden": "true" });
    const axis = el("div", { class: "axis", "aria-hidden": "true" });
    const lanes = el("div", { class: "lanes", "aria-hidden": "true" });
    const chapters = el("div", { class: "chapter-marks" });
    const tip = el("div", { class: "time-tip", hidden: true, "aria-hidden": "true" });
    const node = el("div", { class: "track" }, canvas, slider, axis, lanes, chapters, tip);
    const tools = el("div", { class: "time-tools", role: "group" });

    const width = () => node.clientWidth;
    const inner = () => Math.max(1, width() - 2 * INSET);
    const at = (day) => INSET + (inner() * (day - from)) / Math.max(1, to - 1 - from);
    const dayAt = (x) => A.clamp(Math.round(from + ((x - INSET) / inner()) * (to - 1 - from)), from, to - 1);
    const dayOf = (event) => dayAt(event.clientX - node.getBoundingClientRect().left);

    function look(next) {
      [from, to] = next;
      slider.min = from;
      slider.max = to - 1;
      show();
      draw();
    }
    const zoom = (factor, around) => look(A.zoomWindow([from, to], factor, around, [first, last]));
    const pan = (days) => look(A.zoomWindow([from + days, to + days], 1, from + days, [first, last]));
    const whole = () => look([first, last]);

    // The day is always in sight when it is the day that moved.
    function show() {
      const { day, lang } = store.state;
      slider.value = day;
      slider.setAttribute("aria-valuetext", A.days.format(day, lang));
      node.classList.toggle("elsewhere", day < from || day >= to);
    }
    function follow() {
      const { day } = store.state;
      if (day < from || day >= to) look(A.zoomWindow([day - ((to - from) >> 1), day + ((to - from + 1) >> 1)], 1, day, [first, last]));
      else show();
    }

    // Drawing --------------------------------------------------------------------------------------
    async function prepare() {
      series = { deaths: A.deathSums(events), held: [], shut: [], missions: A.missionSpans(model) };
      draw();
      await A.breath();
      series.held = await A.heldSeries(model, first);
      draw();
      series.shut = await shutNow();
      draw();
    }
    const shutNow = () => A.shutSeries(model, first, store.state.user || "civilian");
    // Known before the events are there, so that the lanes take their room before the map is measured.
    const laneKeys = [
      model.areas.length > 0 && "laneHeld", app.every.includes("events") && "laneDeaths",
      model.routes.length > 0 && "laneShut", model.mandates.length > 0 && "laneMissions",
    ].filter(Boolean);
    const tallOf = (key) => TALL[key] || LANE;
    const laneTops = laneKeys.map((_, i) => laneKeys.slice(0, i).reduce((sum, key) => sum + tallOf(key), 0));
    const makeRoom = () => node.style.setProperty("--lanes", `${lanesOpen && laneKeys.length ? laneKeys.reduce((sum, key) => sum + tallOf(key), 4) : 0}px`);

    // Events that begin within a stretch of days, and how many died in them.
    const within = (one, two) => [events.lower(one), events.lower(two)];

    function draw() {
      makeRoom();
      if (!series) return;
      const open = lanesOpen && laneKeys.length > 0;
      const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
      const height = node.clientHeight;
      if (!width() || !height) return;
      canvas.width = width() * ratio;
      canvas.height = height * ratio;
      const context = canvas.getContext("2d");
      context.scale(ratio, ratio);
      const palette = app.palette();
      const top = slider.offsetTop;
      const base = top + slider.offsetHeight - 4;
      drawSpan(context, palette, top, base, open ? height : base);
      drawBars(context, palette, top, base);
      drawAxis(context, palette, base);
      if (open) laneKeys.forEach((key, i) => drawLane(context, palette, key, axis.offsetTop + AXIS + 2 + laneTops[i]));
      placeChapters();
    }
    function drawSpan(context, palette, top, base, bottom) {
      const [one, two] = drawn ? [drawn.from, drawn.to + 1] : A.eventSpan(store.state);
      const x = at(Math.max(one, from));
      context.fillStyle = palette.mandate;
      context.globalAlpha = drawn ? 0.3 : 0.16;
      if (two > from && one < to) context.fillRect(x, top, Math.max(2, at(Math.min(two, to) - 1) - x), (drawn || store.state.window === "range" ? bottom : base) - top);
      context.globalAlpha = 1;
    }
    function drawBars(context, palette, top, base) {
      // A bar a day where days are wide enough.
      const days = to - from;
      const bins = Math.max(1, Math.min(Math.floor(inner() / 3), days));
      const counts = Array.from({ length: bins }, (_, k) => {
        const [a, b] = within(from + Math.floor((k * days) / bins), from + Math.floor(((k + 1) * days) / bins));
        return b - a;
      });
      const most = counts.reduce((a, b) => Math.max(a, b), 1);
      context.fillStyle = palette.muted;
      context.globalAlpha = 0.65;
      const wide = inner() / Math.max(1, days - 1);
      counts.forEach((count, k) => {
        if (!count) return;
        const x = at(from + Math.floor((k * days) / bins));
        const bar = Math.sqrt(count / most) * (base - top - 4);
        const step = Math.max(1, Math.min(22, bins === days ? wide * 0.7 : inner() / bins - 0.8));
        context.fillRect(bins === days ? x - step / 2 : x, base - bar, step, bar);
      });
      context.globalAlpha = 1;
    }
    function drawAxis(context, palette, base) {
      const { lang } = store.state;
      context.fillStyle = palette.border;
      context.fillRect(INSET, base, inner(), 1);
      // Marks where control, a mandate or a route changes.
      context.fillStyle = palette.front;
      context.globalAlpha = 0.55;
      for (const day of changes) if (day >= from && day < to) context.fillRect(at(day) - 0.5, base + 1, 1, 4);
      context.globalAlpha = 1;
      context.font = FONT;
      context.textAlign = "center";
      context.fillStyle = palette.muted;
      const two = (n) => String(n).padStart(2, "0");
      let right = -Infinity;
      for (const { day, year, month, date } of A.timeTicks(from, to - 1, inner(), 44)) {
        const text = date ? (date === 1 || right < 0 ? A.days.formatShort(day, lang) : String(date)) : month ? A.days.describe(`${year}-${two(month)}`, lang, "") : String(year);
        const half = context.measureText(text).width / 2;
        const x = A.clamp(at(day), half + 1, width() - half - 1);
        if (x - half < right + 6) continue;
        context.fillText(text, x, axis.offsetTop + 12);
        right = x + half;
      }
    }
    const wordOf = (key) => (key === "laneDeaths" ? `${t(key)} (√)` : t(key));
    const DRAW = {
      laneHeld(context, y) {
        const total = Math.max(1, ...series.held.map(({ held }) => [...held.values()].reduce((a, b) => a + b, 0)));
        series.held.forEach(({ day, held }, i) => {
          const next = i + 1 < series.held.length ? series.held[i + 1].day : last;
          if (next <= from || day >= to) return;
          const x = at(Math.max(day, from));
          let up = y + LANE - 2;
          for (const id of model.parties.keys()) {
            const tall = ((held.get(id) || 0) / total) * (LANE - 3);
            if (!tall) continue;
            up -= tall;
            context.fillStyle = model.parties.get(id).colour;
            context.fillRect(x, up, Math.max(0.5, at(Math.min(next, to - 1)) - x), tall);
          }
        });
      },
      // By the root, as the marks on the map; the worst violence is as high as the lane, with its figure.
      // What killed more without being violence, as an earthquake may, is a bar cut through, with its own
      // figure: it would leave no height for a war. Hollow, as on the map: violence nobody has counted.
      laneDeaths(context, y) {
        const foot = y + tallOf("laneDeaths") - 2;
        const room = tallOf("laneDeaths") - 13;
        const bins = Math.max(1, Math.min(Math.floor(inner() / 4), to - from));
        const all = A.deathBins(series.deaths, events.lower, from, to, bins);
        const worst = all.reduce((a, b) => (b.slain > a.slain ? b : a));
        const most = worst.slain ? worst.died : all.reduce((a, b) => Math.max(a, b.died), 1);
        const wide = Math.max(1.5, Math.min(5, inner() / bins - 1));
        const xOf = ({ start }) => at(start) - (bins === to - from ? 2 : 0);
        context.fillStyle = context.strokeStyle = app.dark() ? "#ff9d8a" : "#9c2f2f";
        context.lineWidth = 0.8;
        context.font = `600 10px "Noto Sans", system-ui, sans-serif`;
        context.textAlign = "left";
        let right = INSET + context.measureText(wordOf("laneDeaths")).width + 11;
        const figure = (bin) => {
          const text = A.number(bin.died);
          const size = context.measureText(text).width;
          const x = Math.min(Math.max(right, xOf(bin) + wide / 2 - size / 2), width() - INSET - size);
          if (x < right) return;
          right = x + size + 6;
          context.fillText(text, x, y + LANE - 5);
        };
        for (const bin of all) {
          const x = xOf(bin);
          const high = Math.min(1, Math.sqrt(bin.died / most)) * room;
          if (high) context.fillRect(x, foot - high, wide, high);
          if (bin.died > most) context.clearRect(x - 1, foot - room * 0.6, wide + 2, 2.5);
          if (bin.died >= most) figure(bin);
          if (!bin.uncounted) continue;
          context.globalAlpha = 0.6;
          context.strokeRect(x + 0.4, foot - 2.6 - high, wide - 0.8, 2.2);
          context.globalAlpha = 1;
        }
      },
      // As a share of the routes there were.
      laneShut(context, y) {
        context.fillStyle = A.theme.statusColour("blocked", app.dark());
        context.globalAlpha = 0.42;
        series.shut.forEach(({ day, n, of }, i) => {
          const next = i + 1 < series.shut.length ? series.shut[i + 1].day : last;
          if (next <= from || day >= to || !n) return;
          const tall = (n / of) * (LANE - 3);
          const x = at(Math.max(day, from));
          context.fillRect(x, y + LANE - 2 - tall, Math.max(0.5, at(Math.min(next, to - 1)) - x), tall);
        });
        context.globalAlpha = 1;
      },
      laneMissions(context, y) {
        const rows = 1 + series.missions.reduce((a, { row }) => Math.max(a, row), 0);
        context.fillStyle = app.palette().mandate;
        for (const { start, end, row } of series.missions) {
          if (end <= from || start >= to) continue;
          const x = at(Math.max(start, from));
          context.fillRect(x, y + (row * (LANE - 2)) / rows, Math.max(1.5, at(Math.min(end, to - 1)) - x), Math.max(1.2, (LANE - 2) / rows - 1));
        }
      },
    };
    function drawLane(context, palette, key, y) {
      DRAW[key](context, y);
      const word = wordOf(key);
      context.fillStyle = palette.border;
      context.fillRect(INSET, y + tallOf(key) - 2, inner(), 0.6);
      context.font = `600 10px "Noto Sans", system-ui, sans-serif`;
      context.textAlign = "left";
      context.fillStyle = palette.paper;
      context.globalAlpha = 0.88;
      context.fillRect(INSET, y, context.measureText(word).width + 8, LANE - 3);
      context.globalAlpha = 1;
      context.fillStyle = palette.ink;
      context.fillText(word, INSET + 3, y + LANE - 5);
    }

    // Chapters: a mark each, with its title where there is room up to the next.
    let marks = [];
    function makeChapters() {
      const { lang } = store.state;
      marks = model.chapters.map((chapter) => [chapter, el("button", {
        type: "button", class: "chapter-mark", hidden: true, title: `${A.days.format(chapter.day, lang)}: ${model.localName(chapter.titles, lang)}`,
        "aria-label": `${t("story")}: ${model.localName(chapter.titles, lang)}`, on: { click: () => app.openChapter(chapter.id) },
      }, el("span", {}, model.localName(chapter.titles, lang)))]);
      A.refill(chapters, marks.map(([, mark]) => mark));
    }
    function placeChapters() {
      const seen = marks.filter(([chapter, mark]) => {
        mark.hidden = chapter.day < from || chapter.day >= to;
        return !mark.hidden;
      });
      seen.forEach(([chapter, mark], i) => {
        const x = at(chapter.day);
        const next = i + 1 < seen.length ? at(seen[i + 1][0].day) : width();
        const room = next - x - 4;
        mark.style.left = `${x - 6}px`;
        mark.style.width = `${Math.max(12, room)}px`;
        mark.classList.toggle("bare", room < 60);
        mark.setAttribute("aria-current", chapter.id === store.state.chapter ? "step" : "false");
      });
    }

    // By hand --------------------------------------------------------------------------------------
    node.addEventListener("wheel", (event) => {
      if (!A.mayWheel()) return;
      event.preventDefault();
      const sideways = event.shiftKey ? event.deltaY : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
      if (sideways) pan(Math.round((sideways / inner()) * (to - from)) || Math.sign(sideways));
      else zoom(event.deltaY > 0 ? 1.25 : 0.8, dayOf(event));
    }, { passive: false });
    slider.addEventListener("input", () => setDay(Number(slider.value)));
    slider.addEventListener("keydown", (event) => {
      const factor = { "+": 0.5, "=": 0.5, "-": 2 }[event.key];
      if (!factor && event.key !== "0") return;
      event.preventDefault();
      event.stopPropagation();
      if (factor) zoom(factor, store.state.day);
      else whole();
    });

    // A stretch drawn with a mouse; with fingers one moves the strip, two zoom it.
    const fingers = new Map();
    function drag(part, done) {
      part.addEventListener("pointerdown", (event) => {
        if (event.button > 0) return;
        part.setPointerCapture(event.pointerId);
        fingers.set(event.pointerId, event.clientX);
        const begun = dayOf(event);
        const view = [from, to];
        const x = event.clientX;
        const spread = Math.abs([...fingers.values()].reduce((a, b) => a - b));
        const touch = event.pointerType === "touch";
        const move = (next) => {
          fingers.set(next.pointerId, next.clientX);
          const all = [...fingers.values()];
          if (all.length === 2) {
            const now = Math.max(8, Math.abs(all[0] - all[1]));
            const middle = (all[0] + all[1]) / 2 - node.getBoundingClientRect().left;
            look(A.zoomWindow(view, Math.max(8, spread) / now, view[0] + ((middle - INSET) / inner()) * (view[1] - view[0]), [first, last]));
          } else if (touch) {
            const days = Math.round(((x - next.clientX) / inner()) * (view[1] - view[0]));
            look(A.zoomWindow([view[0] + days, view[1] + days], 1, view[0] + days, [first, last]));
          } else {
            const now = dayOf(next);
            drawn = { from: Math.min(begun, now), to: Math.max(begun, now) };
            draw();
          }
        };
        const end = (next) => {
          fingers.delete(event.pointerId);
          for (const [name, handler] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) part.removeEventListener(name, handler);
          const kept = drawn;
          drawn = null;
          const still = Math.abs(next.clientX - x) < 4;
          if (next.type === "pointerup" && still) setDay(dayOf(next));
          else if (next.type === "pointerup" && kept) done(kept.from, kept.to + 1);
          draw();
        };
        for (const [name, handler] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) part.addEventListener(name, handler);
      });
    }
    drag(axis, (one, two) => look(A.zoomWindow([one, Math.max(two, one + LEAST)], 1, one, [first, last])));
    drag(lanes, (one, two) => store.set({ window: "range", range: [one, two], day: A.clamp(store.state.day, one, two - 1) }));
    axis.addEventListener("dblclick", whole);

    node.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch" || !series) return;
      const day = dayOf(event);
      const [a, b] = within(day, day + Math.max(1, Math.round((3 * (to - from)) / inner())));
      const died = series.deaths.died[b] - series.deaths.died[a];
      const uncounted = series.deaths.uncounted[b] > series.deaths.uncounted[a];
      const shut = series.shut.length ? A.stepAt(series.shut, day) : { n: 0, of: 0 };
      const held = [...(series.held.length ? A.stepAt(series.held, day).held : [])].sort((x, y) => y[1] - x[1]).slice(0, 3);
      const there = series.missions.filter(({ start, end }) => start <= day && day < end).map(({ mission }) => mission);
      A.refill(tip, el("strong", {}, A.days.format(day, store.state.lang)),
        el("span", {}, [t("eventCount", { n: A.number(b - a) }), died > 0 && t("deaths", { n: A.number(died) })].filter(Boolean).join(" · ")),
        lanesOpen && held.length > 0 && el("span", {}, held.map(([id, km2]) => `${model.partyName(id, store.state.lang)} ${A.number(km2)} ${t("km2")}`).join(" · ")),
        lanesOpen && uncounted && el("span", {}, t("hollowMark")),
        lanesOpen && shut.n > 0 && el("span", {}, `${t("laneShut")}: ${A.number(shut.n)} / ${A.number(shut.of)}`), lanesOpen && there.length > 0 && el("span", {}, there.join(" · ")));
      tip.hidden = false;
      tip.style.left = `${A.clamp(event.clientX - node.getBoundingClientRect().left - tip.offsetWidth / 2, 0, width() - tip.offsetWidth)}px`;
    });
    node.addEventListener("pointerleave", () => { tip.hidden = true; });

    const toggle = A.button("chevron", "", () => {
      lanesOpen = !lanesOpen;
      toggle.setAttribute("aria-expanded", String(lanesOpen));
      draw();
    }, { class: "button lanes-toggle" });
    function words() {
      A.refill(tools,
        A.button("minus", t("timeOut"), () => zoom(2, store.state.day)),
        A.button("plus", t("timeIn"), () => zoom(0.5, store.state.day)),
        A.button("fit", t("timeAll"), () => {
          const { window: kind, range } = store.state;
          // First to the span that is shown, then to all.
          if (kind === "range" && (from !== range[0] || to !== range[1]) && range[1] - range[0] >= LEAST) look(A.zoomWindow([Math.max(first, range[0]), Math.min(last, range[1])], 1, Math.max(first, range[0]), [first, last]));
          else whole();
        }), toggle);
      tools.setAttribute("aria-label", t("timeScale"));
      for (const name of ["aria-label", "title"]) toggle.setAttribute(name, t("lanes"));
      toggle.setAttribute("aria-expanded", String(lanesOpen));
      slider.setAttribute("aria-label", t("slider"));
      makeChapters();
      draw();
    }
    const later = A.debounce(draw, 40);
    store.on(["window", "range", "day", "theme", "chapter"], later);
    store.on(["day"], follow);
    store.on(["lang"], () => { words(); show(); });
    store.on(["user"], () => {
      if (series) shutNow().then((steps) => {
        series.shut = steps;
        draw();
      });
    });
    words();
    show();
    return {
      node, tools,
      look: (one, two) => look(A.zoomWindow([one, two], 1, one, [first, last])),
      window: () => [from, to],
      // Once the events are there and the map is drawn.
      start() {
        prepare();
        new ResizeObserver(A.debounce(draw, 60)).observe(node);
      },
    };
  };
})(globalThis.atlasPage);
