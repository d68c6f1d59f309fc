"use strict";
// How far, and how large: points set one after another, measured on the ellipsoid of the earth.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const { el, t } = A;

  // [[lon, lat], ..] -> {metres, m2}; an area needs three points.
  A.measured = (points) => ({ metres: A.geodesy.lengthOf(points), m2: points.length > 2 ? A.geodesy.areaOf(points) : 0 });

  A.createMeasure = (app) => {
    const { map } = app;
    const node = el("div", { class: "measured" });
    let points = [];
    let layer = null;
    let pointer = null;
    let renderer = null;

    const texts = () => {
      const { metres, m2 } = A.measured(points);
      return [points.length > 1 && [t("distance"), A.length(metres)], m2 > 0 && [t("areaWord"), A.surface(m2)]].filter(Boolean);
    };
    const toCopy = () => [...texts().map(([name, text]) => `${name}: ${text}`), `${t("pointsWord")}: ${points.map(([lon, lat]) => A.pointText(lat, lon, 5)).join("; ")}`].join("\n");

    function draw() {
      if (layer) layer.remove();
      A.overPane(map, "atlas-measure", 480);
      renderer = renderer || L.svg({ pane: "atlas-measure", padding: 0.5 });
      const common = { renderer, pane: "atlas-measure", interactive: false };
      const { ink, paper } = app.palette();
      const way = (list) => list.slice(1).flatMap((to, k) => A.geodesy.wayOf(list[k], to)).map(([lon, lat]) => [lat, lon]);
      const line = points.length > 1 ? way(points) : [];
      const closed = points.length > 2 ? [...line, ...way([points[points.length - 1], points[0]])] : [];
      layer = L.layerGroup([
        closed.length > 0 && L.polygon(closed, { ...common, stroke: false, fillColor: ink, fillOpacity: 0.12 }),
        closed.length > 0 && L.polyline(way([points[points.length - 1], points[0]]), { ...common, color: ink, weight: 1.4, dashArray: "2 5" }),
        L.polyline(line, { ...common, color: paper, weight: 6, opacity: 0.9 }),
        L.polyline(line, { ...common, color: ink, weight: 2.6, className: "atlas-measured" }),
        pointer && points.length > 0 && L.polyline(way([points[points.length - 1], pointer]), { ...common, color: ink, weight: 1.6, dashArray: "5 5" }),
        ...points.map(([lon, lat]) => L.circleMarker([lat, lon], { ...common, radius: 4.5, color: ink, weight: 2, fillColor: paper, fillOpacity: 1 })),
      ].filter(Boolean)).addTo(map);
    }
    function tell() {
      A.refill(node,
        el("dl", {}, texts().map(([name, text]) => [el("dt", {}, name), el("dd", {}, text)])),
        points.length > 0 && el("div", { class: "choices" },
          el("button", { type: "button", class: "text-button", on: { click: () => back() } }, t("undoPoint")),
          points.length > 1 && A.copyButton(toCopy)));
    }
    function set(next) {
      points = next;
      pointer = null;
      draw();
      tell();
      app.say(texts().map(([name, text]) => `${name}: ${text}`).join(". ") || `${t("pointsWord")}: ${points.length}`);
    }
    const back = () => set(points.slice(0, -1));
    const follow = ({ latlng }) => {
      if (!points.length) return;
      pointer = [latlng.lng, latlng.lat];
      draw();
    };
    const alone = () => {
      pointer = null;
      draw();
    };
    return {
      id: "measure", icon: "ruler", word: "measure", hint: "measureHint", node, back,
      start() {
        set([]);
        map.on("mousemove", follow);
        map.on("mouseout", alone);
      },
      stop() {
        map.off("mousemove", follow);
        map.off("mouseout", alone);
        if (layer) layer.remove();
        points = [];
      },
      click({ lat, lng }) {
        const last = points[points.length - 1];
        // The second click of two is none of its own.
        if (!last || Math.hypot(last[0] - lng, last[1] - lat) > 1e-9) set([...points, [lng, lat]]);
      },
      key() {
        if (points.length < 2) return null;
        const picture = A.sample(A.svg("path", { d: "M3 7h22", stroke: app.palette().ink, "stroke-width": 2.6 }));
        return { picture, text: texts().map(([name, text]) => `${name}: ${text}`).join(", ") };
      },
      points: () => points,
    };
  };
})(globalThis.atlasPage);
