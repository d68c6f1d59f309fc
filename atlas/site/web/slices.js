"use strict";
// Long lists, a slice at a time: the first rows stand in the page, the rest lie as text in a <noscript>, which a
// browser with scripts does not read. So the page is there at once, and no step keeps the reader waiting.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const MARK = "<!--/-->";
  const BUDGET = 12;
  const HURRY = 60;
  const MOST = 120; // of rows changed at once: to lay them out takes longer than to change them

  // Does something for each of many, milliseconds at a time.
  A.sweep = (many, each) => {
    let at = 0;
    let timer = 0;
    const step = () => {
      const end = performance.now() + BUDGET;
      const stop = Math.min(many.length, at + MOST);
      while (at < stop && performance.now() < end) each(many[at++]);
      timer = at < many.length ? setTimeout(step, 0) : 0;
    };
    step();
    return {
      stop: () => clearTimeout(timer),
      finish() {
        clearTimeout(timer);
        while (at < many.length) each(many[at++]);
      },
    };
  };

  // A list: `rows` are those drawn, each told to everybody who listens before it is seen.
  A.createList = (node) => {
    const rest = document.querySelector(`noscript[data-rest="${CSS.escape(node.id)}"]`);
    // Units: what is drawn or moved as a whole, as text until it is an element.
    const units = [...node.children, ...(rest ? rest.textContent.split(MARK).slice(1, -1) : [])];
    const maker = document.createElement("template");
    const told = [];
    const list = { node, rows: [], whole: null, listen };
    let queue = units.map((_, n) => n);
    let timer = 0;
    let perUnit = 1;
    let done;
    let budget = BUDGET;

    const rowsOf = (element) => {
      const inside = [...element.querySelectorAll("[data-item]")];
      return element.matches("[data-item]") ? [element, ...inside] : inside;
    };
    function take(elements) {
      const rows = elements.flatMap(rowsOf).map((item) => ({ node: item }));
      list.rows.push(...rows);
      for (const one of told) one.drawn(rows, elements);
    }
    // What hears of rows hears of those that are there already, too.
    function listen(one) {
      told.push(one);
      if (list.rows.length) one.drawn(list.rows, [...node.children]);
    }
    // What belongs into a part of the list that is drawn already says so.
    function place(element) {
      const holder = element.dataset.of && document.getElementById(element.dataset.of);
      (holder || node).append(element);
    }
    function draw(count) {
      const now = queue.splice(0, count);
      const fresh = now.filter((n) => typeof units[n] === "string");
      if (fresh.length) {
        maker.innerHTML = fresh.map((n) => units[n]).join("");
        const made = [...maker.content.children];
        take(made);
        // Units that open a part and units that go into it were read as one.
        const apart = made.length === fresh.length;
        fresh.forEach((n, i) => { units[n] = apart ? made[i] : null; });
        if (!apart) for (const element of made) place(element);
      }
      for (const n of now) if (units[n]) place(units[n]);
    }
    function step() {
      timer = 0;
      const start = performance.now();
      const count = Math.max(2, Math.min(80, Math.round(budget / perUnit)));
      draw(count);
      perUnit = Math.max(0.05, (perUnit + (performance.now() - start) / count) / 2);
      go();
    }
    function go() {
      if (queue.length) timer = timer || setTimeout(step, 0);
      else done(list);
    }
    function begin() {
      list.whole = new Promise((resolve) => { done = resolve; });
    }

    Object.assign(list, {
      waiting: () => queue.length,
      hurry() {
        budget = HURRY;
        return list.whole;
      },
      // All at once: for paper, and for the browser's own search.
      finish() {
        clearTimeout(timer);
        timer = 0;
        draw(queue.length);
        go();
      },
      // Another order: numbers of the units as they came. What is there is moved, what is not is drawn in its turn.
      arrange(order) {
        clearTimeout(timer);
        timer = 0;
        if (!queue.length) begin();
        queue = [...order];
        node.replaceChildren();
        // The first screen is there at once, the rest of it follows.
        draw(12);
        go();
      },
      units,
    });
    begin();
    take([...node.children]);
    // What stands in the page is drawn.
    queue = queue.slice(node.children.length);
    return Object.assign(list, { start: go });
  };
})(globalThis.atlasPage);
