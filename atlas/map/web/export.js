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

  A.exportPng = async (app) => {
    const { map, store, model } = app;
    const container = map.getContainer();
    const frame = container.getBoundingClientRect();
    const ratio = Math.min(2, globalThis.devicePixelRatio || 1) < 2 ? 2 : 2;
    const head = 58;
    const canvas = A.el("canvas", { width: frame.width * ratio, height: (frame.height + head) * ratio });
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
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
    context.fillText(A.t("credit"), frame.width - 16, 46);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const url = URL.createObjectURL(blob);
    const name = `${model.data.id}-${A.days.iso(day)}.png`;
    A.el("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    return { name, size: blob.size, width: canvas.width, height: canvas.height };
  };
})(globalThis.atlasPage);
