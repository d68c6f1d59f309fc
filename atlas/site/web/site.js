"use strict";
// Language, theme, filters, sorting and search. Text only ever becomes a text node.
(function (A) {
  const root = document.documentElement;
  const all = (selector, from) => [...(from || document).querySelectorAll(selector)];
  const one = (selector, from) => (from || document).querySelector(selector);
  const block = (id) => JSON.parse(document.getElementById(id).textContent);
  const kept = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* not kept, then */ } },
  };
  // What the reader came with from the map, for this visit only.
  const trip = {
    get(key) { try { return sessionStorage.getItem(`atlas-${key}`); } catch { return null; } },
    set(key, value) { try { sessionStorage.setItem(`atlas-${key}`, value); } catch { /* forgotten, then */ } },
  };
  const { languages, names, title } = block("Words");
  const LANGS = Object.keys(languages);
  A.i18n.learn(languages);
  let lang = "en";

  // Words --------------------------------------------------------------------------------------
  const say = A.t;
  function refill(node, text) {
    if (!("english" in node.dataset) && !node.dataset.t) node.dataset.english = node.textContent;
    if (node.textContent !== text) node.textContent = text;
  }
  function speak(from) {
    for (const node of all("[data-t]", from)) refill(node, say(node.dataset.t, node.dataset.v ? JSON.parse(node.dataset.v) : null));
    for (const node of all("[data-w]", from)) {
      const english = "english" in node.dataset ? node.dataset.english : node.textContent;
      const own = lang !== "en" && names[node.dataset.w] && names[node.dataset.w][lang];
      refill(node, own || english);
      node.lang = own ? lang : "en";
    }
    for (const node of all("time[data-d]", from)) refill(node, A.days.describe(node.dataset.d, lang, say("about")));
    for (const node of all("option[data-date]", from)) {
      const own = names[node.dataset.names];
      const text = (lang !== "en" && own && own[lang]) || node.dataset.title;
      node.textContent = A.days.describe(node.dataset.date, lang, say("about")) + (text ? ` · ${text}` : "");
    }
    for (const [name, attribute] of [["tLabel", "aria-label"], ["tPlaceholder", "placeholder"], ["tTitle", "title"]]) {
      const selector = `[data-${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}]`;
      for (const node of all(selector, from)) node.setAttribute(node.tagName === "OPTGROUP" ? "label" : attribute, say(node.dataset[name]));
    }
    for (const node of all('select > option[value=""]', from)) node.textContent = say("all");
  }
  function use(next) {
    lang = LANGS.includes(next) ? next : LANGS.includes("en") ? "en" : LANGS[0];
    A.i18n.use(lang);
    root.lang = lang;
    root.dir = A.i18n.direction();
    one("#Lang").value = lang;
    const brand = one("[data-title]");
    brand.textContent = title[lang] || title.en || brand.textContent;
    // The page is written in English: nothing to do for its first reader.
    if (lang !== "en" || spoken) speak(document);
    spoken = true;
    const heading = one("main h1");
    document.title = `${heading.textContent} · ${brand.textContent}`;
    for (const redo of onLanguage) redo();
  }
  let spoken = false;
  const onLanguage = [];

  // What stands behind the # : an anchor, or settings as key=value ----------------------------------
  const settings = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  function remember(form) {
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) values.append(name, value);
    const kinds = all('input[name="kind"][type="checkbox"]', form);
    if (kinds.length && kinds.every((box) => box.checked)) values.delete("kind");
    const text = values.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  }

  // Folding: the same key for a name however it is typed -------------------------------------------
  const LETTERS = { ə: "a", ı: "i", ł: "l", ø: "o", ß: "ss", "ʻ": "", "’": "", "'": "", "՛": "", "՝": "", և: "եւ" };
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[əıłøßʻ’'՛՝և]/g, (c) => LETTERS[c]);
  const later = (action, wait) => {
    let timer = 0;
    return () => { clearTimeout(timer); timer = setTimeout(action, wait); };
  };

  // Filters ------------------------------------------------------------------------------------
  function filtering(form) {
    const list = document.getElementById(form.dataset.filters);
    const items = all("[data-item]", list);
    const groups = all("[data-group]", list).reverse();
    const count = one("[data-count]", form);
    const nothing = form.nextElementSibling;
    const texts = new Map();
    const textOf = (item) => {
      if (!texts.has(item)) texts.set(item, fold(item.textContent));
      return texts.get(item);
    };
    const names = new Map();
    const namesOf = (item) => {
      if (!names.has(item)) names.set(item, all("[data-n]", item));
      return names.get(item);
    };
    // As it comes the page shows everything: there is nothing to look through yet.
    let whole = true;
    // A name fits if its language, its users and its years do.
    const fits = (node, want) => {
      if (want.nlang && !node.closest(`[data-l="${CSS.escape(want.nlang)}"]`)) return false;
      if (want.by && !(node.dataset.u || "").split(" ").includes(want.by)) return false;
      if (want.year) {
        const first = A.days.fromYmd(want.year, 1, 1);
        const next = A.days.fromYmd(want.year + 1, 1, 1);
        if (Number(node.dataset.s || -1e9) >= next || Number(node.dataset.e || 1e9) <= first) return false;
      }
      return true;
    };
    function apply() {
      const data = new FormData(form);
      const queries = fold(String(data.get("q") || "")).split(/\s+/).filter(Boolean);
      const kinds = all('input[name="kind"][type="checkbox"]', form);
      const choices = [];
      for (const select of all("select", form)) if (select.value && !["nlang"].includes(select.name)) choices.push([select.name, select.value]);
      for (const box of all('input[type="checkbox"]:not([name="kind"])', form)) if (box.checked) choices.push([box.name, box.value]);
      const ticked = kinds.length ? new Set(kinds.filter((box) => box.checked).map((box) => box.value)) : null;
      const year = Number(data.get("year")) || 0;
      const byName = form.elements.nlang;
      const want = { nlang: data.get("nlang"), by: byName ? data.get("by") : "", year: year >= 1000 && year <= 2100 ? year : 0 };
      const narrow = Boolean(byName) && (want.nlang || want.by || want.year);
      const asks = Boolean(narrow || queries.length || choices.length || (ticked && ticked.size < kinds.length));
      if (whole && !asks) return;
      whole = !asks;
      let shown = 0;
      for (const item of items) {
        let fine = (!ticked || ticked.has(item.dataset.kind))
          && choices.every(([name, value]) => (byName && name === "by") || (item.dataset[name] || "").split(" ").includes(value))
          && queries.every((query) => textOf(item).includes(query));
        if (byName) {
          let left = 0;
          for (const node of namesOf(item)) {
            const fit = !narrow || fits(node, want);
            node.hidden = !fit;
            if (fit) left += 1;
          }
          if (narrow && !left) fine = false;
        }
        item.hidden = !fine;
        if (fine) shown += 1;
      }
      for (const group of groups) group.hidden = !one("[data-item]:not([hidden])", group);
      nothing.hidden = shown > 0;
      count.dataset.v = JSON.stringify({ n: shown, all: items.length });
      count.textContent = say("shown", { n: shown, all: items.length });
    }
    const changed = () => { apply(); remember(form); };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", later(changed, 90));
    form.addEventListener("reset", () => setTimeout(changed, 0));
    count.removeAttribute("data-t");
    one("[data-t]", count)?.removeAttribute("data-t");
    onLanguage.push(() => {
      texts.clear();
      const values = { n: items.filter((item) => !item.hidden).length, all: items.length };
      if (whole) count.textContent = say("shown", values);
      apply();
    });
    const asked = settings();
    for (const [name, value] of asked) {
      for (const field of all(`[name="${CSS.escape(name)}"]`, form)) {
        if (field.type === "checkbox") field.checked = asked.getAll(name).includes(field.value);
        else field.value = value;
      }
    }
  }

  // Sorting ------------------------------------------------------------------------------------
  function sorting(table) {
    const body = one("tbody", table);
    const rows = [...body.rows];
    const order = new Map(rows.map((row, n) => [row, n]));
    const key = {
      day: (row) => Number(row.dataset.day),
      deaths: (row) => Number(row.dataset.rank),
      text: (row) => fold(one(".what", row).textContent),
      place: (row) => fold(one(".where", row).textContent),
    };
    for (const button of all("button[data-sort]", table)) {
      button.addEventListener("click", () => {
        const head = button.closest("th");
        const now = head.getAttribute("aria-sort");
        const down = now ? now === "ascending" : "down" in button.dataset;
        for (const other of all("th", table)) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keys = new Map(rows.map((row) => [row, key[button.dataset.sort](row)]));
        const sign = down ? -1 : 1;
        const sorted = [...rows].sort((a, b) => {
          const [x, y] = [keys.get(a), keys.get(b)];
          return x < y ? -sign : x > y ? sign : order.get(a) - order.get(b);
        });
        body.append(...sorted);
      });
    }
  }

  // One of several sections --------------------------------------------------------------------
  function picking(form) {
    const select = one("select", form);
    const sections = all("[data-day]", document.getElementById(form.dataset.pick));
    const show = () => {
      for (const section of sections) section.classList.toggle("chosen", section.dataset.day === select.value);
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    select.addEventListener("change", () => {
      show();
      history.replaceState(null, "", `#on-${select.value}`);
    });
    const asked = /^#on-(\d{4}-\d\d-\d\d)$/.exec(location.hash);
    if (asked && sections.some((section) => section.dataset.day === asked[1])) select.value = asked[1];
    show();
  }

  // Search over the whole record -----------------------------------------------------------------
  function searching() {
    const index = block("Index");
    const keys = index.map(([, , label, more]) => [fold(label), fold(`${label} ${more}`), label.split(" / ").map(fold)]);
    const [field, list, found] = [one("#Query"), one("#Results"), one("#Found")];
    const form = one("#Search");
    const MOST = 120;
    const order = new Map(["place", "event", "route", "mission", "story", "page", "source"].map((kind, n) => [kind, n]));
    function score(n, query, parts) {
      const [label, text, names] = keys[n];
      if (!parts.every((part) => text.includes(part))) return -1;
      const name = ` ${text} `;
      // A place of two names is found by either as well as by both.
      const best = names.includes(query) || label === query ? 8 : names.some((name) => name.startsWith(query)) ? 4 : 0;
      return best + (name.includes(` ${query} `) ? 3 : name.includes(` ${query}`) ? 2 : 0)
        + (parts.every((part) => label.includes(part)) ? 1 : 0);
    }
    function show() {
      const query = fold(field.value.trim());
      const parts = query.split(/\s+/).filter(Boolean);
      const hits = [];
      if (parts.length) for (let n = 0; n < index.length; n += 1) {
        const points = score(n, query, parts);
        if (points >= 0) hits.push([points, n]);
      }
      hits.sort((a, b) => b[0] - a[0] || order.get(index[a[1]][0]) - order.get(index[b[1]][0]) || a[1] - b[1]);
      list.textContent = "";
      for (const [, n] of hits.slice(0, MOST)) {
        const [kind, href, label, , about] = index[n];
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = href;
        link.textContent = label;
        const tag = document.createElement("span");
        tag.className = "tag";
        tag.textContent = say(kind === "mission" ? "x_mandate" : `x_${kind}`);
        const text = document.createElement("p");
        text.className = "meta";
        text.textContent = about;
        item.append(tag, " ", link, text);
        list.append(item);
      }
      found.textContent = parts.length ? say("results", { n: hits.length }) + (hits.length > MOST ? `; ${say("andMore", { n: hits.length - MOST })}` : "") : "";
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("input", later(() => { show(); remember(form); }, 60));
    const asked = settings().get("q");
    if (asked) field.value = asked;
    onLanguage.push(show);
    field.focus();
  }

  // Start --------------------------------------------------------------------------------------
  const find = one("#Find");
  if (find) find.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && find.value.trim()) location.href = `search.html#q=${encodeURIComponent(find.value.trim())}`;
  });
  one("#Lang").addEventListener("change", (event) => {
    kept.set("atlas-lang", event.target.value);
    use(event.target.value);
  });
  one("#Theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    kept.set("atlas-theme", root.dataset.theme);
  });
  // A link to the map opens it in the reader's language, in his looks, for his side and, if it names none, on his date.
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-map]");
    if (!link) return;
    const [page, hash] = link.getAttribute("href").split("#");
    const own = new URLSearchParams(hash || "");
    const told = { lang: lang === "en" ? "" : lang, side: trip.get("side"), theme: root.dataset.theme, date: trip.get("date") };
    const values = (hash || "").split("&").filter((part) => part && !(part.startsWith("lang=") && told.lang));
    for (const [key, value] of Object.entries(told)) if (value && (key === "lang" || !own.has(key))) values.push(`${key}=${encodeURIComponent(value)}`);
    link.setAttribute("href", `${page}#${values.join("&")}`);
  }, true);
  // Room for a fold: what a link points to may lie in a closed one.
  const reveal = () => {
    const key = decodeURIComponent(location.hash.slice(1));
    const target = key && !key.includes("=") ? document.getElementById(key) : null;
    if (!target) return;
    for (let up = target.parentElement; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    const shown = target.getClientRects().length ? target : target.closest("[data-item]");
    if (shown && shown.hidden) shown.hidden = false;
    if (shown) settle(shown);
  };
  // Rows out of sight have only a guessed height: on the way there the target moves.
  let still = 0;
  function settle(node) {
    still = 16;
    const step = () => {
      if (!still) return;
      still -= 1;
      node.scrollIntoView();
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
  for (const event of ["wheel", "touchstart", "keydown", "pointerdown"]) addEventListener(event, () => { still = 0; }, { passive: true });
  addEventListener("hashchange", () => {
    reveal();
    const next = settings().get("lang");
    if (next) use(next);
  });
  for (const form of all("form[data-filters]")) filtering(form);
  for (const table of all("table[data-sortable]")) sorting(table);
  for (const form of all("form[data-pick]")) picking(form);
  if (one("#Search")) searching();
  for (const key of ["date", "side"]) if (settings().has(key)) trip.set(key, settings().get(key));
  const looks = settings().get("theme");
  if (looks === "dark" || looks === "light") kept.set("atlas-theme", root.dataset.theme = looks);
  use(settings().get("lang") || kept.get("atlas-lang") || "en");
  // In the words that are shown, which are longer in one language than in another.
  const here = one(".menu [aria-current]");
  if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 40;
  reveal();
  root.dataset.ready = "";
})(globalThis.atlasPage);
