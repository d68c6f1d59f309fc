"use strict";
// The view as a link: #date=2020-11-10&z=9&c=39.8,46.7&layers=...&lang=fr&sel=...
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const WINDOWS = ["day", "week", "month", "year", "all", "range"];
  const SUBJECTS = ["event", "area", "spell", "route", "episode", "mandate"];
  A.permalink = {
    write(state, map, every) {
      const parts = [["date", A.days.iso(state.day)]];
      if (map) {
        const center = map.getCenter();
        parts.push(["z", String(Math.round(map.getZoom() * 100) / 100)], ["c", `${center.lat.toFixed(4)},${center.lng.toFixed(4)}`]);
      }
      const on = every.filter((key) => state.layers[key]);
      if (on.length < every.length) parts.push(["layers", on.join(",") || "none"]);
      parts.push(["lang", state.lang]);
      if (state.side) parts.push(["side", state.side]);
      if (state.window !== "month") parts.push(["win", state.window]);
      if (state.window === "range" && state.range) parts.push(["span", `${A.days.iso(state.range[0])}/${A.days.iso(state.range[1] - 1)}`]);
      if (state.user) parts.push(["user", state.user]);
      if (state.hidden.length) parts.push(["hide", state.hidden.join(",")]);
      if (state.sets.length) parts.push(["sets", JSON.stringify(state.sets)]);
      if (state.actor) parts.push(["actor", state.actor]);
      if (state.certainty.length) parts.push(["doubt", state.certainty.join(",")]);
      if (state.compare) parts.push(["vs", A.days.iso(state.compare.day)], ["mode", state.compare.mode]);
      if (state.chapter && state.tab === "story") parts.push(["chapter", state.chapter]);
      if (state.subject) parts.push([state.subject.kind, state.subject.ids.join(",")]);
      if (state.theme !== "auto") parts.push(["theme", state.theme]);
      if (state.ui) parts.push(["ui", state.ui]);
      if (state.sel && !(state.subject && state.subject.kind === "event")) parts.push(["sel", state.sel.place || `${state.sel.lat.toFixed(4)},${state.sel.lon.toFixed(4)}`]);
      if (state.way) parts.push(["way", `${state.way.from},${state.way.to}`]);
      if (state.tab) parts.push(["tab", state.tab]);
      const plain = (text) => encodeURIComponent(text).replace(/%2C/g, ",").replace(/%2F/g, "/");
      return "#" + parts.map(([key, value]) => `${key}=${plain(value)}`).join("&");
    },
    // Names of sets may hold any character.
    names(text) {
      try {
        const read = JSON.parse(text);
        return Array.isArray(read) ? read.filter((one) => typeof one === "string") : [];
      } catch {
        return [];
      }
    },
    // Text of a link -> what of it can be understood; the rest is left alone.
    read(hash, { every, langs, sides, first, last, places, chapters }) {
      const values = new URLSearchParams(hash.replace(/^#/, ""));
      const patch = {};
      const day = (text) => {
        const parsed = text && A.days.parse(text);
        return parsed && parsed.first >= -1e6 ? A.clamp(parsed.first, first, last - 1) : null;
      };
      const list = (text) => text.split(",").filter(Boolean);
      const has = (key) => values.has(key);
      if (day(values.get("date")) !== null) patch.day = day(values.get("date"));
      if (langs.includes(values.get("lang"))) patch.lang = values.get("lang");
      if (has("layers")) {
        const on = list(values.get("layers"));
        patch.layers = Object.fromEntries(every.map((key) => [key, on.includes(key)]));
      }
      if (has("side")) patch.side = sides.includes(values.get("side")) ? values.get("side") : "";
      if (WINDOWS.includes(values.get("win"))) patch.window = values.get("win");
      if (has("span")) {
        const span = A.days.parse(values.get("span"));
        if (span) Object.assign(patch, { window: "range", range: [span.first, span.last + 1] });
      }
      if (patch.window === "range" && !patch.range) delete patch.window;
      if (has("user")) patch.user = values.get("user").replace(/[^a-z]/g, "");
      if (has("hide")) patch.hidden = list(values.get("hide"));
      if (has("sets")) patch.sets = A.permalink.names(values.get("sets"));
      if (has("actor")) patch.actor = values.get("actor");
      if (has("doubt")) patch.certainty = list(values.get("doubt"));
      if (day(values.get("vs")) !== null) patch.compare = { day: day(values.get("vs")), mode: ["side", "changed"].includes(values.get("mode")) ? values.get("mode") : "swipe" };
      if (["story", "here", "events", "access", "compare", "legend", ""].includes(values.get("tab"))) patch.tab = values.get("tab");
      if (chapters.some((chapter) => chapter.id === values.get("chapter"))) {
        const { id, day: then } = chapters.find((chapter) => chapter.id === values.get("chapter"));
        Object.assign(patch, { chapter: id, tab: "story" }, "day" in patch ? {} : { day: A.clamp(then, first, last - 1) });
      }
      const pair = (text) => {
        const numbers = (text || "").split(",").map(Number);
        return numbers.length === 2 && numbers.every(Number.isFinite) && Math.abs(numbers[0]) <= 85 && Math.abs(numbers[1]) <= 180 ? numbers : null;
      };
      if (has("sel")) {
        const place = places.get(values.get("sel"));
        const point = pair(values.get("sel"));
        if (place) patch.sel = { lon: place.lon, lat: place.lat, place: place.id };
        else if (point) patch.sel = { lat: point[0], lon: point[1] };
        if (patch.sel && !has("tab")) patch.tab = "here";
      }
      for (const kind of SUBJECTS) {
        const ids = list(values.get(kind) || "").slice(0, 200);
        if (ids.length) patch.subject = { kind, ids };
      }
      if (["light", "dark"].includes(values.get("theme"))) patch.theme = values.get("theme");
      if (values.get("ui") === "min") Object.assign(patch, { ui: "min", tab: "" });
      if (has("way")) {
        const [from, to] = values.get("way").split(",").map((id) => (places.has(id) ? id : ""));
        if (from || to) patch.way = { from: from || "", to: to || "" };
        if (patch.way && !has("tab")) patch.tab = "access";
      }
      const center = pair(values.get("c"));
      const zoom = Number(values.get("z"));
      const view = center && zoom >= 1 && zoom <= 18 ? { center, zoom } : null;
      return { patch, view };
    },
  };
})(globalThis.atlasPage);
