"use strict";
// The data blocks of the document: the script stands before the larger ones, so the page is built
// while they still come in.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const whole = new Set();
  const waiting = [];
  const text = (id) => document.getElementById(id).textContent.trim();
  const late = (id) => new Promise((done) => {
    if (whole.has(id) || document.readyState !== "loading") done(text(id));
    else waiting.push([id, done]);
  });
  // Called by the document after a block, and once all of it is there.
  A.arrived = (id) => {
    whole.add(id);
    for (const entry of waiting.splice(0)) {
      if (!id || entry[0] === id) entry[1](text(entry[0]));
      else waiting.push(entry);
    }
  };
  document.addEventListener("DOMContentLoaded", () => A.arrived(""));
  A.blocks = { text, late };

  // After the next frame: what nobody needs to see or use the map.
  A.afterFrame = (work) => {
    const once = () => {
      const now = work;
      work = null;
      if (now) now();
    };
    globalThis.requestAnimationFrame(() => (globalThis.requestIdleCallback ? globalThis.requestIdleCallback(once, { timeout: 100 }) : setTimeout(once, 0)));
    // Out of sight there are no frames.
    setTimeout(once, 400);
  };
})(globalThis.atlasPage);
