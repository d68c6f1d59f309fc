"use strict";
// Events on a canvas: a mark each where they can be told apart, hexagons with their number where they can't.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { GROUPS, groupOf, groupColour } = A.theme;
  let GROUP_NAMES = Object.keys(GROUPS);
  A.WORLD_UNITS = 2 ** 26;

  function outline(context, shape, x, y, r) {
    context.beginPath();
    switch (shape) {
      case "triangle":
        context.moveTo(x, y - r * 1.15);
        context.lineTo(x + r * 1.1, y + r * 0.85);
        context.lineTo(x - r * 1.1, y + r * 0.85);
        break;
      case "down":
        context.moveTo(x, y + r * 1.15);
        context.lineTo(x + r * 1.1, y - r * 0.85);
        context.lineTo(x - r * 1.1, y - r * 0.85);
        break;
      case "diamond":
        context.moveTo(x, y - r * 1.25);
        context.lineTo(x + r * 1.15, y);
        context.lineTo(x, y + r * 1.25);
        context.lineTo(x - r * 1.15, y);
        break;
      case "square":
        context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
        break;
      case "hexagon":
        for (let i = 0; i < 6; i++) context.lineTo(x + r * 1.1 * Math.cos((i * Math.PI) / 3), y + r * 1.1 * Math.sin((i * Math.PI) / 3));
        break;
      case "cross": {
        const w = r * 0.42;
        const l = r * 1.15;
        for (const [px, py] of [[-w, -l], [w, -l], [w, -w], [l, -w], [l, w], [w, w], [w, l], [-w, l], [-w, w], [-l, w], [-l, -w], [-w, -w]]) context.lineTo(x + px, y + py);
        break;
      }
      case "flag":
        context.moveTo(x - r * 0.75, y - r * 1.2);
        context.lineTo(x + r * 1.15, y - r * 0.55);
        context.lineTo(x - r * 0.35, y + r * 0.15);
        context.lineTo(x - r * 0.35, y + r * 1.25);
        context.lineTo(x - r * 0.75, y + r * 1.25);
        break;
      default:
        context.arc(x, y, r, 0, 7);
    }
    context.closePath();
  }
  A.drawMark = (context, group, x, y, r, { hollow, dark, paper, ink, ring }) => {
    const colour = ink || groupColour(group, dark);
    outline(context, GROUPS[group].shape, x, y, r);
    context.lineJoin = "round";
    context.lineWidth = hollow ? 4 : 3;
    // A user's own events have a dark rim, to be told from the record's.
    context.strokeStyle = ring || paper;
    context.stroke();
    context.fillStyle = hollow ? paper : colour;
    context.fill();
    if (hollow) {
      context.lineWidth = 2;
      context.strokeStyle = colour;
      context.stroke();
    }
  };

  // Hollow: how many died is not stated. Nobody is expected to die in talks.
  A.isViolent = (group) => Boolean(GROUPS[GROUP_NAMES[group]].violent);
  const hollow = (events, i) => events.deaths(i) < 0 && A.isViolent(events.group(i));
  A.hollowMark = hollow;
  const radiusOf = (deaths) => (deaths < 0 ? 4.2 : A.clamp(4.2 + Math.sqrt(deaths) * 0.75, 4.2, 19));

  A.createEvents = (core) => {
    const n = core.rows;
    // Places come as whole units of Web Mercator, ready to draw.
    const { start, days, x, y } = core.columns;
    const { words, longest, tells } = core;
    const types = words.type || [""];
    A.theme.ownGroups(types);
    A.GROUP_NAMES = GROUP_NAMES = Object.keys(GROUPS);
    const groupOfType = Uint8Array.from(types, (type) => Math.max(0, GROUP_NAMES.indexOf(groupOf[type] || "people")));
    // Events without a type are all of one: the first.
    const typeCodes = core.columns.type || new Uint8Array(n);
    const group = (i) => groupOfType[typeCodes[i]];
    const word = (name, i) => (core.columns[name] ? words[name][core.columns[name][i]] : "");
    const typeName = (code) => types[code] || "other";
    const typeOf = (i) => typeName(typeCodes[i]);
    const setNames = words.set || [""];
    const setCodes = core.columns.set;
    const setOf = (i) => (setCodes ? setNames[setCodes[i]] : "");
    // Colour of a row's set or class; empty where its type says it.
    let inks = null;
    const inkOf = (i) => {
      if (!inks || !setCodes || !setCodes[i]) return "";
      const { colour, shades } = inks[setCodes[i]] || {};
      return (shades && shades.get(word("shade", i))) || colour || "";
    };
    const shaded = () => Boolean(inks);
    const paint = (sets) => {
      const known = new Map(sets.map((one) => [one.name, { colour: one.colour, shades: new Map(one.shades) }]));
      inks = sets.some((one) => one.colour || one.shades.length) ? setNames.map((name) => known.get(name)) : null;
    };
    let pass = null;
    let every = null;

    // First row that starts on or after a day.
    function lower(day) {
      let a = 0;
      let b = n;
      while (a < b) {
        const m = (a + b) >> 1;
        if (start[m] < day) a = m + 1;
        else b = m;
      }
      return a;
    }
    // Rows whose days overlap [from, to), in order; those that fail the filters left out.
    function between(from, to) {
      const first = lower(from - longest + 1);
      const last = lower(to);
      // Nothing to leave out: a window on the numbers of all rows, not to be written to.
      if (!pass && first < last && start[first] >= from) {
        if (!every) {
          every = new Int32Array(n);
          for (let i = 0; i < n; i++) every[i] = i;
        }
        return every.subarray(first, last);
      }
      const out = new Int32Array(Math.max(0, last - first));
      let count = 0;
      for (let i = first; i < last; i++) {
        if (start[i] + days[i] > from && (!pass || pass[i])) out[count++] = i;
      }
      return out.subarray(0, count);
    }
    function filter({ hidden, actor, certainty, sets }) {
      if (!hidden.length && !actor && !certainty.length && !sets.length) {
        pass = null;
        return;
      }
      const off = new Set(hidden);
      const setOk = Uint8Array.from(setNames, (name) => (sets.includes(name) ? 0 : 1));
      const typeOk = Uint8Array.from(types, (type) => (off.has(type || "other") ? 0 : 1));
      const unsure = new Set(certainty);
      const certaintyOk = Uint8Array.from(words.certainty || [""], (one) => (unsure.has(one || "certain") ? 0 : 1));
      const actors1 = core.columns.actor1;
      const actors2 = core.columns.actor2;
      const is = (codes, list, i) => codes && list[codes[i]].includes(actor);
      pass = new Uint8Array(n);
      for (let i = 0; i < n; i++) {
        pass[i] =
          typeOk[typeCodes[i]] &&
          (setCodes ? setOk[setCodes[i]] : setOk[0]) &&
          (core.columns.certainty ? certaintyOk[core.columns.certainty[i]] : 1) &&
          (!actor || is(actors1, words.actor1, i) || is(actors2, words.actor2, i)) ? 1 : 0;
      }
    }
    return {
      rows: n, x, y, start, days, words, tells, group, groupOfType, typeCodes, typeName, typeOf, word, setOf, inkOf, shaded, paint, setNames, lower, between, filter,
      lon: (i) => (x[i] / A.WORLD_UNITS) * 360 - 180,
      lat: (i) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y[i]) / A.WORLD_UNITS))) * 180) / Math.PI,
      deaths: (i) => core.columns.deaths[i] - 1, uncertainty: (i) => core.columns.uncertainty[i] - 1,
    };
  };

  A.createPoints = (events) => {
    let rows = [];
    let atlas = null;
    let placed = [];
    let cells = []; // hexagons, where there are too many for marks
    let paints = null;
    let hovered = -1;
    let spread = null; // what stands on one spot, laid out: {rows, spots: Map of row to [dx, dy], at}

    function sprites(dark, paper, ratio) {
      const key = `${dark}|${ratio}`;
      if (atlas && atlas.key === key) return atlas;
      const cells = new Map();
      return (atlas = {
        key,
        get(group, radius, hollow, ink, ring) {
          const size = Math.round(radius);
          const id = `${group * 128 + size * 2 + (hollow ? 1 : 0)}${ink}${ring}`;
          let cell = cells.get(id);
          if (!cell) {
            const side = Math.ceil(size * 1.3 + 4) * 2;
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = side * ratio;
            const context = canvas.getContext("2d");
            context.scale(ratio, ratio);
            A.drawMark(context, GROUP_NAMES[group], side / 2, side / 2, size, { hollow, dark, paper, ink, ring });
            cells.set(id, (cell = { canvas, side }));
          }
          return cell;
        },
      });
    }

    // Kinds are groups of events and, where a set has colours of its own, those colours.
    function kinds(dark) {
      const inks = [];
      const shaded = events.shaded();
      const { typeCodes, groupOfType } = events;
      const known = new Map();
      const names = GROUP_NAMES.length;
      const inkKind = (i) => {
        const colour = events.inkOf(i);
        if (!colour) return groupOfType[typeCodes[i]];
        if (!known.has(colour)) known.set(colour, names + inks.push({ colour, set: events.setOf(i), shade: events.word("shade", i) }) - 1);
        return known.get(colour);
      };
      if (shaded) for (const i of rows) inkKind(i);
      return {
        of: shaded ? inkKind : (i) => groupOfType[typeCodes[i]],
        number: names + inks.length,
        colour: (kind) => (kind < names ? groupColour(GROUP_NAMES[kind], dark) : inks[kind - names].colour),
        told: (kind) => (kind < names ? { group: GROUP_NAMES[kind] } : inks[kind - names]),
      };
    }

    function marks(context, view, dark, palette, day, even) {
      const { left, top, width, height, ratio } = view;
      const scale = view.scale / A.WORLD_UNITS;
      const store = sprites(dark, palette.paper, ratio);
      const spots = new Map();
      placed = [];
      const metres = (i) => (Math.cos((events.lat(i) * Math.PI) / 180) * 40075017) / view.scale;
      const drawn = [];
      for (const i of rows) {
        const cx = events.x[i] * scale - left;
        const cy = events.y[i] * scale - top;
        if (cx < -200 || cy < -200 || cx > width + 200 || cy > height + 200) continue;
        const radius = radiusOf(events.deaths(i));
        const wide = events.uncertainty(i) > 0 ? events.uncertainty(i) / metres(i) : 0;
        // Several events of one place stand around it rather than on top of one another.
        const spot = `${Math.round(cx)}|${Math.round(cy)}`;
        const order = spots.get(spot) || 0;
        spots.set(spot, order + 1);
        const turn = order * 2.399963;
        const reach = order ? 7.5 * Math.sqrt(order) : 0;
        const away = spread && spread.spots.get(i);
        const at = away ? [cx + away[0], cy + away[1]] : [cx + reach * Math.cos(turn), cy + reach * Math.sin(turn)];
        drawn.push({ i, x: at[0], y: at[1], spot, cx, cy, away: Boolean(away), radius: away ? Math.min(radius, 9) : radius, hollow: hollow(events, i), spread: wide, today: events.start[i] <= day && day < events.start[i] + events.days[i] });
      }
      const circles = new Set();
      for (const mark of drawn) {
        if (mark.spread < 14 || mark.away) continue;
        const colour = events.inkOf(mark.i) || groupColour(GROUP_NAMES[events.group(mark.i)], dark);
        const { x, y, i } = mark;
        // The full circle on its own days; later a small ring still says that the place is vague.
        const reach = mark.today ? Math.min(mark.spread, 1500) : Math.min(mark.spread, mark.radius + 5);
        const circle = `${events.x[i]}|${events.y[i]}|${Math.round(reach)}|${events.group(i)}`;
        if (mark.today && circles.has(circle)) continue;
        circles.add(circle);
        context.beginPath();
        context.arc(x, y, reach, 0, 7);
        context.fillStyle = colour;
        // Filled only while it is pointed at: several would change the colours of who holds what.
        if (i === hovered && reach * 2 < Math.min(width, height)) {
          context.globalAlpha = 0.14;
          context.fill();
        }
        context.globalAlpha = mark.today ? 0.7 : 0.35;
        context.strokeStyle = colour;
        context.lineWidth = 1.2;
        context.setLineDash([3, 4]);
        context.stroke();
      }
      context.setLineDash([]);
      // Larger below smaller, older below today's, so that nothing hides.
      drawn.sort((a, b) => Number(a.away) - Number(b.away) || Number(a.today) - Number(b.today) || b.radius - a.radius || a.i - b.i);
      if (spread) legs(context, drawn, palette);
      for (const mark of drawn) {
        context.globalAlpha = mark.today || mark.away ? 1 : spread ? 0.3 : even ? 0.88 : 0.62;
        if (mark.away && spread.rows[spread.at] === mark.i) ring(context, mark, palette);
        const cell = store.get(events.group(mark.i), mark.today ? mark.radius + 1 : mark.radius, mark.hollow, events.inkOf(mark.i), events.setOf(mark.i) ? palette.ink : "");
        context.drawImage(cell.canvas, mark.x - cell.side / 2, mark.y - cell.side / 2, cell.side, cell.side);
        placed.push(mark);
      }
      context.globalAlpha = 1;
    }

    // From each mark that was moved away to where it belongs.
    function legs(context, drawn, palette) {
      context.beginPath();
      for (const { away, cx, cy, x, y } of drawn) {
        if (!away) continue;
        context.moveTo(cx, cy);
        context.lineTo(x, y);
      }
      context.globalAlpha = 0.8;
      context.lineWidth = 1.4;
      context.strokeStyle = palette.ink;
      context.stroke();
    }
    function ring(context, { x, y, radius }, palette) {
      context.beginPath();
      context.arc(x, y, radius + 5, 0, 7);
      context.lineWidth = 2.5;
      context.strokeStyle = palette.ink;
      context.stroke();
    }
    // All that stands together where somebody points: what is hit, and what shares its spot.
    function together(px, py, reach) {
      const near = placed.map((mark) => [mark, Math.hypot(mark.x - px, mark.y - py) - mark.radius]).filter(([, away]) => away <= reach);
      if (!near.length) return [];
      const nearest = Math.min(...near.map(([, away]) => away));
      const hit = near.filter(([, away]) => away <= Math.max(4, nearest + 1)).map(([mark]) => mark);
      const spots = new Set(hit.map(({ spot }) => spot));
      return placed.filter((mark) => hit.includes(mark) || spots.has(mark.spot)).map(({ i }) => i).sort((a, b) => a - b);
    }

    return {
      setRows(next) {
        rows = next;
        if (!spread) return;
        const left = new Set(next);
        if (!spread.rows.every((row) => left.has(row))) spread = null;
      },
      rows: () => rows,
      // Row pointed at; whether that changes what is drawn.
      setHover(row) {
        const vague = (i) => i >= 0 && placed && placed.some((mark) => mark.i === i && mark.spread >= 14);
        const changed = row !== hovered && (vague(row) || vague(hovered));
        hovered = row;
        return changed;
      },
      // Whether there are more in view than can be told apart; then what the hexagons hold is found.
      crowd(view, dark) {
        cells = [];
        if (rows.length <= A.MANY || A.countInView(events, rows, view) <= A.MANY) return false;
        paints = kinds(dark);
        cells = A.hexagons(events, rows, view, paints.of, paints.number);
        return true;
      },
      cells: () => cells,
      draw(context, view, { dark, palette, day, even }) {
        if (cells.length) {
          placed = [];
          A.drawHexagons(context, cells, palette, paints.colour);
        } else marks(context, view, dark, palette, day, even);
      },
      // The hexagon under a point of the view, or null, and what is in it.
      cellAt(px, py, view) {
        const [column, row] = A.hexagonAt(px + view.left, py + view.top);
        const cell = cells.find((one) => one.column === column && one.row === row);
        return cell ? { ...cell, told: cell.kinds.map(([kind, n]) => [paints.told(kind), n]), ground: () => A.groundOf(events, rows, view, cell) } : null;
      },
      // Row of the mark under a point of the view, or -1.
      hit(px, py) {
        for (let k = placed.length - 1; k >= 0; k--) {
          const mark = placed[k];
          if (Math.hypot(mark.x - px, mark.y - py) <= mark.radius + 4) return mark.i;
        }
        return -1;
      },
      markOf: (row) => placed.find((mark) => mark.i === row),
      together,
      spread: () => spread,
      lay(list) {
        spread = list.length > 1 ? { rows: list, spots: A.layOut(list), at: -1 } : null;
      },
    };
  };

  // Room for each of several marks around their spot: a ring, or a spiral where they are many.
  A.layOut = (rows) => {
    const step = 25;
    const spots = new Map();
    const few = rows.length <= 9;
    let angle = -Math.PI / 2;
    let far = few ? Math.max(24, (step * rows.length) / (2 * Math.PI)) : 24;
    for (const row of rows) {
      spots.set(row, [far * Math.cos(angle), far * Math.sin(angle)]);
      const turn = few ? (2 * Math.PI) / rows.length : step / far;
      angle += turn;
      if (!few) far += (step * turn) / (2 * Math.PI);
    }
    return spots;
  };
  A.GROUP_NAMES = GROUP_NAMES;
})(globalThis.atlasPage);
