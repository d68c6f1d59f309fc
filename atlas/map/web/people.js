"use strict";
// People who left home and came back: a circle as large as the best figure, and thin curved ways with
// an arrow from where they left to where they arrived. No two figures are ever added up.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const LARGEST = 34; // px, for the largest figure of the whole record: one scale for all days
  const DOT = 2; // px: what would be smaller is a dot
  const SAMPLE = 6; // px, at most, in the key
  const HEAD = 7; // px, of an arrow

  // 1, 2 or 5 times a power of ten, not above a number.
  function roundBelow(value) {
    if (!(value >= 1)) return 1;
    const power = 10 ** Math.floor(Math.log10(value));
    return [5, 2, 1].map((k) => k * power).find((n) => n <= value) || power;
  }
  // Circles by area: `radius` of a figure, `few` below which it is a dot, and the `sample` of the key.
  function scaleOf(rows) {
    const most = Math.max(1, ...rows.map((row) => row.main || 0));
    const exact = (n) => LARGEST * Math.sqrt(n / most);
    const few = roundBelow(most * (DOT / LARGEST) ** 2);
    const least = Math.min(DOT, Math.max(exact(few), DOT / 2));
    return { few, sample: roundBelow(most * (SAMPLE / LARGEST) ** 2), radius: (n) => Math.max(exact(n), least) };
  }

  // From point to point in pixels, bowed to the left of its way so that there and back are two, and clear
  // of the circles at its ends: {from, bend, to}, or null where nothing is left of it.
  function bow(one, two, clearOne, clearTwo) {
    const [dx, dy] = [two.x - one.x, two.y - one.y];
    const length = Math.hypot(dx, dy);
    if (length < clearOne + clearTwo + HEAD + 2) return null;
    const bend = { x: one.x + dx / 2 + dy * 0.16, y: one.y + dy / 2 - dx * 0.16 };
    const toward = (point, by) => {
      const far = Math.hypot(bend.x - point.x, bend.y - point.y);
      return { x: point.x + ((bend.x - point.x) * by) / far, y: point.y + ((bend.y - point.y) * by) / far };
    };
    return { from: toward(one, clearOne), bend, to: toward(two, clearTwo) };
  }
  const onBow = ({ from, bend, to }, t) => ({
    x: (1 - t) ** 2 * from.x + 2 * t * (1 - t) * bend.x + t * t * to.x,
    y: (1 - t) ** 2 * from.y + 2 * t * (1 - t) * bend.y + t * t * to.y,
  });

  const round = (value) => Math.round(value * 10) / 10;
  const at = ({ x, y }) => `${round(x)} ${round(y)}`;
  const wayPath = ({ from, bend, to }) => `M${at(from)}Q${at(bend)} ${at(to)}`;
  function headPath({ bend, to }) {
    const far = Math.hypot(to.x - bend.x, to.y - bend.y);
    const [ux, uy] = [(to.x - bend.x) / far, (to.y - bend.y) / far];
    const wing = (side) => ({ x: to.x - ux * HEAD - uy * side, y: to.y - uy * HEAD + ux * side });
    return `M${at(to)}L${at(wing(3))}L${at(wing(-3))}z`;
  }

  // Those who came back are dashed, those counted on a day filled, those among others paler.
  const KINDS = { "flow departure": "leftHome", "flow return": "cameBack", "stock departure": "awayOn", "stock return": "backOn" };
  const kindOf = (row) => KINDS[`${row.measure} ${row.movement}`];
  function lookOf(row, palette) {
    return {
      color: row.part ? palette.muted : palette.ink, opacity: row.part ? 0.75 : 0.9, weight: row.part ? 1.2 : 1.5,
      dash: row.movement === "return" ? "4 3" : null, filled: row.measure === "stock" ? 0.14 : 0,
    };
  }
  // Best figure, or the one there is, and the range where another was given.
  function figureOf({ low, best, high, main }) {
    if (main === null) return "";
    const n = (value) => (value === null ? "…" : A.number(value));
    const ranged = (low !== null && low !== main) || (high !== null && high !== main) || best === null;
    return ranged ? `${A.number(main)} (${n(low)}–${n(high)})` : A.number(main);
  }
  const spanOf = ({ written: [first, last] }, lang) => A.days.describe(first === last ? first : `${first}/${last}`, lang, A.t("about"));

  A.people = { scaleOf, roundBelow, bow, kindOf, lookOf, figureOf, spanOf };

  A.createPeopleLayer = (model, map) => {
    const svg = L.svg({ pane: "atlas-people", padding: 0.5 });
    const scale = scaleOf(model.displacement);
    const radiusOf = (row) => (row.main === null ? 0 : scale.radius(row.main));
    // The ways of a row as [from, to], points of Leaflet, and what has to stay clear at their ends.
    function waysOf(row) {
      if (!row.at) return [];
      const clear = radiusOf(row) && radiusOf(row) + 1.5;
      return row.ends.map((end) => (row.outward ? { points: [row.at, end], clear: [clear, 2] } : { points: [end, row.at], clear: [2, clear] }));
    }
    const Way = L.Polyline.extend({
      options: { noClip: true, smoothFactor: 0 },
      _updatePath() {
        const [one, two] = (this._rings || [])[0] || [];
        const { clear, path } = this.options;
        const line = one && two && bow(one, two, ...clear);
        this._renderer._setPath(this, line ? path(line) : "M0 0");
      },
    });
    const latLng = ([lon, lat]) => [lat, lon];
    const shown = new Map();
    let key = "";

    function build(row, palette) {
      const look = lookOf(row, palette);
      const common = { renderer: svg, pane: "atlas-people", interactive: false, fill: false };
      const casing = { ...common, color: palette.casing, opacity: row.part ? 0.35 : 0.7, weight: look.weight + (row.part ? 1.2 : 2) };
      const line = { ...common, color: look.color, opacity: look.opacity, weight: look.weight, dashArray: look.dash };
      const layers = waysOf(row).flatMap(({ points, clear }) => {
        const way = (path, style) => new Way(points.map(latLng), { clear, path, ...style });
        return [
          way(wayPath, casing), way(wayPath, { ...line, weight: look.weight * 0.8, className: "atlas-flow" }),
          way(headPath, { ...common, stroke: false, fill: true, fillColor: look.color, fillOpacity: look.opacity, className: "atlas-flow-head" }),
        ];
      });
      const radius = radiusOf(row);
      if (row.at && radius) {
        layers.push(
          L.circleMarker(latLng(row.at), { ...casing, radius }),
          L.circleMarker(latLng(row.at), { ...line, radius, fill: look.filled > 0, fillColor: look.color, fillOpacity: look.filled, className: "atlas-people" }),
        );
      }
      return L.layerGroup(layers);
    }

    function update(day, { visible, side, palette, dark }) {
      const rows = visible ? model.peopleAt(day, side) : [];
      const next = `${rows.map((row) => row.id).join()}|${dark}`;
      if (next === key) return;
      key = next;
      for (const layer of shown.values()) layer.remove();
      shown.clear();
      // The large ones first, so that none hides a smaller one.
      for (const row of [...rows].sort((a, b) => (b.main || 0) - (a.main || 0))) shown.set(row, build(row, palette).addTo(map));
    }

    // Rows whose circle or way lies at a point of the map's view, the smallest circle first.
    function hit(latlng) {
      const pixel = (point) => map.latLngToContainerPoint(latLng(point));
      const spot = map.latLngToContainerPoint(latlng);
      const near = (point, reach) => Math.hypot(point.x - spot.x, point.y - spot.y) <= reach;
      const touches = (row) => row.at && (near(pixel(row.at), Math.max(radiusOf(row), 6)) || waysOf(row).some(({ points, clear }) => {
        const line = bow(...points.map(pixel), ...clear);
        return line && Array.from({ length: 33 }, (_, k) => onBow(line, k / 32)).some((point, k, all) =>
          k > 0 && L.LineUtil.pointToSegmentDistance(L.point(spot), L.point(all[k - 1]), L.point(point)) <= 5);
      }));
      return [...shown.keys()].filter(touches).sort((a, b) => (a.main || 0) - (b.main || 0));
    }
    return { update, hit };
  };
})(globalThis.atlasPage);
