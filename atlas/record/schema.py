"""The tables of a pack, once, as data: what reads, checks, tests and documents them.

A column says what its cells mean and what they may hold; nothing else in the project repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from atlas.base.errors import NotFoundError

__all__ = [
    "BASEMAP",
    "LANGUAGE_TAG",
    "TABLES",
    "Column",
    "Kind",
    "Table",
    "data_dictionary",
    "language_column",
    "table",
]

Kind = Literal[
    "text", "id", "ids", "number", "integer", "edtf", "day", "word", "words", "flag", "states"
]

CERTAINTY = ("certain", "probable", "contested", "unknown")
PLACE_KINDS = (
    "settlement district region province republic country pass mountain river lake bridge "
    "crossing corridor base airport monastery dam station site sea"
).split()
EVENT_TYPES = (
    "battle explosions_remote_violence violence_against_civilians protest riot "
    "strategic_development talks agreement ceasefire recognition resolution legal political "
    "blockade_statement blockade route_opening route_closure checkpoint aid handover capture "
    "deployment withdrawal_of_forces peacekeeping displacement exchange delimitation "
    "administration disaster"
).split()
CONTROL_TYPES = "de_facto presence contested demilitarised peacekeeper_held unknown".split()
HOW = (
    "battle withdrawal handover agreement offensive dissolution status_quo administrative"
).split()
ZONE_TYPES = "area buffer post corridor observation headquarters".split()
_AREA, _LINE, _SPOT = ("Polygon", "MultiPolygon"), ("LineString", "MultiLineString"), ("Point",)
GROUND_SHAPES = {
    "land": _AREA, "country": (*_AREA, *_SPOT), "border": _LINE, "lake": (*_AREA, *_SPOT),
    "river": _LINE, "sea": (*_AREA, *_SPOT),
}  # fmt: skip
"""What the ground is drawn of; a point is where a name stands."""
GROUND_KINDS = tuple(GROUND_SHAPES)
MODES = "road rail air pipeline".split()
STATUSES = (
    "open checkpoint restricted humanitarian_only blocked closed destroyed planned "
    "under_construction unknown"
).split()
SOURCE_KINDS = "primary press research reference mission court".split()
VERIFIED = "search read reference".split()
ACTOR_KINDS = (
    "government armed_force armed_group police legislature court body mission organisation "
    "company civilians crowd person unknown"
).split()
MEASURES = "flow stock".split()
MOVEMENTS = "departure return".split()
ROLES = "military civilian all".split()
OUTCOMES = "killed missing killed_or_missing wounded".split()
USERS = "civilian humanitarian peacekeeper commercial military".split()
PARTY = "party"

LANGUAGE_TAG = re.compile(
    r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-(?:[A-Z]{2}|[0-9]{3}))?(-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
)
"""A language tag as BCP 47 recommends to write it: ``el``, ``zh-Hant``, ``pt-BR``."""


@lru_cache(maxsize=4096)
def language_column(name: str) -> tuple[str, str]:
    """Part the name of a column into what it holds and the language it holds it in.

    Returns
    -------
    stem, tag : str
        The tag is empty where the name ends in none.

    Examples
    --------
    >>> language_column("title_el"), language_column("name_zh-Hant"), language_column("place_id")
    (('title', 'el'), ('name', 'zh-Hant'), ('place', 'id'))
    >>> language_column("title")
    ('title', '')
    """
    stem, _, tag = name.partition("_")
    return (stem, tag) if stem and LANGUAGE_TAG.fullmatch(tag) else (name, "")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        As in the header.
    kind : {'text', 'id', 'ids', 'number', 'integer', 'edtf', 'day', 'word', 'words', 'flag', \
            'states'}
        What a cell holds; the plural kinds are lists separated by ``|``. States are ISO 3166-1
        codes.
    about : str
        What it means, with its unit.
    required : bool
        Whether a cell may not be empty.
    words : tuple of str
        The vocabulary of a 'word' or 'words' column.
    refers : str
        Table that an 'id' or 'ids' column points to, or 'party'.
    low, high : float or None
        Bounds of a number, inclusive.
    like : str
        Whose name and meaning this follows, where it is somebody's.
    absent : bool
        Whether a file may do without the column; its cells are empty then.
    translated : bool
        Whether the same in other languages may stand beside it, as ``<name>_<tag>``; the column
        itself is in English.
    """

    name: str
    kind: Kind = "text"
    about: str = ""
    required: bool = False
    words: tuple[str, ...] = ()
    refers: str = ""
    low: float | None = None
    high: float | None = None
    like: str = ""
    translated: bool = False
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a pack.

    Attributes
    ----------
    name, file, about : str
        The name used in code, the file in the pack, what a row is.
    columns : tuple of Column
        In file order. For GeoJSON these are the properties.
    geometry : tuple of str
        GeoJSON geometry types allowed; empty for CSV.
    optional : bool
        Whether a pack may do without the file.
    """

    name: str
    file: str
    about: str
    columns: tuple[Column, ...]
    geometry: tuple[str, ...] = ()
    optional: bool = False
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))

    def column(self, name: str) -> Column:
        """Look up a column.

        Raises
        ------
        NotFoundError
            If the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise NotFoundError(f"table {self.name!r} has no column {name!r}")

    def translation(self, name: str) -> tuple[Column, str] | None:
        """Tell whether a name is one of this table's columns in another language.

        Returns
        -------
        (Column, str) or None
            The column it translates and the language's tag.
        """
        stem, tag = language_column(name)
        for column in self.columns:
            if tag and column.translated and column.name == stem:
                return column, tag
        return None

    def speaking(self, names: Iterable[str]) -> Table:
        """Give the table with those of some columns that are translations of its own.

        Parameters
        ----------
        names : iterable of str
            Names of columns; what is no translation is passed over.

        Returns
        -------
        Table
            Each translation follows the column it translates, in the order of the names.

        Examples
        --------
        >>> TABLES["zones"].speaking(["name_el", "colour"]).names[:3]
        ('id', 'name', 'name_el')
        """
        found: dict[str, list[Column]] = {}
        for name in dict.fromkeys(names):
            match = self.translation(name)
            if match is not None:
                about = f"{match[0].about}, in the language {match[1]}"
                found.setdefault(match[0].name, []).append(Column(name, "text", about))
        if not found:
            return self
        columns: list[Column] = []
        for column in self.columns:
            columns += [column, *found.get(column.name, [])]
        return replace(self, columns=tuple(columns))


def _id(about: str) -> Column:
    return Column("id", "id", about, required=True)


def _word(name: str, words: list[str] | tuple[str, ...], about: str, **more: bool) -> Column:
    return Column(name, "word", about, words=tuple(words), required=more.get("required", False))


_SPAN = (
    Column("valid_from", "edtf", "First day on which it holds; empty or '..' = open"),
    Column("valid_to", "edtf", "First day on which it no longer holds; empty = still holds"),
)
_ENVELOPE = (
    _word("certainty", CERTAINTY, "How sure the statement is", required=True),
    Column("asserted_by", "id", "Who claims it; empty = the atlas's assessment", refers=PARTY),
    Column("source_ids", "ids", "Who says so", required=True, refers="sources"),
    Column(
        "recorded_on",
        "day",
        "Earliest day on which a dated source of the row was out, not before what it tells",
    ),
    Column("note", "text", "Doubts, locators, differing dates"),
)
_COUNTER = (
    Column("counterclaims", "text", "What contradicts it, and who says that"),
    Column("counter_source_ids", "ids", "Sources of the contradiction", refers="sources"),
)


def _figures(what: str) -> tuple[Column, ...]:
    """Build the three columns of an estimate."""
    return tuple(
        Column(name, "integer", f"{what}, {about}; empty is not 0", low=0)
        for name, about in (("low", "lowest"), ("best", "best"), ("high", "highest"))
    )


_METHOD = (
    Column("geometry_method", "text", "How the shape was made", required=True),
    Column(
        "uncertainty_m", "number", "Half-width of the doubt about its edge, metres", True, low=0
    ),
    Column("source_ids", "ids", "Who says so", required=True, refers="sources"),
    Column("note", "text", "Limits"),
)
_PLACE = Column("place_id", "id", "The place", refers="places")
_LON = Column("lon", "number", "Longitude, degrees, WGS 84", low=-180, high=180)
_LAT = Column("lat", "number", "Latitude, degrees, WGS 84", low=-90, high=90)

TABLES: dict[str, Table] = {
    item.name: item
    for item in (
        Table(
            "sources",
            "sources.json",
            "A document that says so: a CSL-JSON item with our fields under `custom`.",
            (
                _id("Citation key"),
                Column("type", "text", "CSL type", required=True, like="CSL-JSON"),
                Column(
                    "title",
                    "text",
                    "Title as published; in square brackets where ours, the published one not "
                    "having been seen",
                    required=True,
                    like="CSL-JSON",
                ),
                Column("publisher", "text", "Publisher or author", like="CSL-JSON"),
                Column(
                    "issued",
                    "edtf",
                    "Date of publication; empty where the document bears none",
                    like="CSL-JSON",
                ),
                Column("url", "text", "http(s) address", like="CSL-JSON URL"),
                Column(
                    "accessed", "day", "Day on which the address was looked at", like="CSL-JSON"
                ),
                Column("affiliation", "text", "Party id, 'neutral' or 'unknown'", required=True),
                _word("reliability", tuple("ABCDEF"), "Admiralty code of the source"),
                _word("kind", SOURCE_KINDS, "What sort of document"),
                _word(
                    "verified",
                    VERIFIED,
                    "search = it, or a page that carries it, was found and seen; read = read "
                    "whole; reference = cited as a reference work gives it; empty = not seen",
                ),
                Column("archive_url", "text", "Address of an archived copy"),
            ),
        ),
        Table(
            "places",
            "places.csv",
            "A place, with its coordinates; its names are in `names`.",
            (
                _id("Stable key; a name in it is the one on maps of the period's first year"),
                _word("kind", PLACE_KINDS, "Sort of feature", required=True),
                Column("lon", "number", _LON.about, True, low=-180, high=180),
                Column("lat", "number", _LAT.about, True, low=-90, high=90),
                Column("precision_m", "number", "Uncertainty of the point, metres", low=0),
                Column("country", "states", "ISO 3166-1 code(s) of the state, de jure"),
                Column("admin1", "id", "Containing district or province", refers="places"),
                Column("population", "integer", "Residents", low=0),
                Column("population_year", "integer", "Year of that figure", low=1800, high=2100),
                Column("geonames_id", "integer", "GeoNames id", low=1),
                Column("wikidata_id", "text", "Wikidata id"),
                Column("extent_area_ids", "ids", "Areas that make up its extent", refers="areas"),
                *_SPAN,
                *_ENVELOPE,
            ),
        ),
        Table(
            "names",
            "names.csv",
            "A name of a place in one language, with the time and side that use it.",
            (
                _id("Row key"),
                Column("place_id", "id", "The place", True, refers="places"),
                Column("name", "text", "As written", required=True),
                Column("lang", "text", "BCP 47 tag", required=True, like="Linked Places Format"),
                Column("script", "text", "ISO 15924 code", required=True),
                Column("romanised", "text", "In Latin letters, where the script is not Latin"),
                _word(
                    "status",
                    "official common historical variant exonym".split(),
                    "Standing of the name",
                    required=True,
                ),
                Column("used_by", "ids", "Parties that use it", refers=PARTY),
                *_SPAN,
                *_ENVELOPE,
            ),
        ),
        Table(
            "areas",
            "areas.geojson",
            "An atomic area, never divided between holders during the period; together the areas "
            "are a valid coverage (ISO 19107): no overlaps, no gaps.",
            (
                _id("Stable key"),
                Column("name_place_id", "id", "Place it is called after", True, refers="places"),
                Column("district_place_id", "id", "District or province of today", refers="places"),
                Column(
                    "former_unit_place_id",
                    "id",
                    "District or province it lay in when the period began",
                    refers="places",
                ),
                Column("part", "text", "Which part of the district", translated=True),
                _word("scope", ("disputed", "background"), "Whether it is at issue", required=True),
                *_METHOD,
            ),
            geometry=("Polygon", "MultiPolygon"),
        ),
        Table(
            "control",
            "control.csv",
            "Who held an area from when to when; one assessed row an area and day, rival claims "
            "beside it.",
            (
                _id("Row key"),
                Column("area_id", "id", "The area", True, refers="areas"),
                Column("controller", "id", "Who holds it", required=True, refers=PARTY),
                _word("control_type", CONTROL_TYPES, "In what way", required=True),
                _word("how", HOW, "How it came to be held", required=True),
                Column("de_jure_iso", "states", "State it belongs to in law, ISO 3166-1"),
                Column("de_jure_basis", "text", "By which instrument"),
                Column("transition_event_id", "id", "Event that began it", refers="events"),
                *_SPAN,
                *_ENVELOPE,
            ),
        ),
        Table(
            "events",
            "events.csv",
            "Something that happened: a place or area, a date, actors.",
            (
                _id("Row key"),
                Column("event_date", "edtf", "When", required=True, like="ACLED (EDTF here)"),
                Column(
                    "date_prec", "integer", "1 day ... 5 year", True, low=1, high=5, like="UCDP"
                ),
                Column("event_time", "text", "Local time, HH:MM"),
                Column(
                    "where_prec",
                    "integer",
                    "1 exact ... 7 waters",
                    True,
                    low=1,
                    high=7,
                    like="UCDP",
                ),
                Column("geo_precision", "integer", "1 to 3", low=1, high=3, like="ACLED"),
                _word("event_type", EVENT_TYPES, "Sort of event", required=True),
                Column("sub_event_type", "text", "Finer sort", like="ACLED"),
                Column("type_of_violence", "integer", "1 to 3", low=1, high=3, like="UCDP"),
                Column("actor1", "text", "Who acted, by name", like="ACLED"),
                Column("actor1_ids", "ids", "Who acted", refers="actors", absent=True),
                Column("actor2", "text", "Towards whom, by name", like="ACLED"),
                Column("actor2_ids", "ids", "Towards whom", refers="actors", absent=True),
                Column("place_id", "id", "Where", required=True, refers="places"),
                _LON,
                _LAT,
                Column(
                    "coordinate_uncertainty_m",
                    "number",
                    "Radius, metres",
                    low=0,
                    like="Darwin Core coordinateUncertaintyInMeters",
                ),
                Column(
                    "best", "integer", "Deaths, best estimate; empty is not 0", low=0, like="UCDP"
                ),
                Column("low", "integer", "Deaths, lowest", low=0, like="UCDP"),
                Column("high", "integer", "Deaths, highest", low=0, like="UCDP"),
                Column("casualties_by", "text", "Who counted"),
                _word(
                    "verification", ("confirmed", "claimed", "disputed"), "Standing of the report"
                ),
                Column("title", "text", "Short neutral title", required=True, translated=True),
                Column(
                    "summary", "text", "What happened, in our words", required=True, translated=True
                ),
                *_COUNTER,
                Column("area_ids", "ids", "Areas touched", refers="areas"),
                *_ENVELOPE,
            ),
        ),
        Table(
            "actors",
            "actors.csv",
            "Who acts in the events: a government, a force, a court, people.",
            (
                _id("Stable key"),
                _word("kind", ACTOR_KINDS, "Sort of actor", required=True),
                Column("name", "text", "Name", required=True, translated=True),
                Column("side", "ids", "Parties it belongs to; empty = none", refers=PARTY),
                Column("ucdp_id", "integer", "Actor id of UCDP", low=1, like="UCDP"),
                Column("acled_name", "text", "Name as ACLED writes it", like="ACLED"),
                *_SPAN,
                *_ENVELOPE,
            ),
            optional=True,
        ),
        Table(
            "displacement",
            "displacement.csv",
            "People who left their homes, or came back: who, from where, to where, how many by "
            "whose count.",
            (
                _id("Row key"),
                Column("people", "id", "Party whose people they are", refers=PARTY),
                Column("who", "text", "Who they are", required=True, translated=True),
                _word(
                    "measure",
                    MEASURES,
                    "flow = moved within the span; stock = away, or back, on the day of the count",
                    required=True,
                ),
                _word("movement", MOVEMENTS, "Away from home, or back", required=True),
                Column("from_place_ids", "ids", "From where", refers="places"),
                Column("to_place_ids", "ids", "To where", refers="places"),
                *_SPAN,
                *_figures("People"),
                Column("counted_by", "text", "Who counted which figure", required=True),
                Column("counted_on", "edtf", "Day of the count"),
                Column("part_of", "id", "Row whose people these are among", refers="displacement"),
                Column("event_ids", "ids", "Events that tell of it", refers="events"),
                *_COUNTER,
                *_ENVELOPE,
            ),
            optional=True,
        ),
        Table(
            "casualties",
            "casualties.csv",
            "Deaths of a whole war or bout of fighting, by side and by who counted; those of "
            "single events stand in `events`.",
            (
                _id("Row key"),
                Column("phase", "text", "War or bout of fighting", required=True, translated=True),
                Column("people", "id", "Party whose losses they are; empty = both", refers=PARTY),
                Column("who", "text", "Who they are", required=True, translated=True),
                _word("role", ROLES, "Soldiers, civilians, or both", required=True),
                _word("outcome", OUTCOMES, "What became of them", required=True),
                *_SPAN,
                *_figures("People"),
                Column("counted_by", "text", "Who counted which figure", required=True),
                Column("counted_on", "edtf", "Day of the count"),
                Column("event_ids", "ids", "Events it sums", refers="events"),
                *_COUNTER,
                *_ENVELOPE,
            ),
            optional=True,
        ),
        Table(
            "zones",
            "zones.geojson",
            "Where a mandate applied: an area, corridor, post.",
            (
                _id("Stable key"),
                Column("name", "text", "Name", required=True, translated=True),
                _PLACE,
                _word("zone_type", ZONE_TYPES, "Sort of zone", required=True),
                *_SPAN,
                *_METHOD,
            ),
            geometry=("Polygon", "MultiPolygon", "Point", "LineString"),
            optional=True,
        ),
        Table(
            "mandates",
            "mandates.csv",
            "A mission's mandate in one zone: authorised and deployed apart.",
            (
                _id("Row key"),
                Column("mission", "text", "Mission", required=True, like="Geo-PKO"),
                Column("instrument", "text", "Text that authorises it"),
                Column("zone_id", "id", "Where", refers="zones"),
                _word("zone_type", ZONE_TYPES, "Sort of zone", required=True),
                _word("standing", ("mandate", "plan"), "Empty = mandate; plan = never authorised"),
                Column(
                    "authorised_from", "edtf", "First day authorised; of a plan, first on offer"
                ),
                Column("authorised_to", "edtf", "First day no longer authorised or on offer"),
                Column(
                    "deployed_from",
                    "edtf",
                    "First day there; empty = never deployed; known only within bounds that hold "
                    "the first day authorised, it counts from that day",
                ),
                Column("deployed_to", "edtf", "First day no longer there"),
                Column("authorised_strength", "integer", "People authorised", low=0),
                Column("observed_strength", "integer", "People reported there", low=0),
                Column(
                    "strength_reported_on",
                    "edtf",
                    "Day on which the strengths were reported; before it they are not told",
                    absent=True,
                ),
                Column("unnamed_posts", "integer", "Posts counted but not named", low=0),
                Column("contributors", "text", "States or bodies that send people"),
                Column("consenting_parties", "text", "Who agreed"),
                Column("tasks", "text", "What it may do"),
                _PLACE,
                *_COUNTER,
                *_ENVELOPE,
            ),
            optional=True,
        ),
        Table(
            "routes",
            "routes.geojson",
            "A road, railway, air link or pipeline; kilometres run from its first point.",
            (
                _id("Stable key"),
                Column("name", "text", "Name", required=True, translated=True),
                _word("mode", MODES, "Mode of transport", required=True),
                Column("from_place_id", "id", "Start", required=True, refers="places"),
                Column("to_place_id", "id", "End", required=True, refers="places"),
                Column("via_place_ids", "ids", "Places on the way", refers="places"),
                Column("disputed_name", "flag", "Whether the sides call it differently"),
                Column("built_from", "edtf", "When it came into being"),
                *_METHOD,
            ),
            geometry=("LineString",),
            optional=True,
        ),
        Table(
            "episodes",
            "episodes.csv",
            "The state of a route, or a stretch of it, for a class of user (ISO 19148).",
            (
                _id("Row key"),
                Column("route_id", "id", "The route", required=True, refers="routes"),
                Column("from_km", "number", "Start of the stretch; empty = whole route", low=0),
                Column("to_km", "number", "End of the stretch; empty = whole route", low=0),
                _word("status", STATUSES, "Could one get through", required=True),
                Column("applies_to", "words", "Users; empty = all", words=tuple(USERS)),
                _word("direction", ("forward", "backward"), "Empty = both"),
                Column("imposed_by", "text", "Who imposed it"),
                Column("reason", "text", "Why, as stated"),
                *_COUNTER,
                *_SPAN,
                *_ENVELOPE,
            ),
            optional=True,
        ),
        Table(
            "chapters",
            "chapters.csv",
            "A step of the guided story: a date, a view, a paragraph of our own.",
            (
                _id("Row key"),
                Column("order", "integer", "Place in the story", required=True, low=1),
                Column("date", "day", "The date shown", required=True),
                Column("lon", "number", _LON.about, True, low=-180, high=180),
                Column("lat", "number", _LAT.about, True, low=-90, high=90),
                Column("zoom", "number", "Map zoom", required=True, low=1, high=18),
                Column("title", "text", "Title", required=True, translated=True),
                Column("text", "text", "The paragraph", required=True, translated=True),
                Column("event_ids", "ids", "Events told", refers="events"),
                *_ENVELOPE,
            ),
            optional=True,
        ),
        Table(
            "judgements",
            "judgements.csv",
            "A person's decision on an ambiguous name; superseded, never erased.",
            (
                _id("Row key"),
                Column("query", "text", "The name asked for", required=True),
                Column("context", "text", "Words around it"),
                Column("candidate_place_id", "id", "The candidate", True, refers="places"),
                _word("verdict", ("same", "different", "unsure"), "The decision", required=True),
                Column("reason", "text", "Why", required=True),
                Column("decided_by", "text", "Who", required=True),
                Column("decided_on", "day", "When", required=True),
                Column("supersedes", "id", "Earlier row it replaces", refers="judgements"),
            ),
            optional=True,
        ),
    )
}

BASEMAP = Table(
    "basemap",
    "basemap.geojson",
    "The ground below: land, water, borders. A pack without the file is drawn on the world's.",
    (
        _word("kind", GROUND_KINDS, "What it is", required=True),
        Column("name", "text", "Name on the map", translated=True),
    ),
    geometry=("Polygon", "MultiPolygon", "LineString", "MultiLineString", "Point"),
    optional=True,
)
"""The one file of a pack that holds no statements, so no row of it is cited."""


def table(name: str) -> Table:
    """Look up a table by name.

    Raises
    ------
    NotFoundError
        If there is none of that name.

    Examples
    --------
    >>> table("control").file
    'control.csv'
    """
    try:
        return TABLES[name]
    except KeyError:
        raise NotFoundError(f"no table {name!r}; there are: {', '.join(TABLES)}") from None


_LANGUAGES = (
    "A column that says so may have translations beside it: one column a language, its name "
    "followed by the BCP 47 tag of a language that `languages` in `pack.toml` lists (`title_fr`, "
    "`name_zh-Hant`). Such columns are never required; where a cell is empty, English is shown."
)


def data_dictionary() -> str:
    """Write the data dictionary of all tables as Markdown.

    Returns
    -------
    str
        One section a table, one line a column; generated, so it can't go stale.
    """
    out = ["# Data dictionary", "", _LANGUAGES, ""]
    for item in (*TABLES.values(), BASEMAP):
        out += [f"## {item.name} (`{item.file}`)", "", item.about, ""]
        if item.geometry:
            out += [f"Geometry: {', '.join(item.geometry)}, WGS 84.", ""]
        out += ["| column | holds | required | meaning |", "|---|---|---|---|"]
        for column in item.columns:
            holds = f"{column.kind}: {', '.join(column.words)}" if column.words else column.kind
            if column.refers:
                holds += f" of {column.refers}"
            about = f"{column.about} ({column.like})" if column.like else column.about
            if column.translated:
                about += f"; in English, other languages in `{column.name}_<tag>`"
            needed = "yes" if column.required else ""
            out.append(f"| `{column.name}` | {holds} | {needed} | {about} |")
        out.append("")
    return "\n".join(out)
