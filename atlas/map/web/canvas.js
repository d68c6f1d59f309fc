"use strict";
// A Leaflet layer that is one canvas over the whole view, redrawn by a function of ours.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const WORLD = 256;
  // Across the antimeridian longitudes run on past 180; people are told the usual ones.
  A.pointText = (lat, lon, digits) => `${lat.toFixed(digits)}, ${(((lon + 540) % 360) - 180).toFixed(digits)}`;
  A.mercX = (lon) => (lon + 180) / 360;
  A.mercY = (lat) => {
    const sin = Math.sin((A.clamp(lat, -85.05, 85.05) * Math.PI) / 180);
    return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
  };
  // [lon, lat, ..] -> [x, y, ..] in the unit square of Web Mercator
  A.project = (line) => {
    const out = new Float64Array(line.length);
    for (let i = 0; i < line.length; i += 2) {
      out[i] = A.mercX(line[i]);
      out[i + 1] = A.mercY(line[i + 1]);
    }
    return out;
  };

  // Two device pixels a pixel are enough for the eye; an export may ask for more than the screen has.
  let forced = 0;
  A.pixelRatio = () => forced || Math.min(2, globalThis.devicePixelRatio || 1);
  A.withPixelRatio = async (ratio, layers, action) => {
    forced = ratio;
    try {
      for (const layer of layers) layer.redraw();
      return await action();
    } finally {
      forced = 0;
      for (const layer of layers) layer.redraw();
    }
  };

  // A pane of the map that pictures take with them, and no click ends in.
  A.overPane = (map, name, z) => {
    const pane = map.getPane(name) || map.createPane(name);
    pane.classList.add("atlas-pane");
    Object.assign(pane.style, { zIndex: String(z), pointerEvents: "none" });
  };
  A.createCanvasLayer = (draw, pane) => {
    const CanvasLayer = L.Layer.extend({
      options: { pane },
      onAdd(map) {
        this._canvas = A.el("canvas", { class: "leaflet-zoom-animated atlas-canvas", "aria-hidden": "true" });
        this._context = this._canvas.getContext("2d");
        this.getPane().appendChild(this._canvas);
        this._map = map;
        this.redraw();
      },
      onRemove() {
        cancelAnimationFrame(this._frame);
        this._canvas.remove();
      },
      getEvents() {
        const events = { viewreset: this.redraw, moveend: this.redraw, move: this.later, resize: this.redraw };
        if (this._map.options.zoomAnimation && L.Browser.any3d) events.zoomanim = this._animate;
        return events;
      },
      later() {
        if (this._frame || this._map._animatingZoom) return;
        this._frame = requestAnimationFrame(() => {
          this._frame = 0;
          if (this._map && !this._map._animatingZoom) this.redraw();
        });
      },
      redraw() {
        const map = this._map;
        if (!map) return;
        const size = map.getSize();
        const ratio = A.pixelRatio();
        const canvas = this._canvas;
        if (canvas.width !== size.x * ratio || canvas.height !== size.y * ratio) {
          canvas.width = size.x * ratio;
          canvas.height = size.y * ratio;
          canvas.style.width = `${size.x}px`;
          canvas.style.height = `${size.y}px`;
        }
        const corner = map.containerPointToLayerPoint([0, 0]);
        L.DomUtil.setPosition(canvas, corner);
        this._corner = map.layerPointToLatLng(corner);
        const zoom = map.getZoom();
        const pixel = map.getPixelOrigin().add(corner);
        const view = {
          width: size.x, height: size.y, ratio, zoom,
          scale: WORLD * 2 ** zoom, left: pixel.x, top: pixel.y,
        };
        this.view = view;
        this._context.setTransform(ratio, 0, 0, ratio, 0, 0);
        this._context.clearRect(0, 0, size.x, size.y);
        draw(this._context, view);
      },
      _animate(event) {
        const scale = this._map.getZoomScale(event.zoom);
        const offset = this._map._latLngToNewLayerPoint(this._corner, event.zoom, event.center);
        L.DomUtil.setTransform(this._canvas, offset, scale);
      },
      element() {
        return this._canvas;
      },
    });
    return new CanvasLayer();
  };

  A.tracePath = (context, line, view, close) => {
    const { scale, left, top } = view;
    context.moveTo(line[0] * scale - left, line[1] * scale - top);
    for (let i = 2; i < line.length; i += 2) context.lineTo(line[i] * scale - left, line[i + 1] * scale - top);
    if (close) context.closePath();
  };

  A.boundsOf = (line) => {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < line.length; i += 2) {
      if (line[i] < box[0]) box[0] = line[i];
      if (line[i] > box[2]) box[2] = line[i];
      if (line[i + 1] < box[1]) box[1] = line[i + 1];
      if (line[i + 1] > box[3]) box[3] = line[i + 1];
    }
    return box;
  };
  A.inView = (box, view, margin = 0) => {
    const { scale, left, top, width, height } = view;
    return (
      box[2] * scale - left > -margin && box[0] * scale - left < width + margin &&
      box[3] * scale - top > -margin && box[1] * scale - top < height + margin
    );
  };
})(globalThis.atlasPage);
