"use strict";
// The dock: one clock for everything - slider over a histogram, steps by day and by change, typed
// EDTF dates, playing, and which span of events is shown.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const INSET = 9;
  const WINDOWS = { day: 1, week: 7, month: 30, year: 365 };

  // Half-open span of days whose events are shown.
  A.eventSpan = (state) => {
    if (state.window === "range" && state.range) return state.range;
    if (state.window === "all") return [-(2 ** 30), state.day + 1];
    return [state.day + 1 - (WINDOWS[state.window] || 30), state.day + 1];
  };
  A.nextChange = (changes, day, step) => {
    let a = 0;
    let b = changes.length;
    while (a < b) {
      const m = (a + b) >> 1;
      if (step > 0 ? changes[m] <= day : changes[m] < day) a = m + 1;
      else b = m;
    }
    const at = step > 0 ? a : a - 1;
    return at >= 0 && at < changes.length ? changes[at] : null;
  };

  A.createClock = (app) => {
    const { model, store, events } = app;
    const { first, last } = model.data.page;
    const changes = model.data.changes.filter((day) => day >= first && day < last);
    const setDay = (day) => store.set({ day: A.clamp(day, first, last - 1) });
    let timer = 0;
    let reached = 0;

    const step = (days) => setDay(store.state.day + days);
    const stepChange = (direction) => {
      const day = A.nextChange(changes, store.state.day, direction);
      if (day !== null) setDay(day);
    };
    function tick(time) {
      if (!store.state.playing) return;
      const speed = store.state.speed;
      if (speed === "change") {
        if (time - reached > 900) {
          reached = time;
          stepChange(1);
          if (A.nextChange(changes, store.state.day, 1) === null) store.set({ playing: false });
        }
      } else {
        const days = Math.floor(((time - reached) / 1000) * speed);
        if (days >= 1) {
          reached += (days / speed) * 1000;
          step(Math.min(days, speed));
          if (store.state.day >= last - 1) store.set({ playing: false });
        }
      }
      timer = requestAnimationFrame(tick);
    }
    function play(on) {
      if (on && store.state.day >= last - 1) setDay(first);
      store.set({ playing: on });
      cancelAnimationFrame(timer);
      if (on) {
        reached = performance.now();
        timer = requestAnimationFrame(tick);
      }
    }

    const face = el("output", { class: "clock-face", "aria-live": "off" });
    const said = el("p", { class: "visually-hidden", role: "status" });
    const input = el("input", { class: "date-input", type: "text", size: 12, autocomplete: "off", spellcheck: "false", inputmode: "text" });
    const problem = el("p", { class: "date-problem", role: "alert" });
    const slider = el("input", { class: "slider", type: "range", min: first, max: last - 1, step: 1 });
    const canvas = el("canvas", { class: "histogram", "aria-hidden": "true" });
    const track = el("div", { class: "track" }, canvas, slider);
    const buttons = el("div", { class: "transport", role: "group" });
    const selects = el("div", { class: "dock-options" });
    const span = el("div", { class: "span-fields" });
    const node = el("footer", { class: "dock" },
      el("div", { class: "dock-row" }, buttons, el("div", { class: "clock-date" }, face, input), selects, span, problem), track, said);
    let playButton = null;

    function readInput() {
      // Enter reads the field, and leaving it would read it again: what it shows is no question.
      if (input.value === A.days.iso(store.state.day)) return;
      const parsed = A.days.parse(input.value);
      input.setAttribute("aria-invalid", parsed ? "false" : "true");
      A.refill(problem, parsed ? "" : t("badDate"));
      if (!parsed) return;
      const { OPEN_START, OPEN_END } = A.days;
      const from = parsed.first === OPEN_START ? first : parsed.first;
      const to = parsed.last === OPEN_END ? last : parsed.last + 1;
      const patch = { day: A.clamp(from, first, last - 1) };
      if (to - from > 1) Object.assign(patch, { window: "range", range: [from, to] });
      else if (store.state.window === "range") patch.window = "month";
      store.set(patch);
    }
    input.addEventListener("change", readInput);
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") readInput();
    });
    slider.addEventListener("input", () => setDay(Number(slider.value)));

    function select(label, value, options, change, className) {
      const node = el("select", { class: className, "aria-label": label, on: { change: () => change(node.value) } },
        options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)));
      return el("label", { class: `field ${className.replace("select", "field")}` }, el("span", {}, label), node);
    }
    function spanField(label, day, change) {
      const field = el("input", { type: "text", size: 10, value: A.days.iso(day), "aria-label": label });
      field.addEventListener("change", () => {
        const parsed = A.days.parse(field.value);
        field.setAttribute("aria-invalid", parsed ? "false" : "true");
        if (parsed) change(parsed);
      });
      field.addEventListener("keydown", (event) => event.stopPropagation());
      return el("label", { class: "field" }, el("span", {}, label), field);
    }

    function drawSpanFields() {
      const { window: kind, range } = store.state;
      span.hidden = kind !== "range";
      if (kind !== "range") return;
      const [from, to] = range;
      A.refill(span,
        spanField(t("from"), Math.max(from, first), (parsed) => store.set({ range: [parsed.first, Math.max(to, parsed.first + 1)] })),
        spanField(t("to"), Math.min(to, last) - 1, (parsed) => store.set({ range: [Math.min(from, parsed.last), parsed.last + 1] })));
    }

    function words() {
      playButton = A.button("play", t("play"), () => play(!store.state.playing), { class: "button play" });
      A.refill(buttons,
        A.button("first", t("firstDay"), () => setDay(first), { class: "button wide-only" }),
        A.button("backChange", t("changeBack"), () => stepChange(-1)),
        A.button("back", t("dayBack"), () => step(-1)),
        playButton,
        A.button("next", t("dayOn"), () => step(1)),
        A.button("nextChange", t("changeOn"), () => stepChange(1)),
        A.button("last", t("lastDay"), () => setDay(last - 1), { class: "button wide-only" }));
      buttons.setAttribute("aria-label", t("slider"));
      input.setAttribute("aria-label", t("dateField"));
      input.title = t("dateField");
      slider.setAttribute("aria-label", t("slider"));
      A.refill(selects,
        select(t("show"), store.state.window, [["day", t("winDay")], ["week", t("winWeek")], ["month", t("winMonth")], ["year", t("winYear")], ["all", t("winAll")], ["range", t("winRange")]], (value) => {
          const { day } = store.state;
          store.set({ window: value, range: value === "range" ? store.state.range || [Math.max(first, day - 44), day + 1] : store.state.range });
        }, "window-select"),
        select(t("speed"), String(store.state.speed), [["change", t("speedChange")], ...[7, 30, 90, 365].map((n) => [String(n), t("speedDays", { n })])], (value) =>
          store.set({ speed: value === "change" ? value : Number(value) }), "speed-select"));
      drawSpanFields();
      showPlaying();
    }
    function showPlaying() {
      const on = store.state.playing;
      A.refill(playButton, A.icon(on ? "pause" : "play"));
      playButton.setAttribute("aria-label", t(on ? "pause" : "play"));
      playButton.title = t(on ? "pause" : "play");
      playButton.setAttribute("aria-pressed", String(on));
    }

    let bars = null;
    function histogram() {
      const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
      const width = track.clientWidth;
      const height = track.clientHeight;
      if (!width || !height) return;
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      const context = canvas.getContext("2d");
      context.scale(ratio, ratio);
      const palette = app.palette();
      const inner = width - 2 * INSET;
      const at = (day) => INSET + (inner * (day - first)) / Math.max(1, last - 1 - first);
      const base = height - 17;
      if (!bars || bars.length !== Math.floor(inner / 3)) {
        bars = new Float64Array(Math.max(1, Math.floor(inner / 3)));
        for (let i = 0; i < events.rows; i++) {
          const bin = Math.floor(((events.start[i] - first) / (last - first)) * bars.length);
          if (bin >= 0 && bin < bars.length) bars[bin]++;
        }
      }
      const top = bars.reduce((a, b) => Math.max(a, b), 1);
      // Span of events shown.
      const [from, to] = A.eventSpan(store.state);
      context.fillStyle = palette.mandate;
      context.globalAlpha = 0.16;
      const x0 = at(Math.max(from, first));
      context.fillRect(x0, 2, Math.max(2, at(Math.min(to, last) - 1) - x0), base - 2);
      context.globalAlpha = 1;
      context.fillStyle = palette.muted;
      context.globalAlpha = 0.65;
      for (let k = 0; k < bars.length; k++) {
        const bar = Math.sqrt(bars[k] / top) * (base - 6);
        if (bar > 0) context.fillRect(INSET + k * (inner / bars.length), base - bar, Math.max(1, inner / bars.length - 0.8), bar);
      }
      context.globalAlpha = 1;
      context.fillStyle = palette.border;
      context.fillRect(INSET, base, inner, 1);
      // Marks where control, a mandate or a route changes.
      context.fillStyle = palette.front;
      context.globalAlpha = 0.55;
      for (const day of changes) context.fillRect(at(day) - 0.5, base + 1, 1, 4);
      context.globalAlpha = 1;
      context.fillStyle = app.dark() ? "#ff9d8a" : "#b3203f";
      for (const chapter of model.chapters) {
        const x = at(chapter.day);
        context.beginPath();
        context.moveTo(x, base - 1);
        context.lineTo(x + 3, base + 3);
        context.lineTo(x, base + 7);
        context.lineTo(x - 3, base + 3);
        context.fill();
      }
      const years = [];
      const one = A.days.toYmd(first).year;
      const two = A.days.toYmd(last - 1).year;
      const every = [1, 2, 5, 10, 20, 50, 100].find((n) => ((two - one) / n) * 44 < inner) || 100;
      for (let year = Math.ceil(one / every) * every; year <= two; year += every) years.push(year);
      context.font = '11px "Noto Sans", "Segoe UI", system-ui, sans-serif';
      context.textAlign = "center";
      context.fillStyle = palette.muted;
      let right = -Infinity;
      for (const year of years) {
        const x = at(A.days.fromYmd(year, 1, 1));
        if (x < INSET || x > width - 14 || x - right < 34) continue;
        context.fillText(String(year), x, height - 2);
        right = x;
      }
    }

    const announce = A.debounce(() => {
      const [from, to] = A.eventSpan(store.state);
      A.refill(said, `${A.days.format(store.state.day, store.state.lang)}: ${t("eventCount", { n: events.between(from, to).length })}`);
    }, 700);
    function show() {
      const { day, lang } = store.state;
      const text = A.days.format(day, lang);
      if (face.textContent !== text) face.textContent = text;
      if (document.activeElement !== input || !input.value) input.value = A.days.iso(day);
      slider.value = day;
      slider.setAttribute("aria-valuetext", text);
      announce();
    }
    store.on(["day", "lang"], () => {
      show();
      A.refill(problem);
      input.setAttribute("aria-invalid", "false");
      if (document.activeElement === input) input.value = A.days.iso(store.state.day);
    });
    store.on(["window", "range", "day", "theme"], A.debounce(histogram, 40));
    store.on(["window", "range"], () => {
      drawSpanFields();
      const box = selects.querySelector(".window-select");
      if (box) box.value = store.state.window;
      announce();
    });
    store.on(["playing"], () => {
      showPlaying();
      if (!store.state.playing) cancelAnimationFrame(timer);
    });
    store.on(["lang"], words);
    words();
    return {
      node, step, stepChange, play, setDay, first, last, show,
      // Once the events are there and the map is drawn.
      start() {
        histogram();
        new ResizeObserver(A.debounce(histogram, 60)).observe(track);
      },
    };
  };
})(globalThis.atlasPage);
