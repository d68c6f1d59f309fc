"use strict";
// Keys for the clock, wherever the focus is - unless it is in something that needs them itself.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  A.bindKeys = (app) => {
    const { clock, map, store, view } = app;
    const actions = {
      ArrowLeft: () => clock.step(-1),
      ArrowRight: () => clock.step(1),
      PageUp: () => clock.stepChange(-1),
      PageDown: () => clock.stepChange(1),
      Home: () => clock.setDay(clock.first),
      End: () => clock.setDay(clock.last - 1),
      " ": () => clock.play(!store.state.playing),
      "+": () => map.zoomIn(),
      "=": () => map.zoomIn(),
      "-": () => map.zoomOut(),
      Escape: () => store.set({ sel: null, playing: false }),
    };
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "p" && !event.defaultPrevented) {
        event.preventDefault();
        app.print();
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = /** @type {any} */ (event.target);
      const tag = target.tagName;
      const tool = app.tools.current();
      if (tool && event.key === "Escape") {
        event.preventDefault();
        app.tools.stop();
        return;
      }
      if (tool && target === map.getContainer() && ["Enter", "Backspace"].includes(event.key)) {
        event.preventDefault();
        if (event.key === "Backspace") { if (tool.back) tool.back(); }
        else if (tool.enter) tool.enter();
        else tool.click(map.getCenter());
        return;
      }
      if (event.key === "Escape" && view.spread()) {
        event.preventDefault();
        view.lay([]);
        return;
      }
      // On the map itself: Shift and the arrows move it, Enter asks about its middle.
      if (target === map.getContainer()) {
        const open = view.spread();
        const by = event.shiftKey && { ArrowLeft: [-90, 0], ArrowRight: [90, 0], ArrowUp: [0, -90], ArrowDown: [0, 90] }[event.key];
        if (by || event.key === "Enter") {
          event.preventDefault();
          if (by) map.panBy(by, { animate: false });
          else if (open && open.at >= 0) app.pick(map.getCenter(), open.rows[open.at]);
          else app.touch(map.getCenter(), 24);
          return;
        }
        // Among marks laid side by side the arrows choose.
        const step = open && { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
        if (step) {
          event.preventDefault();
          const row = view.chooseSpread(step);
          app.tell(row, view.markOf(row)).then(app.say);
          return;
        }
      }
      const slider = target.classList && target.classList.contains("slider");
      if (!slider && (tag === "INPUT" && target.type !== "checkbox" || tag === "SELECT" || tag === "TEXTAREA")) return;
      if (event.key === " " && (tag === "BUTTON" || tag === "SUMMARY" || tag === "INPUT" || tag === "A") && !slider) return;
      if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && target.getAttribute && target.getAttribute("role") === "tab") return;
      const action = actions[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    });
  };
})(globalThis.atlasPage);
