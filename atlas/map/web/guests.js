"use strict";
// What a user added with folium: its inline styles are set from here, for the page's policy admits
// none; and a layer that fails is told, and takes no other with it.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const KEY = "atlasStyle";
  const set = (node) => {
    node.style.cssText += `;${node.dataset[KEY]}`;
    delete node.dataset[KEY];
  };
  const SELECTOR = "[data-atlas-style]";
  function style(node) {
    if (node.nodeType !== 1) return;
    if (node.matches(SELECTOR)) set(node);
    for (const one of node.querySelectorAll(SELECTOR)) set(one);
  }
  // What libraries write as markup or as an attribute later goes the same way.
  const late = (text) => (typeof text === "string" && text.includes("style=") ? text.replace(/([\s"'])style=(["'])/g, "$1data-atlas-style=$2") : text);
  for (const name of ["innerHTML", "outerHTML"]) {
    const plain = Object.getOwnPropertyDescriptor(Element.prototype, name);
    Object.defineProperty(Element.prototype, name, { ...plain, set(text) { plain.set.call(this, late(text)); } });
  }
  const { insertAdjacentHTML, setAttribute } = Element.prototype;
  Element.prototype.insertAdjacentHTML = function (where, text) { insertAdjacentHTML.call(this, where, late(text)); };
  Element.prototype.setAttribute = /** @this {any} */ function (name, value) {
    if (String(name).toLowerCase() === "style") this.style.cssText = String(value);
    else setAttribute.call(this, name, value);
  };
  // A style element made by a script would be refused; a sheet of its own says the same.
  const adopt = (text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  };
  for (const name of ["appendChild", "insertBefore"]) {
    const plain = Node.prototype[name];
    Node.prototype[name] = function (node, ...before) {
      if (node instanceof HTMLStyleElement && node.textContent) {
        adopt(node.textContent);
        node.textContent = "";
      } else if (this instanceof HTMLStyleElement && node.nodeType === 3) {
        adopt(node.data);
        return node;
      }
      return plain.call(this, node, ...before);
    };
  }
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) style(node);
  }).observe(document, { childList: true, subtree: true });

  // Failures of scripts that stand behind ours; those of our own are told where they happen.
  const failed = [];
  globalThis.addEventListener("error", (event) => {
    const target = /** @type {any} */ (event.target);
    if (target instanceof Element && !["SCRIPT", "LINK"].includes(target.tagName)) return; // a picture only lacks
    failed.push(event.message || target.src || target.href || "");
  }, true);

  // Handlers written into markup: each is a function of a script that was admitted by its hash.
  const handlers = {};
  const KEYED = "[data-atlas-on]";
  function listen() {
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(KEYED))) {
      for (const pair of node.dataset.atlasOn.split(" ")) {
        const [event, number] = pair.split(":");
        if (handlers[number]) node.addEventListener(event, handlers[number]);
      }
      delete node.dataset.atlasOn;
    }
  }
  document.addEventListener("DOMContentLoaded", listen);

  A.guests = {
    handlers,
    failed,
    // Hosts that the page asks for what it does not hold.
    hosts: () => {
      const meta = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="atlas-asks"]'));
      return meta ? meta.content.split(" ").filter(Boolean) : [];
    },
  };
})(globalThis.atlasPage);
