"use strict";
// Where more events are in view than an eye can tell apart: hexagons with their number, each in the
// colour of the kind that is most frequent in it. They stand on the ground, not on the window, so that
// they do not dance while it is moved.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const RADIUS = 27;
  const WIDE = RADIUS * Math.sqrt(3);
  const TALL = RADIUS * 1.5;
  A.MANY = 2000;

  // Column and row of the hexagon around a point, in pixels of the world.
  A.hexagonAt = (x, y) => {
    const down = y / TALL;
    let row = Math.round(down);
    const along = x / WIDE - (row & 1) / 2;
    let column = Math.round(along);
    const off = down - row;
    // Near the upper and lower points the hexagon of the next row may be nearer.
    if (Math.abs(off) * 3 > 1) {
      const other = column + (along < column ? -1 : 1) / 2;
      const beyond = row + (down < row ? -1 : 1);
      const far = (across, up) => (across * WIDE) ** 2 + (up * TALL) ** 2;
      if (far(along - column, off) > far(along - other, down - beyond)) {
        column = other + (row & 1 ? 1 : -1) / 2;
        row = beyond;
      }
    }
    return [column, row];
  };
  const middleOf = (column, row) => [(column + (row & 1) / 2) * WIDE, row * TALL];

  // Rows of events within the view, as bounds in the events' own units.
  function bounds(view, margin) {
    const scale = view.scale / A.WORLD_UNITS;
    return [(view.left - margin) / scale, (view.top - margin) / scale, (view.left + view.width + margin) / scale, (view.top + view.height + margin) / scale];
  }
  A.countInView = ({ x, y }, rows, view) => {
    const [west, north, east, south] = bounds(view, 0);
    let n = 0;
    for (let k = 0; k < rows.length; k++) {
      const i = rows[k];
      if (x[i] >= west && x[i] <= east && y[i] >= north && y[i] <= south) n += 1;
    }
    return n;
  };

  // [{column, row, x, y, n, kinds: [[kind, n], ..]}], x and y in pixels of the view; `kindOf` gives a number below `kinds`.
  A.hexagons = ({ x, y }, rows, view, kindOf, kinds) => {
    const [west, north, east, south] = bounds(view, RADIUS);
    const scale = view.scale / A.WORLD_UNITS;
    const firstColumn = Math.floor((view.left - RADIUS) / WIDE) - 2;
    const firstRow = Math.floor((view.top - RADIUS) / TALL) - 2;
    const columns = Math.ceil((view.width + 2 * RADIUS) / WIDE) + 5;
    const deep = Math.ceil((view.height + 2 * RADIUS) / TALL) + 5;
    const counts = new Int32Array(columns * deep * kinds);
    for (let k = 0; k < rows.length; k++) {
      const i = rows[k];
      if (x[i] < west || x[i] > east || y[i] < north || y[i] > south) continue;
      const [column, row] = A.hexagonAt(x[i] * scale, y[i] * scale);
      counts[((row - firstRow) * columns + column - firstColumn) * kinds + kindOf(i)] += 1;
    }
    const found = [];
    for (let cell = 0; cell < columns * deep; cell++) {
      let n = 0;
      for (let kind = 0; kind < kinds; kind++) n += counts[cell * kinds + kind];
      if (!n) continue;
      const row = Math.floor(cell / columns) + firstRow;
      const column = (cell % columns) + firstColumn;
      const [cx, cy] = middleOf(column, row);
      const told = [];
      for (let kind = 0; kind < kinds; kind++) if (counts[cell * kinds + kind]) told.push([kind, counts[cell * kinds + kind]]);
      told.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
      found.push({ column, row, x: cx - view.left, y: cy - view.top, n, kinds: told });
    }
    return found;
  };

  const CORNERS = [0, 1, 2, 3, 4, 5].map((k) => [Math.sin((k * Math.PI) / 3), -Math.cos((k * Math.PI) / 3)]);
  const corners = (x, y, r) => CORNERS.map(([across, down]) => [x + r * across, y + r * down]);
  function trace(context, x, y, r) {
    const [top, ...rest] = corners(x, y, r);
    context.moveTo(...top);
    for (const corner of rest) context.lineTo(...corner);
    context.closePath();
  }
  A.hexagonPath = (x, y, r) => `M${corners(x, y, r).map((corner) => corner.map((value) => value.toFixed(1)).join(" ")).join("L")}Z`;

  // The more events, the larger the coloured part; the number says how many.
  A.drawHexagons = (context, cells, palette, colourOf) => {
    const most = cells.reduce((top, cell) => Math.max(top, cell.n), 1);
    const byColour = new Map();
    for (const cell of cells) {
      const colour = colourOf(cell.kinds[0][0]);
      if (!byColour.has(colour)) byColour.set(colour, []);
      byColour.get(colour).push(cell);
    }
    context.beginPath();
    for (const cell of cells) trace(context, cell.x, cell.y, RADIUS - 1);
    context.globalAlpha = 0.62;
    context.fillStyle = palette.paper;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = palette.muted;
    context.globalAlpha = 0.5;
    context.stroke();
    for (const [colour, list] of byColour) {
      context.beginPath();
      for (const cell of list) trace(context, cell.x, cell.y, (RADIUS - 2) * (0.3 + 0.7 * Math.sqrt(cell.n / most)));
      context.globalAlpha = 0.5;
      context.fillStyle = colour;
      context.fill();
    }
    context.globalAlpha = 1;
    context.font = '600 11.5px "Noto Sans", system-ui, sans-serif';
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = palette.paper;
    context.fillStyle = palette.ink;
    for (const cell of cells) {
      const text = A.number(cell.n);
      context.strokeText(text, cell.x, cell.y + 0.5);
      context.fillText(text, cell.x, cell.y + 0.5);
    }
    context.textAlign = "start";
  };

  // [south, west, north, east] of the events in one hexagon.
  A.groundOf = (events, rows, view, cell) => {
    const scale = view.scale / A.WORLD_UNITS;
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = 0; k < rows.length; k++) {
      const i = rows[k];
      const [column, row] = A.hexagonAt(events.x[i] * scale, events.y[i] * scale);
      if (column !== cell.column || row !== cell.row) continue;
      const [lat, lon] = [events.lat(i), events.lon(i)];
      box[0] = Math.min(box[0], lat);
      box[1] = Math.min(box[1], lon);
      box[2] = Math.max(box[2], lat);
      box[3] = Math.max(box[3], lon);
    }
    return box;
  };
})(globalThis.atlasPage);
