"use strict";
// The key of a saved picture: the legend's own headings, samples, words and notes, set for paper.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const SANS = '"Noto Sans", "Noto Sans Armenian", system-ui, sans-serif';
  const TEXT = `12.5px ${SANS}`;
  const HEADING = `600 12.5px ${SANS}`;

  // Groups of the events that are in view, on either of two dates.
  function groupsShown(app) {
    const { map, store, events } = app;
    const bounds = map.getBounds();
    const rows = A.daysShown(app).flatMap((day) => [...events.between(...A.eventSpan({ ...store.state, day }))]);
    return new Set(rows.filter((i) => bounds.contains([events.lat(i), events.lon(i)])).map((i) => A.GROUP_NAMES[events.group(i)]));
  }

  // What is on the map, in the order of the legend: [{heading, items: [{picture, text}], notes}].
  A.keyOf = (app) => {
    const { store } = app;
    const blocks = [];
    const shown = groupsShown(app);
    for (const group of app.legend.node.querySelectorAll(".legend-group")) {
      const switched = group.querySelector("input[data-layer]");
      if (!switched || !switched.checked) continue;
      const events = switched.dataset.layer === "events";
      if (events && !shown.size) continue;
      const items = [];
      for (const row of group.querySelectorAll(":scope > ul > li, .shades > li")) {
        const check = row.parentElement.closest("li, .legend-group").querySelector(":scope > label > input[data-set]") || row.querySelector("input[type=checkbox]");
        if (check && !check.checked && !check.indeterminate) continue;
        if (check && check.dataset.group && !shown.has(check.dataset.group)) continue;
        const picture = row.querySelector(":scope > svg.sample, :scope > label > svg.sample, canvas.mark");
        const label = row.querySelector(":scope > label > span:last-of-type, :scope > span");
        if (picture && label) items.push({ picture, text: label.textContent.trim() });
      }
      if (!items.length) continue;
      const title = group.querySelector(".legend-title span").textContent;
      const days = A.daysShown(app).map((day) => A.spanText(app, A.eventSpan({ ...store.state, day })));
      const notes = [...group.querySelectorAll(":scope > .legend-note")].map((note) => note.textContent.trim()).filter(Boolean);
      blocks.push({ heading: events ? `${title} · ${[...new Set(days)].join(" | ")}` : title, items, notes });
    }
    const tool = app.tools.key();
    return tool ? [...blocks, { heading: "", items: [tool], notes: [] }] : blocks;
  };

  // Set the key, or only measure it where there is no context to draw in; give where it ends.
  A.drawKey = async (measure, context, app, blocks, { left, width, top }) => {
    const tint = Number(getComputedStyle(app.root).getPropertyValue("--tint")) || 1;
    const { ink, muted } = app.palette();
    const columns = Math.max(1, Math.min(4, Math.floor(width / 175)));
    const cell = width / columns;
    const write = (text, x, y, font, colour) => {
      if (!context) return;
      context.font = font;
      context.fillStyle = colour;
      context.fillText(text, x, y);
    };
    async function sample(picture, x, y) {
      if (picture.tagName === "CANVAS") return context.drawImage(picture, x + 4, y - 3, 20, 20);
      const copy = picture.cloneNode(true);
      copy.setAttribute("color", ink);
      for (const shape of copy.querySelectorAll(".tint")) shape.setAttribute("fill-opacity", shape.classList.contains("pale") ? tint * 0.3 : tint);
      return context.drawImage(await A.imageOf(copy, [app.patterns.defs, app.hatches.defs]), x, y, 28, 14);
    }
    let y = top;
    for (const { heading, items, notes } of blocks) {
      measure.font = HEADING;
      for (const line of heading ? A.lines(measure, heading, width) : []) {
        write(line, left, y + 11, HEADING, ink);
        y += 19;
      }
      measure.font = TEXT;
      let column = 0;
      let tallest = 0;
      for (const { picture, text } of items) {
        // A long text takes the room of two.
        const wide = columns > 1 && A.lines(measure, text, cell - 46).length > 2 ? 2 : 1;
        if (column + wide > columns) {
          y += tallest;
          column = tallest = 0;
        }
        const x = left + column * cell;
        const rows = A.lines(measure, text, wide * cell - 46);
        if (context) await sample(picture, x, y);
        rows.forEach((row, i) => write(row, x + 36, y + 11 + i * 15, TEXT, ink));
        tallest = Math.max(tallest, 18, rows.length * 15 + 3);
        column += wide;
      }
      y += tallest;
      for (const line of notes.flatMap((note) => A.lines(measure, note, width))) {
        write(line, left, y + 13, TEXT, muted);
        y += 16;
      }
      y += 7;
    }
    return y;
  };
})(globalThis.atlasPage);
