"use strict";
// Colours and marks. Hues after Okabe and Ito, softened for paper; pattern always doubles colour.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const LIGHT = {
    sea: "#c9dbe6", beyond: "#f1ece0", shore: "#9fbfd3", land: "#f6f2e8", coast: "#7fa3ba", river: "#8fb3c9", lake: "#c9dbe6",
    border: "#857c70", graticule: "rgba(90,110,120,.13)", ink: "#2a2723", halo: "rgba(248,245,237,.92)", muted: "#5d564d",
    water: "#44718c", casing: "#fffdf7", relief: 0.9, front: "#3a332b", paper: "#fffdf8", mandate: "#2f5c9c", mandateSoft: "#7d97bd",
  };
  const DARK = {
    sea: "#14222c", beyond: "#1f2226", shore: "#1d3341", land: "#22252a", coast: "#3d5a6b", river: "#34566a", lake: "#16262f",
    border: "#7d776d", graticule: "rgba(160,180,190,.09)", ink: "#efeae0", halo: "rgba(26,28,32,.9)", muted: "#a9a296",
    water: "#7fa8bf", casing: "#15171a", relief: 0.4, front: "#efe6d6", paper: "#1b1d21", mandate: "#8db4ee", mandateSoft: "#5f7694",
  };

  // Groups of event types, each with its colour and its mark.
  const GROUPS = {
    battle: { colour: "#b3203f", shape: "circle", violent: true, types: ["battle"] },
    fire: { colour: "#d9761a", shape: "triangle", violent: true, types: ["explosions_remote_violence"] },
    civilians: { colour: "#6b2a8f", shape: "diamond", violent: true, types: ["violence_against_civilians"] },
    protest: { colour: "#a08414", shape: "down", types: ["protest", "riot"] },
    talks: { colour: "#1f6aa5", shape: "square", types: ["talks", "agreement", "ceasefire", "recognition", "resolution", "legal", "political"] },
    forces: { colour: "#3d4a5c", shape: "flag", types: ["capture", "handover", "deployment", "withdrawal_of_forces", "peacekeeping", "delimitation", "administration", "strategic_development"] },
    routes: { colour: "#0f7d74", shape: "cross", types: ["blockade_statement", "blockade", "route_opening", "route_closure", "checkpoint", "aid"] },
    people: { colour: "#9a5a86", shape: "hexagon", types: ["displacement", "exchange", "disaster", "other"] },
  };
  const DARK_GROUPS = { battle: "#ff7d93", fire: "#ffab5c", civilians: "#cb9bf0", protest: "#e0c95a", talks: "#79b8ef", forces: "#bcc7d6", routes: "#58cabd", people: "#e3a5cf" };
  // A type that the vocabulary does not know keeps its own word: a group of its own.
  const OWN = ["#0072b2", "#d55e00", "#009e73", "#b0568f", "#8a6d00", "#56489c", "#3d7a8c", "#7a4b2a"];
  const OWN_DARK = ["#56b4e9", "#ff9a57", "#4fd0a5", "#e3a5cf", "#d6bf4d", "#a79bf0", "#7cc0d4", "#d0a080"];
  const OWN_SHAPES = ["circle", "square", "diamond", "triangle", "down", "hexagon"];
  const groupOf = {};
  for (const [group, { types }] of Object.entries(GROUPS)) for (const type of types) groupOf[type] = group;

  function ownGroups(types) {
    for (const type of types) {
      if (!type || groupOf[type]) continue;
      const k = Object.keys(GROUPS).filter((name) => GROUPS[name].own).length;
      const name = `own:${type}`;
      GROUPS[name] = { colour: OWN[k % OWN.length], shape: OWN_SHAPES[k % OWN_SHAPES.length], own: type, types: [type] };
      DARK_GROUPS[name] = OWN_DARK[k % OWN_DARK.length];
      groupOf[type] = name;
    }
  }

  const STATUS = {
    // What can be travelled is context; what is shut is the story.
    open: { colour: "#7c9a86", dark: "#5f8a70", weight: 1.4, quiet: true },
    checkpoint: { colour: "#b07a10", dark: "#e8b54d", weight: 3, glyph: "gate" },
    restricted: { colour: "#b07a10", dark: "#e8b54d", weight: 3, dash: "10 4" },
    humanitarian_only: { colour: "#1f7fa8", dark: "#68c1e6", weight: 3, dash: "8 5", glyph: "plus" },
    blocked: { colour: "#c0342b", dark: "#ff857a", weight: 4.2, dash: "8 4", glyph: "cross", badge: true },
    closed: { colour: "#8a3b4f", dark: "#d98ca0", weight: 2.2, dash: "4 4", glyph: "bar" },
    destroyed: { colour: "#7a7168", dark: "#a89f94", weight: 1.8, dash: "2 4", glyph: "cross" },
    planned: { colour: "#76679c", dark: "#b3a5da", weight: 2.4, dash: "1 6" },
    under_construction: { colour: "#76679c", dark: "#b3a5da", weight: 2.6, dash: "9 3 2 3" },
    unknown: { colour: "#8d867b", dark: "#8d929a", weight: 1.8, dash: "5 5" },
  };

  const hex = (colour) => {
    const match = /^#([0-9a-f]{6})$/i.exec(colour || "");
    const n = parseInt(match ? match[1] : "888888", 16);
    return [n >> 16, (n >> 8) & 255, n & 255];
  };
  const mix = (one, two, share) => {
    const a = hex(one);
    const b = hex(two);
    return "#" + a.map((v, i) => Math.round(v + (b[i] - v) * share).toString(16).padStart(2, "0")).join("");
  };

  // A word of the vocabulary in the reader's language; a type of the user's own as he wrote it.
  A.typeWord = (type) => (GROUPS[groupOf[type]] && GROUPS[groupOf[type]].own ? type.replace(/_/g, " ") : A.t(type === "other" ? "eg_unstated" : type));
  // Of a group of types, or of those of it that are there.
  A.groupWord = (group, types = []) => (GROUPS[group].own ? A.typeWord(GROUPS[group].own) : types.join() === "other" ? A.typeWord("other") : A.t(`eg_${group}`));
  A.setName = (name) => (name === "own" ? A.t("ownEvents") : name);

  A.theme = {
    LIGHT, DARK, GROUPS, STATUS, groupOf, hex, mix, ownGroups,
    palette: (dark) => (dark ? DARK : LIGHT),
    groupColour: (group, dark) => (dark ? DARK_GROUPS[group] : GROUPS[group].colour),
    statusColour: (status, dark) => (dark ? STATUS[status].dark : STATUS[status].colour),
  };
})(globalThis.atlasPage);
