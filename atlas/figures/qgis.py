"""How QGIS shows an exported pack: the colours, hatches, marks and clock of the page, as QML.

Source of the format: the styles that QGIS 3.22 writes; later ones read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as Xml

from atlas.figures.style import GROUPS, INK, STATUS
from atlas.record.exchange import AT_PLACE, LABEL, LAYERS, VIEWS, dates_of
from atlas.record.pack import Party
from atlas.record.schema import TABLES, Table

__all__ = ["qgis_styles"]

_Layers = list[Xml.Element]


def qgis_styles(parties: Mapping[str, Party]) -> dict[str, str]:
    """Write the styles of all layers of an export.

    Parameters
    ----------
    parties : mapping of str to Party
        Of the pack, by id: their names, colours and patterns.

    Returns
    -------
    dict of str to str
        Layer -> QML, for `atlas.record.exchange.export_gpkg`.

    Examples
    --------
    >>> "control_map" in qgis_styles({})
    True
    """
    renderers: dict[str, Xml.Element] = {
        "control_map": _control(parties),
        "areas": _rules([("", "Areas", [_fill("", INK["border"], 0.3)], "fill")]),
        "places": _places(),
        "events": _events(),
        "routes": _rules([("", "Routes", [_line(INK["muted"], 0.4)], "line")]),
        "episodes_map": _episodes(),
    }
    for stem in ("zones", "mandates"):
        hatch = [_hatch(INK["mandate"], 135, 3.0), _fill("", INK["mandate"], 0.4, "dash")]
        renderers[f"{stem}_areas"] = _rules([("", "Area", hatch, "fill")])
        line = [_line(INK["mandate"], 0.8, (3, 2))]
        renderers[f"{stem}_lines"] = _rules([("", "Line", line, "line")])
        renderers[f"{stem}_points"] = _rules(
            [("", "Post", [_mark("pentagon", INK["mandate"], 2.6)], "marker")]
        )
    found = {}
    for name in (*LAYERS, *VIEWS):
        table = TABLES[LAYERS[name].table if name in LAYERS else name.rsplit("_", 1)[0]]
        found[name] = _qml(table, renderers.get(name), label=name in ("areas", "places"))
    return found


# --- the file -----------------------------------------------------------------------------------

_NULL = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"  # how QGIS writes an empty cell in a list
_CATEGORIES = "Symbology|Labeling|Fields|Forms|Temporal"


def _qml(table: Table, renderer: Xml.Element | None, *, label: bool) -> str:
    root = Xml.Element(
        "qgis", version="3.22.0", styleCategories=_CATEGORIES, labelsEnabled=str(int(label))
    )
    dates = [*dates_of(table, dict.fromkeys(table.names, ""))]
    if renderer is not None:
        if dates:
            # Of a mandate the clock shows the days on which somebody was there.
            root.append(_clock(*(dates[-2:] if table.name == "mandates" else dates[:2])))
        root.append(renderer)
    if label:
        root.append(_labels())
    root.append(_widgets(table, dates))
    editable = Xml.SubElement(root, "editable")
    for name in (LABEL, AT_PLACE):
        Xml.SubElement(editable, "field", name=name, editable="0")
    text = Xml.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}\n"


def _clock(start: str, end: str) -> Xml.Element:
    """Features are shown from their first day to the first on which they no longer hold."""
    clock = Xml.Element(
        "temporal", mode="2", enabled="1", limitMode="0", startField=start, endField=end,
        accumulate="0", durationField="", durationUnit="min", fixedDuration="0",
        startExpression="", endExpression="",
    )  # fmt: skip
    fixed = Xml.SubElement(clock, "fixedRange")
    Xml.SubElement(fixed, "start")
    Xml.SubElement(fixed, "end")
    return clock


def _option(parent: Xml.Element, name: str, value: str, kind: str = "QString") -> None:
    Xml.SubElement(parent, "Option", name=name, value=value, type=kind)


def _widgets(table: Table, dates: Sequence[str]) -> Xml.Element:
    """Forms: a list to choose from where the schema has words, a calendar where it has days."""
    root = Xml.Element("fieldConfiguration")
    days = {*dates, *(column.name for column in table.columns if column.kind == "day")}
    words = {column.name: column.words for column in table.columns if column.kind == "word"}
    for name in dict.fromkeys([*table.names, *dates]):
        if name not in days and name not in words:
            continue
        kind = "DateTime" if name in days else "ValueMap"
        field = Xml.SubElement(root, "field", name=name)
        widget = Xml.SubElement(field, "editWidget", type=kind)
        options = Xml.SubElement(Xml.SubElement(widget, "config"), "Option", type="Map")
        if name in days:
            _option(options, "allow_null", "true", "bool")
            _option(options, "calendar_popup", "true", "bool")
            _option(options, "display_format", "yyyy-MM-dd")
            _option(options, "field_format", "yyyy-MM-dd")
            continue
        listed = Xml.SubElement(options, "Option", name="map", type="List")
        empty = [] if table.column(name).required else [("", _NULL)]
        for shown, value in [*empty, *((word, word) for word in words[name])]:
            _option(Xml.SubElement(listed, "Option", type="Map"), shown or "(empty)", value)
    return root


def _labels() -> Xml.Element:
    root = Xml.Element("labeling", type="simple")
    settings = Xml.SubElement(root, "settings")
    style = Xml.SubElement(
        settings, "text-style", fieldName=LABEL, isExpression="0", fontSize="8",
        fontSizeUnit="Point", textColor=_rgb(INK["ink"]),
    )  # fmt: skip
    Xml.SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferColor=_rgb(INK["casing"])
    )
    Xml.SubElement(settings, "placement", placement="1", dist="0")
    return root


# --- symbols ------------------------------------------------------------------------------------


def _rgb(colour: str, alpha: float = 1.0) -> str:
    """A colour as QGIS writes it; black where it is none."""
    digits = colour.lstrip("#")
    try:
        red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    except ValueError:
        red = green = blue = 0
    return f"{red},{green},{blue},{round(alpha * 255)}"


def _layer(kind: str, options: Mapping[str, str]) -> Xml.Element:
    layer = Xml.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    held = Xml.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        _option(held, name, value)
    return layer


def _fill(
    colour: str, outline: str, width: float, style: str = "solid", alpha: float = 0.75
) -> Xml.Element:
    """A fill, none where there is no colour, and an outline."""
    return _layer("SimpleFill", {
        "color": _rgb(colour or "#ffffff", alpha if colour else 0),
        "style": "solid" if colour else "no", "outline_color": _rgb(outline),
        "outline_style": style, "outline_width": str(width), "outline_width_unit": "MM",
    })  # fmt: skip


def _line(colour: str, width: float, dash: Sequence[float] = ()) -> Xml.Element:
    options = {"line_color": _rgb(colour), "line_width": str(width), "line_width_unit": "MM",
               "capstyle": "flat", "joinstyle": "round"}  # fmt: skip
    if dash:
        # Millimetres: the page's dashes are in points.
        steps = list(dash) if len(dash) % 2 == 0 else [*dash, *dash]
        options |= {"use_custom_dash": "1", "customdash_unit": "MM",
                    "customdash": ";".join(f"{step * 0.5:g}" for step in steps)}  # fmt: skip
    return _layer("SimpleLine", options)


def _mark(shape: str, colour: str, size: float) -> Xml.Element:
    return _layer("SimpleMarker", {
        "name": shape, "color": _rgb(colour), "size": str(size), "size_unit": "MM",
        "outline_color": _rgb(INK["casing"]), "outline_width": "0.2", "outline_width_unit": "MM",
    })  # fmt: skip


def _inner(layer: Xml.Element, kind: str, inside: Xml.Element) -> Xml.Element:
    symbol = Xml.SubElement(layer, "symbol", type=kind, name="@0@1", alpha="1")
    symbol.append(inside)
    return layer


def _hatch(colour: str, angle: int, distance: float) -> Xml.Element:
    layer = _layer("LinePatternFill", {
        "angle": str(angle), "distance": f"{distance:g}", "distance_unit": "MM",
        "color": _rgb(colour), "line_width": "0.3", "line_width_unit": "MM",
    })  # fmt: skip
    return _inner(layer, "line", _line(colour, 0.3))


def _dots(colour: str) -> Xml.Element:
    layer = _layer("PointPatternFill", {
        "distance_x": "2.5", "distance_y": "2.5", "displacement_x": "1.25",
        "distance_x_unit": "MM", "distance_y_unit": "MM", "displacement_x_unit": "MM",
    })  # fmt: skip
    return _inner(layer, "marker", _mark("circle", colour, 0.9))


_ANGLES: Mapping[str, tuple[int, ...]] = {
    "lines": (45,), "back": (135,), "cross": (0, 90), "grid": (0, 90),
}  # fmt: skip


def _pattern(pattern: str, colour: str) -> _Layers:
    """A party's hatch in a darker shade of its own colour, as on the page."""
    if pattern == "dots":
        return [_dots(colour)]
    near = 1.6 if pattern == "grid" else 2.6
    return [_hatch(colour, angle, near) for angle in _ANGLES.get(pattern, ())]


# --- renderers ----------------------------------------------------------------------------------

_Rule = tuple[str, str, _Layers, str]


def _rules(rules: Iterable[_Rule]) -> Xml.Element:
    """Rules in order: a filter (empty: all), a label, the layers of the symbol, its kind."""
    renderer = Xml.Element("renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0")
    listed = Xml.SubElement(renderer, "rules", key="{0}")
    symbols = Xml.SubElement(renderer, "symbols")
    for number, (test, label, layers, kind) in enumerate(rules):
        rule = {"key": f"{{{number + 1}}}", "label": label, "symbol": str(number)}
        Xml.SubElement(listed, "rule", rule | ({"filter": test} if test else {}))
        symbol = Xml.SubElement(symbols, "symbol", type=kind, name=str(number), alpha="1")
        symbol.extend(layers)
    return renderer


def _said(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _darker(colour: str) -> str:
    parts = _rgb(colour).split(",")[:3]
    return "#" + "".join(f"{int(int(part) * 0.6):02x}" for part in parts)


def _control(parties: Mapping[str, Party]) -> Xml.Element:
    """Who holds: filled. Who claims: hatched only. What is not certain: a broken edge."""
    rules: list[_Rule] = []
    for key, party in parties.items():
        layers = [_fill(party.colour, INK["casing"], 0.2),
                  *_pattern(party.pattern, _darker(party.colour))]  # fmt: skip
        rules.append((f'"asserted_by" IS NULL AND "controller" = {_said(key)}', party.label(),
                      layers, "fill"))  # fmt: skip
    rules.append(('"asserted_by" IS NULL AND "certainty" <> \'certain\'', "not certain",
                  [_fill("", INK["front"], 0.4, "dot")], "fill"))  # fmt: skip
    for key, party in parties.items():
        test = f'"asserted_by" IS NOT NULL AND "controller" = {_said(key)}'
        layers = [_hatch(party.colour, 60, 2.0), _fill("", party.colour, 0.4, "dash")]
        rules.append((test, f"claimed: {party.label()}", layers, "fill"))
    return _rules(rules)


def _episodes() -> Xml.Element:
    rules: list[_Rule] = []
    for status, style in STATUS.items():
        line = _line(style.colour, style.width * 0.45, style.dash)
        rules.append((f'"status" = {_said(status)}', status.replace("_", " "),
                      [_line(INK["casing"], style.width * 0.45 + 0.5), line], "line"))  # fmt: skip
    return _rules(rules)


def _events() -> Xml.Element:
    rules: list[_Rule] = []
    for group, (colour, kinds) in GROUPS.items():
        test = f'"event_type" IN ({", ".join(map(_said, kinds))})'
        rules.append((test, group, [_mark("circle", colour, 2.4)], "marker"))
    return _rules(rules)


_MARKS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "circle": ("settlement", ("settlement",)),
    "square": ("building or post", (
        "crossing", "base", "airport", "monastery", "dam", "station", "bridge", "site",
    )),
    "triangle": ("land and water", ("pass", "mountain", "river", "lake", "sea")),
    "diamond": ("territory", (
        "district", "region", "province", "republic", "country", "corridor",
    )),
}  # fmt: skip


def _places() -> Xml.Element:
    rules: list[_Rule] = []
    for shape, (label, kinds) in _MARKS.items():
        test = f'"kind" IN ({", ".join(map(_said, kinds))})'
        colour = INK["ink"] if shape == "circle" else INK["muted"]
        size = 1.0 if shape == "circle" else 1.4  # settlements are many
        rules.append((test, label, [_mark(shape, colour, size)], "marker"))
    return _rules(rules)
