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
