"use strict";
// Filters over a list: what fits is reckoned at once, what it changes is drawn in slices.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const all = (selector, from) => [...from.querySelectorAll(selector)];

  // Folding: the same key for a name however it is typed.
  const LETTERS = { ə: "a", ı: "i", ł: "l", ø: "o", ß: "ss", "ʻ": "", "’": "", "'": "", "՛": "", "՝": "", և: "եւ" };
  A.fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[əıłøßʻ’'՛՝և]/g, (c) => LETTERS[c]);

  A.createFilter = (form, list, keep) => {
    const count = form.querySelector("[data-count]");
    const nothing = form.nextElementSibling;
    const total = Number(JSON.parse(count.querySelector("[data-v]").dataset.v).all);
    const kinds = all('input[name="kind"][type="checkbox"]', form);
    const boxes = all('input[type="checkbox"]:not([name="kind"])', form);
    const byName = Boolean(form.elements.nlang);
    const groups = new Map();
    let ask = null;
    let running = null;

    // What is asked for; null as the page comes, with everything shown.
    function asked() {
      const data = new FormData(form);
      const queries = A.fold(String(data.get("q") || "")).split(/\s+/).filter(Boolean);
      const choices = [];
      for (const select of all("select", form)) {
        if (select.value && select.name !== "nlang" && !(byName && select.name === "by")) choices.push([select.name, select.value]);
      }
      for (const box of boxes) if (box.checked) choices.push([box.name, box.value]);
      const ticked = kinds.length && !kinds.every((box) => box.checked) ? new Set(kinds.filter((box) => box.checked).map((box) => box.value)) : null;
      const typed = Number(data.get("year")) || 0;
      const year = typed >= 1000 && typed <= 2100 ? typed : 0;
      const want = byName && (data.get("nlang") || data.get("by") || year)
        ? { lang: data.get("nlang"), by: data.get("by"), first: year && A.days.fromYmd(year, 1, 1), next: year && A.days.fromYmd(year + 1, 1, 1) }
        : null;
      return queries.length || choices.length || ticked || want ? { queries, choices, ticked, want } : null;
    }
    // A name fits if its language, its users and its years do.
    const named = (name, want) => (!want.lang || name.lang === want.lang) && (!want.by || name.by.includes(want.by))
      && !(want.next && (name.from >= want.next || name.until <= want.first));
    function fits(row) {
      const { dataset } = row.node;
      return (!ask.ticked || ask.ticked.has(dataset.kind))
        && ask.choices.every(([name, value]) => (dataset[name] || "").split(" ").includes(value))
        && ask.queries.every((query) => row.text.includes(query))
        && (!ask.want || row.names.some((name) => named(name, ask.want)));
    }
    // Whether its names were last chosen among by what is not asked for now.
    const renamed = (row) => byName && row.fine && row.want !== (ask && ask.want);
    function show(row) {
      row.node.hidden = !row.fine;
      if (renamed(row)) {
        row.want = ask && ask.want;
        const held = new Set();
        for (const name of row.names) {
          const fine = !row.want || named(name, row.want);
          name.node.hidden = !fine;
          if (fine) held.add(name.holder);
        }
        for (const { holder } of row.names) holder.hidden = !held.has(holder);
      }
    }
    function reckon(rows) {
      for (const row of rows) {
        row.fine = !ask || fits(row);
        for (const group of row.groups) groups.set(group, (groups.get(group) || 0) + (row.fine ? 1 : 0));
      }
    }
    function tell() {
      const waiting = list.waiting();
      const n = ask ? list.rows.reduce((sum, row) => sum + (row.fine ? 1 : 0), 0) : total;
      nothing.hidden = n > 0 || waiting > 0;
      count.textContent = A.t("shown", { n, all: total });
    }
    function apply() {
      const next = asked();
      if (!next && !ask) return;
      if (running) running.stop();
      ask = next;
      groups.clear();
      reckon(list.rows);
      for (const [group, n] of groups) group.hidden = !n;
      tell();
      running = A.sweep(list.rows.filter((row) => row.node.hidden === row.fine || renamed(row)), show);
    }
    function read(row) {
      row.text = A.fold(row.node.textContent);
    }
    list.listen({
      drawn(rows, elements) {
        for (const row of rows) {
          read(row);
          row.want = null;
          row.groups = [];
          row.names = byName ? all("[data-n]", row.node).map((node) => {
            const holder = node.closest("[data-l]");
            const { u, s, e } = node.dataset;
            return { node, holder, lang: holder.dataset.l, by: (u || "").split(" "), from: Number(s || -1e9), until: Number(e || 1e9) };
          }) : [];
          for (let up = row.node.parentElement; up && up !== list.node; up = up.parentElement) if (up.matches("[data-group]")) row.groups.push(up);
        }
        const holders = new Map();
        for (const element of elements) {
          const holder = element.dataset.of && document.getElementById(element.dataset.of);
          for (let up = holder; up && up !== list.node; up = up.parentElement) {
            if (up.matches("[data-group]")) holders.set(element, [...(holders.get(element) || []), up]);
          }
        }
        if (holders.size) for (const row of rows) for (const [element, more] of holders) if (element.contains(row.node)) row.groups.push(...more);
        if (!ask) return;
        reckon(rows);
        for (const row of rows) show(row);
        for (const group of new Set(rows.flatMap((row) => row.groups))) group.hidden = !groups.get(group);
        tell();
      },
    });
    list.whole.then(() => { if (ask) tell(); });

    const remember = A.later(() => keep(form), 250);
    const changed = () => { apply(); remember(); };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", changed);
    form.addEventListener("reset", () => setTimeout(changed, 0));
    // A row that says the same in another language is read anew.
    return { read, apply, tell, finish: () => running && running.finish() };
  };
})(globalThis.atlasPage);
