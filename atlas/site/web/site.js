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
  const { languages, names, orders, title } = block("Words");
  const LANGS = Object.keys(languages);
  A.i18n.learn(languages);
  let lang = "en";

  // Words --------------------------------------------------------------------------------------
  const say = A.t;
  function refill(node, text) {
    if (!("english" in node.dataset) && !node.dataset.t) node.dataset.english = node.textContent;
    if (node.textContent !== text) node.textContent = text;
  }
  // A part of the page in the reader's language; `but` leaves out what lies within such elements.
  function speak(from, but = "") {
    const within = (selector) => [
      ...(from.matches && from.matches(selector) ? [from] : []),
      ...all(but ? `${selector}:not(${but} *)` : selector, from),
    ];
    for (const node of within("[data-t]")) refill(node, say(node.dataset.t, node.dataset.v ? JSON.parse(node.dataset.v) : null));
    for (const node of within("[data-w]")) {
      const english = "english" in node.dataset ? node.dataset.english : node.textContent;
      const own = lang !== "en" && (names[node.dataset.w] || {})[lang];
      refill(node, own || english);
      node.lang = own ? lang : "en";
    }
    for (const node of within("time[data-d]")) refill(node, A.days.describe(node.dataset.d, lang, say("about")));
    for (const node of within("option[data-date]")) {
      const own = lang !== "en" && names[node.dataset.names];
      const text = (own && own[lang]) || node.dataset.title;
      node.textContent = A.days.describe(node.dataset.date, lang, say("about")) + (text ? ` · ${text}` : "");
    }
    for (const [name, attribute] of [["t-label", "aria-label"], ["t-placeholder", "placeholder"], ["t-title", "title"]]) {
      for (const node of within(`[data-${name}]`)) node.setAttribute(node.tagName === "OPTGROUP" ? "label" : attribute, say(node.getAttribute(`data-${name}`)));
    }
    for (const node of within('select > option[value=""]')) node.textContent = say("all");
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
    if (lang !== "en" || spoken) {
      speak(document, "[data-item]");
      reword();
    }
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

  A.later = (action, wait) => {
    let timer = 0;
    return () => { clearTimeout(timer); timer = setTimeout(action, wait); };
  };
  const { fold, later } = A;

  // Lists --------------------------------------------------------------------------------------
  const lists = [];
  const filters = new Map();
  function listing(node) {
    const list = A.createList(node);
    lists.push(list);
    // A row is in the reader's language before it is seen.
    list.listen({ drawn: (_, elements) => { if (lang !== "en") elements.forEach((element) => speak(element)); } });
    const form = one(`form[data-filters="${CSS.escape(node.id)}"]`);
    if (form) filters.set(list, A.createFilter(form, list, remember));
    const table = node.closest("table[data-sortable]");
    if (table) sorting(table, list);
    if ("ordered" in node.dataset) ordering(list);
    return form;
  }
  function restore(form) {
    const asked = settings();
    for (const [name, value] of asked) {
      for (const field of all(`[name="${CSS.escape(name)}"]`, form)) {
        if (field.type === "checkbox") field.checked = asked.getAll(name).includes(field.value);
        else field.value = value;
      }
    }
  }
  const finish = () => {
    for (const list of lists) list.finish();
    for (const filter of filters.values()) filter.finish();
    rewording.finish();
  };
  let rewording = A.sweep([], () => {});
  // Rows are reworded in slices, those in sight first.
  function reword() {
    rewording.stop();
    const rows = lists.flatMap((list) => list.rows.map((row) => [list, row]));
    for (const [list, filter] of filters) if (!list.waiting()) filter.tell();
    rewording = A.sweep(rows, ([list, row]) => {
      speak(row.node);
      const filter = filters.get(list);
      if (filter) filter.read(row);
    });
  }

  // Sorting ------------------------------------------------------------------------------------
  function sorting(table, list) {
    const key = {
      day: (row) => Number(row.dataset.day),
      deaths: (row) => Number(row.dataset.rank),
      text: (row) => fold(one(".what", row).textContent),
      place: (row) => fold(one(".where", row).textContent),
    };
    for (const button of all("button[data-sort]", table)) {
      button.addEventListener("click", async () => {
        await list.hurry();
        const head = button.closest("th");
        const now = head.getAttribute("aria-sort");
        const down = now ? now === "ascending" : "down" in button.dataset;
        for (const other of all("th", table)) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keys = list.units.map(key[button.dataset.sort]);
        const sign = down ? -1 : 1;
        list.arrange([...keys.keys()].sort((a, b) => (keys[a] < keys[b] ? -sign : keys[a] > keys[b] ? sign : a - b)));
      });
    }
  }

  // In the order of the reader's alphabet, with its letters above ------------------------------------
  function ordering(list) {
    const { order, letters } = orders;
    const nav = one(".letters");
    let now = "en";
    onLanguage.push(() => {
      if (lang === now || !order[lang]) return;
      now = lang;
      list.arrange(order[lang]);
      nav.replaceChildren(...letters[lang].map(([letter, id]) => {
        const link = document.createElement("a");
        link.href = `#${encodeURIComponent(id)}`;
        link.textContent = letter;
        return link;
      }));
    });
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

  // To cite the page as it stands, or to show it on another ----------------------------------------
  function quoting(box) {
    const [cited, frame, told] = [one("#Citation"), one("#Frame"), one("#Copied")];
    function write() {
      const address = location.href;
      const titled = aimed() && document.getElementById(aimed());
      const subject = titled && one(".what, h2, h3, .work", titled);
      const heading = one("main h1").textContent;
      cited.value = [one("[data-title]").textContent, heading, subject && subject.textContent.trim(), box.dataset.licence, address].filter(Boolean).join(". ");
      const escaped = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
      frame.value = `<iframe src="${escaped(address)}" title="${escaped(document.title)}" width="100%" height="500" style="border:0" loading="lazy"></iframe>`;
    }
    box.addEventListener("toggle", () => { if (box.open) write(); });
    addEventListener("hashchange", write);
    onLanguage.push(write);
    for (const button of all("[data-copy]", box)) {
      button.addEventListener("click", () => {
        const area = document.getElementById(button.dataset.copy);
        area.select();
        const done = () => {
          told.textContent = button.textContent = say("copiedWord");
          setTimeout(() => { told.textContent = ""; button.textContent = say("copy"); }, 1400);
        };
        if (navigator.clipboard) navigator.clipboard.writeText(area.value).then(done, () => {});
      });
    }
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
  // The rest of the menu closes as menus do.
  const more = one(".more");
  document.addEventListener("click", (event) => { if (more.open && !more.contains(event.target)) more.open = false; });
  more.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !more.open) return;
    more.open = false;
    one("summary", more).focus();
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
  const aimed = () => {
    const text = location.hash.slice(1);
    if (text.includes("=")) return "";
    try { return decodeURIComponent(text); } catch { return text; }
  };
  const reveal = () => {
    const key = aimed();
    const target = key ? document.getElementById(key) : null;
    // It may not be drawn yet.
    const late = key && !target && lists.filter((list) => list.waiting());
    if (late && late.length) Promise.all(late.map((list) => list.hurry())).then(() => { if (document.getElementById(key)) reveal(); });
    if (!target) return;
    // The browser looked for it before it was there: it is to look once more.
    if (!target.matches(":target")) location.replace(location.href);
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
  const forms = all("[data-list]").map(listing).filter(Boolean);
  forms.forEach(restore);
  addEventListener("beforeprint", finish);
  // The browser's own search finds what is drawn.
  addEventListener("keydown", (event) => { if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") finish(); });
  for (const form of all("form[data-pick]")) picking(form);
  if (one("#Search")) searching();
  if (one(".quote")) quoting(one(".quote"));
  for (const key of ["date", "side"]) if (settings().has(key)) trip.set(key, settings().get(key));
  const looks = settings().get("theme");
  if (looks === "dark" || looks === "light") kept.set("atlas-theme", root.dataset.theme = looks);
  use(settings().get("lang") || kept.get("atlas-lang") || "en");
  // In the words that are shown, which are longer in one language than in another.
  const here = one(".menu-in [aria-current]");
  if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 40;
  for (const filter of filters.values()) filter.apply();
  reveal();
  root.dataset.ready = "";
  for (const list of lists) {
    list.whole.then(() => { if (lists.every((one) => !one.waiting())) root.dataset.whole = ""; });
    list.start();
  }
})(globalThis.atlasPage);
