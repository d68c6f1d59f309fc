"use strict";
// Small helpers for the DOM. Text only ever becomes a text node; no markup is ever parsed.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const SVG = "http://www.w3.org/2000/svg";

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") {
        for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
      } else if (name === "style") {
        for (const [property, text] of Object.entries(value)) node.style.setProperty(property, text);
      } else if (name === "value" || name === "checked" || name === "disabled" || name === "selected") {
        node[name] = value;
      } else {
        node.setAttribute(name, value === true ? "" : String(value));
      }
    }
    append(node, children);
    return node;
  }

  // Text that is a web address, as a link; other text as it is.
  A.maybeLink = (text) => (/^https?:\/\/[^\s]+$/.test(text) ? A.link(text, text) : text);

  // Signs by which a text turns what stands after it; base/html.py takes the same from other pages.
  const OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;

  function append(node, children) {
    for (const child of children.flat(4)) {
      if (child === null || child === undefined || child === false || child === "") continue;
      node.append(child instanceof Node ? child : document.createTextNode(String(child).replace(OVERRIDES, "")));
    }
  }

  A.el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  A.svg = (tag, attributes, ...children) =>
    fill(document.createElementNS(SVG, tag), attributes, children);

  A.refill = (node, ...children) => {
    node.textContent = "";
    append(node, children);
    return node;
  };

  A.clamp = (value, low, high) => Math.min(high, Math.max(low, value));

  A.debounce = (action, wait) => {
    let timer = 0;
    return (...args) => {
      clearTimeout(timer);
      timer = setTimeout(() => action(...args), wait);
    };
  };

  // Lets the browser draw and answer the reader before the work goes on.
  A.breath = () => new Promise((done) => setTimeout(done, 0));

  // Only web addresses become links; anything else stays text.
  A.safeUrl = (text) => {
    try {
      const url = new URL(text);
      return url.protocol === "https:" || url.protocol === "http:" ? url.href : "";
    } catch {
      return "";
    }
  };

  A.link = (href, ...children) => {
    const url = A.safeUrl(href);
    if (!url) return A.el("span", {}, ...children);
    return A.el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
  };

  // A file for the reader to keep.
  A.saveFile = (blob, name) => {
    const url = URL.createObjectURL(blob);
    A.el("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };

  // One stop of the Tab key for all of a row; the arrows go along it.
  A.alongArrows = (row) => {
    const list = () => [...row.querySelectorAll("a, button")].filter((one) => one.offsetParent);
    const stops = [...row.querySelectorAll("a, button")];
    stops.forEach((one, i) => { one.tabIndex = i ? -1 : 0; });
    row.addEventListener("keydown", (event) => {
      const all = list();
      const at = all.indexOf(document.activeElement);
      const right = getComputedStyle(row).direction === "rtl" ? -1 : 1;
      const next = { ArrowRight: at + right, ArrowLeft: at - right, Home: 0, End: all.length - 1 }[event.key];
      if (at < 0 || next === undefined) return;
      event.preventDefault();
      const chosen = all[(next + all.length) % all.length];
      for (const one of stops) one.tabIndex = one === chosen ? 0 : -1;
      chosen.focus();
    });
    return row;
  };

  const ICONS = {
    first: "M5 4v16M19 5 9 12l10 7z",
    last: "M19 4v16M5 5l10 7-10 7z",
    back: "M15 5 7 12l8 7",
    next: "M9 5l8 7-8 7",
    backChange: "M11 5 4 12l7 7M19 5l-7 7 7 7",
    nextChange: "M13 5l7 7-7 7M5 5l7 7-7 7",
    play: "M7 4.5v15l12-7.5z",
    pause: "M8 5v14M16 5v14",
    search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 20 20",
    close: "M6 6l12 12M18 6 6 18",
    layers: "M12 4 3 9l9 5 9-5zM3 14l9 5 9-5",
    moon: "M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10z",
    download: "M12 4v11M7 11l5 5 5-5M5 20h14",
    book: "M4 5c3-1 6-1 8 1v13c-2-2-5-2-8-1zM20 5c-3-1-6-1-8 1v13c2-2 5-2 8-1z",
    pin: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
    road: "M8 3 4 21M16 3l4 18M12 4v3M12 10.5v3M12 17v3",
    list: "M8 6h12M8 12h12M8 18h12M4 6h.5M4 12h.5M4 18h.5",
    compare: "M12 3v18M4 7h5v10H4zM15 7h5v10h-5z",
    plus: "M12 5v14M5 12h14",
    minus: "M5 12h14",
    link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
    home: "M4 11 12 4l8 7M6 10v9h12v-9",
    print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    help: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.5-1.1 1-1.1 1.8M12 16.6v.2",
    fit: "M4 6v12M20 6v12M8 12h8M10.5 9.5 8 12l2.5 2.5M13.5 9.5 16 12l-2.5 2.5",
    chevron: "M6 9l6 6 6-6",
    ruler: "M3 16 16 3l5 5L8 21zM7 12l2 2M10 9l3 3M13 6l2 2",
    box: "M4 4h3M10 4h4M17 4h3v3M20 10v4M20 17v3h-3M14 20h-4M7 20H4v-3M4 14v-4M4 7V4",
  };
  A.icon = (name) =>
    A.svg(
      "svg",
      { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
      A.svg("path", { d: ICONS[name] }),
    );

  A.button = (icon, label, handler, attributes) =>
    A.el(
      "button",
      { type: "button", class: "button", "aria-label": label, title: label, on: { click: handler }, ...attributes },
      A.icon(icon),
    );
})(globalThis.atlasPage);
