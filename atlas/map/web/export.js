"use strict";
// The map as a PNG: canvases and SVG panes joined in their order, with title, date and credit.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  function svgImage(svg, defs) {
    const copy = svg.cloneNode(true);
    copy.prepend(...defs.map((one) => one.cloneNode(true)));
    copy.removeAttribute("style");
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    const text = new XMLSerializer().serializeToString(copy);
    return new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => resolve(image);
      image.onerror = () => reject(new Error("the map's drawing could not be read back"));
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
    });
  }

  const RATIO = 2;
  A.exportPng = (app) => A.withPixelRatio(RATIO, Object.values(app.view.canvases), () => draw(app));

  async function draw(app) {
    const { map, store, model } = app;
    const container = map.getContainer();
    const frame = container.getBoundingClientRect();
    const head = 58;
    const canvas = A.el("canvas", { width: frame.width * RATIO, height: (frame.height + head) * RATIO });
    const context = canvas.getContext("2d");
    context.scale(RATIO, RATIO);
    const palette = app.palette();
    context.fillStyle = palette.paper;
    context.fillRect(0, 0, frame.width, frame.height + head);
    context.save();
    context.translate(0, head);
    context.beginPath();
    context.rect(0, 0, frame.width, frame.height);
    context.clip();
    const panes = [...container.querySelectorAll(".atlas-pane")].sort((a, b) => Number(a.style.zIndex) - Number(b.style.zIndex));
    for (const pane of panes) {
      const opacity = Number(getComputedStyle(pane).opacity);
      for (const child of pane.children) {
        const box = child.getBoundingClientRect();
        context.globalAlpha = opacity;
        if (child.tagName === "CANVAS") context.drawImage(child, box.left - frame.left, box.top - frame.top, box.width, box.height);
        else if (child.tagName.toLowerCase() === "svg") context.drawImage(await svgImage(child, [app.patterns.defs, app.hatches.defs]), box.left - frame.left, box.top - frame.top, box.width, box.height);
      }
    }
    context.restore();
    const { day, lang } = store.state;
    context.fillStyle = palette.ink;
    context.font = '600 20px "Noto Serif", Georgia, serif';
    context.fillText(A.days.format(day, lang), 16, 26);
    context.font = '13px "Noto Sans", system-ui, sans-serif';
    context.fillStyle = palette.muted;
    context.fillText(model.localName(model.data.titles, lang), 16, 46);
    context.textAlign = "right";
    context.font = '11px "Noto Sans", system-ui, sans-serif';
    if (app.model.data.credits.length) context.fillText(A.t("credit"), frame.width - 16, 46);
    // Who holds what is shown, told from the right.
    context.font = '13px "Noto Sans", system-ui, sans-serif';
    const tint = Number(getComputedStyle(app.root).getPropertyValue("--tint")) || 1;
    let x = frame.width - 16;
    const holders = store.state.layers.control ? [...model.heldBy(day, store.state.side).keys()] : [];
    for (const id of holders.reverse()) {
      const name = model.partyName(id, lang);
      const width = context.measureText(name).width;
      if (x - width - 26 < frame.width * 0.35) break;
      context.fillStyle = palette.ink;
      context.fillText(name, x, 25);
      context.fillStyle = (model.parties.get(id) || {}).colour || "#888888";
      // As strong as on the map.
      context.globalAlpha = tint;
      context.fillRect(x - width - 22, 14, 16, 12);
      context.globalAlpha = 1;
      x -= width + 38;
    }
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const url = URL.createObjectURL(blob);
    const name = `${model.data.id}-${A.days.iso(day)}.png`;
    A.el("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    return { name, size: blob.size, width: canvas.width, height: canvas.height };
  }
})(globalThis.atlasPage);
