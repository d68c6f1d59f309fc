"use strict";
// Paper has another shape than the screen: what is in view there is fitted into it. Drawn before the
// browser starts to print, for a canvas drawn while it does blanks all that lies below it.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  A.bindPrint = (app) => {
    const { map, root } = app;
    const foot = A.el("p", { class: "paper-foot", "aria-hidden": "true" });
    root.append(foot);
    const say = () => {
      const { word, text } = A.viewOf(app);
      A.refill(foot, [A.titleOf(app), A.whoseOf(app), A.creditOf(app), word ? `${word}: ${text}` : text].join(" · "));
    };
    globalThis.addEventListener("beforeprint", say);
    // On paper a pattern is a picture of the whole map, one for every path that it fills and every
    // outline: areas of one pattern are printed as one path.
    const apart = [];
    const gather = () => {
      for (const svg of root.querySelectorAll(".leaflet-atlas-control-pane svg")) {
        const alike = new Map();
        for (const area of svg.querySelectorAll("path.atlas-area[fill^='url(']")) {
          const key = `${area.getAttribute("fill")} ${area.getAttribute("fill-opacity")}`;
          if (!alike.has(key)) alike.set(key, []);
          alike.get(key).push(area);
        }
        for (const areas of alike.values()) {
          const whole = areas[0].cloneNode();
          whole.setAttribute("d", areas.map((area) => area.getAttribute("d")).join(""));
          whole.setAttribute("stroke", "none");
          areas[0].before(whole);
          for (const area of areas) area.setAttribute("display", "none");
          apart.push([whole, areas]);
        }
      }
    };
    const part = () => {
      for (const [whole, areas] of apart.splice(0)) {
        whole.remove();
        for (const area of areas) area.removeAttribute("display");
      }
    };
    globalThis.addEventListener("beforeprint", () => { part(); gather(); });
    globalThis.addEventListener("afterprint", part);
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    app.print = async () => {
      const kept = [map.getCenter(), map.getZoom()];
      const bounds = app.seen();
      say();
      root.dataset.paper = "";
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(bounds, { animate: false });
      await frame();
      await frame();
      const back = () => {
        globalThis.removeEventListener("afterprint", back);
        if (!("paper" in root.dataset)) return;
        delete root.dataset.paper;
        map.invalidateSize({ animate: false, pan: false });
        map.setView(...kept, { animate: false });
      };
      globalThis.addEventListener("afterprint", back);
      globalThis.print();
      // Where a frame may not print, nothing tells that it is over.
      setTimeout(back, 2000);
    };
  };
})(globalThis.atlasPage);
