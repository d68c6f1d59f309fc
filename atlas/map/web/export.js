"use strict";
// The map as a picture that can travel alone: title, date, whose account it is, the map - both halves
// of a comparison -, the key of what is on it, a scale, sources, licence and the way back.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const RATIO = 2;
  const MARGIN = 16;
  const SERIF = '"Noto Serif", "Noto Serif Armenian", Georgia, serif';
  const SANS = '"Noto Sans", "Noto Sans Armenian", system-ui, sans-serif';

  A.imageOf = (svg, defs) => {
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
  };

  const canvasesOf = (app) => [app.view, app.compare.view()].flatMap((view) => (view ? Object.values(view.canvases) : []));
  A.exportPng = (app) => A.withPixelRatio(RATIO, canvasesOf(app), () => draw(app));

  // Panes of a map in their order, clipped to the part of it that is seen.
  async function drawPanes(context, app, container, stage, clip) {
    const { dark } = app.settings(0, []);
    context.save();
    context.beginPath();
    context.rect(...clip);
    context.clip();
    context.fillStyle = dark ? "#14222c" : "#c9dbe6";
    context.fillRect(...clip);
    const panes = [...container.querySelectorAll(".atlas-pane")].sort((a, b) => Number(a.style.zIndex) - Number(b.style.zIndex));
    for (const pane of panes) {
      const opacity = Number(getComputedStyle(pane).opacity);
      for (const child of pane.children) {
        const box = child.getBoundingClientRect();
        const place = [box.left - stage.left, box.top - stage.top, box.width, box.height];
        context.globalAlpha = opacity;
        if (child.tagName === "CANVAS") context.drawImage(child, ...place);
        else if (child.classList.contains("callout-spot")) drawNote(context, app, child, place);
        else if (child.tagName.toLowerCase() === "svg") context.drawImage(await A.imageOf(child, [app.patterns.defs, app.hatches.defs]), ...place);
      }
    }
    context.restore();
  }

  // What a chapter points at, with its words, as it stands on the map.
  function drawNote(context, app, spot, [x, y]) {
    const { paper, ink } = app.palette();
    const box = spot.querySelector(".callout");
    const { width, height } = box.getBoundingClientRect();
    const left = x + box.offsetLeft;
    const top = y + box.offsetTop;
    context.globalAlpha = 1;
    context.fillStyle = ink;
    context.fillRect(left - 1.5, top - 1.5, width + 3, height + 3);
    context.fillStyle = paper;
    context.fillRect(left, top, width, height);
    context.fillStyle = ink;
    context.font = `600 12.5px ${SANS}`;
    const right = A.i18n.direction() === "rtl";
    context.textAlign = right ? "right" : "left";
    A.lines(context, box.textContent, width - 18).forEach((line, i) => context.fillText(line, right ? left + width - 9 : left + 9, top + 16 + i * 16));
    context.textAlign = "left";
    context.beginPath();
    context.arc(x, y, 4, 0, 7);
    context.fill();
  }

  // A bar of a round length, as long as it is on this map.
  function scaleOf(map) {
    const y = map.getSize().y / 2;
    const metres = map.distance(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([120, y]));
    const power = 10 ** Math.floor(Math.log10(metres));
    const round = [5, 2, 1].map((k) => k * power).find((k) => k <= metres) || power;
    return { px: (round / metres) * 120, label: round >= 1000 ? `${round / 1000} km` : `${round} m` };
  }

  async function draw(app) {
    const { map, store, model, stage } = app;
    const { day, lang, side, compare } = store.state;
    app.legend.show(); // the key is read off it, also where it has not been shown yet
    const rect = stage.getBoundingClientRect();
    const palette = app.palette();
    const width = rect.width;
    const measure = A.el("canvas", {}).getContext("2d");
    const inner = width - 2 * MARGIN;
    const title = A.titleOf(app);
    const whose = A.whoseOf(app);
    measure.font = `600 21px ${SERIF}`;
    const dateLines = A.lines(measure, title, inner);
    measure.font = `14px ${SANS}`;
    const titleLines = A.lines(measure, model.localName(model.data.titles, lang), inner);
    const head = 14 + dateLines.length * 25 + titleLines.length * 18 + 24;
    const key = A.keyOf(app);
    const keyTop = head + rect.height + 14;
    const keyEnd = await A.drawKey(measure, null, app, key, { left: MARGIN, width: inner, top: keyTop });
    measure.font = `11px ${SANS}`;
    // Beside the scale, or on a narrow picture below it.
    const beside = inner > 560;
    const room = inner - (beside ? 150 : 0);
    const footTop = keyEnd + (beside ? 15 : 42);
    const sources = await A.sourcesTold(app, (line) => A.lines(measure, line, room).length <= 2);
    const credit = A.creditOf(app, sources);
    const { word, text } = A.viewOf(app);
    const label = word ? `${word}: ` : "";
    const parts = A.lines(measure, text.replace(/([&/#,])/g, "$1 "), room - measure.measureText(label).width).map((line) => line.replace(/ /g, ""));
    const footLines = [...[sources, A.creditOf(app, "")].filter(Boolean).flatMap((line) => A.lines(measure, line, room)), label + parts[0], ...parts.slice(1)];
    const foot = Math.max(34, footLines.length * 14 + footTop - keyEnd - 3);
    const canvas = A.el("canvas", { width: Math.round(width * RATIO), height: Math.round((keyEnd + foot + 8) * RATIO) });
    const context = canvas.getContext("2d");
    context.scale(RATIO, RATIO);
    context.fillStyle = palette.paper;
    context.fillRect(0, 0, width, keyEnd + foot + 8);
    let y = 10;
    context.fillStyle = palette.ink;
    context.font = `600 21px ${SERIF}`;
    for (const line of dateLines) context.fillText(line, MARGIN, (y += 25) - 6);
    context.font = `14px ${SANS}`;
    context.fillStyle = palette.muted;
    for (const line of titleLines) context.fillText(line, MARGIN, (y += 18) - 3);
    context.font = `600 13px ${SANS}`;
    context.fillStyle = side ? "#9c2f2f" : palette.muted;
    if (side && app.dark()) context.fillStyle = "#ff9d8a";
    context.fillText(whose, MARGIN, y + 17);
    context.save();
    context.translate(0, head);
    const own = map.getContainer().getBoundingClientRect();
    if (!compare) await drawPanes(context, app, map.getContainer(), rect, [0, 0, width, rect.height]);
    else {
      const bar = stage.querySelector(".divider").getBoundingClientRect();
      const at = bar.left + bar.width / 2 - rect.left;
      await drawPanes(context, app, map.getContainer(), rect, [Math.max(at, own.left - rect.left), 0, width - at, rect.height]);
      await drawPanes(context, app, stage.querySelector(".compare-inner"), rect, [0, 0, at, rect.height]);
      context.fillStyle = palette.ink;
      context.fillRect(at - 1, 0, 2, rect.height);
      context.font = `600 13px ${SERIF}`;
      for (const [text, right] of [[A.days.format(compare.day, lang), false], [A.days.format(day, lang), true]]) {
        const wide = context.measureText(text).width + 20;
        const x = right ? Math.min(at + 12, width - wide - 6) : Math.max(at - 12 - wide, 6);
        context.fillStyle = palette.ink;
        context.fillRect(x, rect.height - 36, wide, 24);
        context.fillStyle = palette.paper;
        context.fillText(text, x + 10, rect.height - 19);
      }
    }
    context.restore();
    await A.drawKey(measure, context, app, key, { left: MARGIN, width: inner, top: keyTop });
    const scale = scaleOf(map);
    context.fillStyle = palette.ink;
    context.fillRect(MARGIN, keyEnd + 20, scale.px, 3);
    context.font = `11px ${SANS}`;
    context.fillText(scale.label, MARGIN, keyEnd + 15);
    context.fillStyle = palette.muted;
    context.textAlign = beside ? "right" : "left";
    footLines.forEach((line, i) => context.fillText(line, beside ? width - MARGIN : MARGIN, footTop + i * 14));
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const name = `${[model.data.id || "map", A.days.iso(day), side && `according-to-${side}`].filter(Boolean).join("-")}.png`;
    A.saveFile(blob, name);
    return { name, size: blob.size, width: canvas.width, height: canvas.height, says: [title, whose, ...key.flatMap(({ heading, items, notes }) => [heading, ...items.map((item) => item.text), ...notes]), credit] };
  }
})(globalThis.atlasPage);
