"use strict";
// Keys for the clock, wherever the focus is - unless it is in something that needs them itself.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  A.bindKeys = (app) => {
    const { clock, map, store } = app;
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
      // On the map itself: Shift and the arrows move it, Enter asks about its middle.
      if (target === map.getContainer()) {
        const by = event.shiftKey && { ArrowLeft: [-90, 0], ArrowRight: [90, 0], ArrowUp: [0, -90], ArrowDown: [0, 90] }[event.key];
        if (by || event.key === "Enter") {
          event.preventDefault();
          if (by) map.panBy(by, { animate: false });
          else app.pick(map.getCenter(), -1);
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
