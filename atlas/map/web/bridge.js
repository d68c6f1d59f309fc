"use strict";
// A page in a frame of a notebook: what the reader does is told to the notebook, and what the
// notebook sets is shown. Nothing is listened to but the one port that the frame's own parent hands over.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const EVERY_MS = 80; // while the clock plays, no faster than a kernel can follow
  const round = (value, digits) => Number(value.toFixed(digits));

  async function connect(port, wanted) {
    await globalThis.atlasMap.ready;
    const { app } = globalThis.atlasMap;
    const { map, store, model } = app;
    const every = Object.keys(store.state.layers);
    const { first, last } = model.data.page;
    const texts = await app.texts();
    const told = {};
    const view = () => {
      const centre = map.getCenter();
      return { lat: round(centre.lat, 5), lon: round(centre.lng, 5), zoom: round(map.getZoom(), 2) };
    };
    function selection() {
      const { sel } = store.state;
      if (!sel) return null;
      const found = { lon: round(sel.lon, 6), lat: round(sel.lat, 6) };
      if (sel.place) found.place = sel.place;
      if (sel.event !== undefined && sel.event !== null) found.event = texts.of("id", sel.event);
      return found;
    }
    const shown = () => ({
      date: A.days.iso(store.state.day), side: store.state.side, selection: selection(),
      layers: every.filter((key) => store.state.layers[key]), view: view(),
    });

    function tell() {
      const news = {};
      for (const [key, value] of Object.entries(shown())) {
        const text = JSON.stringify(value);
        if (told[key] === text) continue;
        told[key] = text;
        news[key] = value;
      }
      if (Object.keys(news).length) port.postMessage(news);
    }
    let waiting = 0;
    const soon = () => {
      waiting = waiting || setTimeout(() => {
        waiting = 0;
        tell();
      }, EVERY_MS);
    };

    function show(asked) {
      for (const key of Object.keys(asked)) told[key] = JSON.stringify(asked[key]);
      const patch = {};
      if (asked.date) patch.day = A.clamp(A.days.parse(asked.date).first, first, last - 1);
      if ("side" in asked) patch.side = model.sidesOffered.includes(asked.side) ? asked.side : "";
      if (asked.layers) patch.layers = Object.fromEntries(every.map((key) => [key, asked.layers.includes(key)]));
      if ("selection" in asked) {
        const { lon, lat, place, event } = asked.selection || {};
        patch.sel = asked.selection && { lon, lat };
        if (place && model.placeById.has(place)) patch.sel.place = place;
        const row = event ? texts.rowOf(event) : -1;
        if (row >= 0) patch.sel.event = row;
        if (patch.sel && JSON.stringify(patch.sel) !== JSON.stringify(store.state.sel)) patch.tab = "here";
      }
      if (asked.view) {
        const { lat, lon, zoom } = asked.view;
        map.setView([lat, lon], zoom, { animate: false });
      } else if (patch.sel && !map.getBounds().contains([patch.sel.lat, patch.sel.lon])) {
        map.panTo([patch.sel.lat, patch.sel.lon], { animate: false });
      }
      store.set(patch);
      // What could not be done as asked is told back as it is.
      soon();
    }

    show(wanted);
    store.on(["day", "side", "sel", "layers"], soon);
    map.on("moveend", soon);
    port.onmessage = (message) => show(message.data);
    tell();
  }

  if (globalThis.parent !== globalThis) globalThis.addEventListener("message", (message) => {
    if (message.source !== globalThis.parent || !message.data || !message.data.atlas || !message.ports[0]) return;
    connect(message.ports[0], message.data.atlas);
  });
})(globalThis.atlasPage);
