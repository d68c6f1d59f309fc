"use strict";
// The dock: one clock for everything - steps by day and by change over the timeline, typed
// EDTF dates, playing, and which span of events is shown.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;
  const WINDOWS = { day: 1, week: 7, month: 30, year: 365 };
  // What of the store decides which events are shown, the day aside.
  A.EVENT_CHOICES = ["window", "range", "hidden", "sets", "actor", "certainty"];

  // Half-open span of days whose events are shown.
  A.eventSpan = (state) => {
    if (state.window === "range" && state.range) return state.range;
    if (state.window === "all") return [-(2 ** 30), state.day + 1];
    return [state.day + 1 - (WINDOWS[state.window] || 30), state.day + 1];
  };
  // The same for a reader, within what is on record.
  A.spanText = ({ model, store }, [from, to]) => {
    const { lang } = store.state;
    const { first, last } = model.data.page;
    const [one, two] = [Math.max(from, first), Math.min(to, last) - 1];
    return one >= two ? A.days.format(two, lang) : `${A.days.format(one, lang)} – ${A.days.format(two, lang)}`;
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
    const timeline = A.createTimeline(app, { first, last, changes, setDay });
    const buttons = el("div", { class: "transport", role: "group" });
    const selects = el("div", { class: "dock-options" });
    const span = el("div", { class: "span-fields" });
    const node = el("footer", { class: "dock" },
      el("div", { class: "dock-row" }, buttons, el("div", { class: "clock-date" }, face, input), selects, span, timeline.tools, problem), timeline.node, said);
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

    const announce = A.debounce(() => {
      const [from, to] = A.eventSpan(store.state);
      A.refill(said, `${A.days.format(store.state.day, store.state.lang)}: ${t("eventCount", { n: events.between(from, to).length })}`);
    }, 700);
    function show() {
      const { day, lang } = store.state;
      const text = A.days.format(day, lang);
      if (face.textContent !== text) face.textContent = text;
      if (document.activeElement !== input || !input.value) input.value = A.days.iso(day);
      announce();
    }
    store.on(["day", "lang"], () => {
      show();
      A.refill(problem);
      input.setAttribute("aria-invalid", "false");
      if (document.activeElement === input) input.value = A.days.iso(store.state.day);
    });
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
      start: timeline.start,
      timeline,
    };
  };
})(globalThis.atlasPage);
