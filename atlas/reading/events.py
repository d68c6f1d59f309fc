"""Draft events: what a sentence says happened, where, when and who, for a person to check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from atlas.gazetteer.core import Gazetteer
from atlas.reading.model import DateMention, Draft, Mention
from atlas.timespan import parse_edtf

__all__ = ["Actor", "draft_events", "find_actors", "sentences"]

_ABBREVIATIONS = (
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Maj|Capt|Lt|Sgt|Sen|Rep|Gov|St|Mt|Jr|Sr|No|vs|Inc|Ltd|Co|Corp|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|a\.m|p\.m|U\.S|U\.K|U\.N|г|гг|тыс|млн|թ)|\b[A-ZА-Я])$"
)
_BREAK = re.compile(r"(?:[.!?։。]+[”\"»’')\]]*|[.,!?][”\"»](?=\s+[A-Z“\"«])|\n\s*\n)(?:\s+|$)")
_ABBREVIATED = re.compile(_ABBREVIATIONS)

# A type of event, how firmly its words speak for it, and the words. Earlier ones win a tie.
_TRIGGERS: tuple[tuple[str, float, str], ...] = (
    ("ceasefire", 0.9, r"cease-?fires?\b|\btruce|\barmistice|halt to (?:the )?(?:fighting|hostilities)"),
    ("blockade_statement", 0.9,
     r"(?:lift|lifting|unblock\w*|unblocking|end|ending)\s+(?:of\s+)?(?:the\s+)?(?:blockade|transport|regional)"
     r"|(?:blockade|unblocking|opening)\s+of\s+(?:all\s+)?(?:the\s+)?(?:regional\s+)?(?:transport|communication)"),
    ("recognition", 0.85,
     r"\brecogni[sz]\w+|territorial (?:integrity|claims?)|sovereignty over|status (?:and rights|of)"
     r"|\baccept\w*\b[^.]{0,60}\bas\b|\bas part of (?:Azerbaijan|Armenia)"),
    ("handover", 0.9, r"hand(?:ed|ing)?[- ]?over|handovers?\b|(?:was|were) (?:returned|transferred) to|\bceded\b"),
    ("capture", 0.9,
     r"\b(?:re)?captur\w+|\bseiz(?:ed|ure)|\bretook\b|\bretaken\b|took (?:full )?control of|\boverran\b"
     r"|\bfell to\b|\bliberat\w+|took (?:the )?(?:town|village|city|heights)"),
    ("withdrawal_of_forces", 0.85,
     r"(?:withdr\w+|pull(?:ed|ing)? out|pullout|left)\b[^.]{0,40}(?:troops|forces|peacekeep\w+|contingent|army|units)"
     r"|(?:troops|forces|peacekeep\w+|contingent|army|units)\b[^.]{0,40}(?:withdr\w+|pull(?:ed|ing)? out)"),
    ("deployment", 0.85,
     r"\bdeploy\w*|(?:troops|peacekeep\w+|forces|monitors|observers)\b[^.]{0,30}\barriv\w+"),
    ("peacekeeping", 0.8, r"\bpeace-?keep\w+|monitoring mission|observation posts?|mandate of the mission"),
    ("violence_against_civilians", 0.9,
     r"massacre\w*|pogrom\w*|execut(?:ed|ion)\b|civilians? (?:were |was )?(?:killed|shot|wounded)"
     r"|kill(?:ed|ing) (?:of )?(?:\w+ )?civilians"),
    ("explosions_remote_violence", 0.85,
     r"\bshell(?:ed|ing|fire)\b|\bbomb(?:ed|ing|ardment|s)?\b|air ?strikes?|drone (?:strike|attack)s?|\bmissiles?\b"
     r"|\brockets?\b|artillery|\bland ?mines?\b|explosion|exploded"),
    ("battle", 0.8,
     r"\bfought\b|\bfighting\b|\bclash\w*|\bbattles?\b|\boffensive\b|\bassault\w*|\bwars?\b|firefight"
     r"|opened fire|exchange of fire|\bshot down\b|skirmish\w*|hostilities|\bconflict over control"),
    ("route_closure", 0.8,
     r"(?:clos\w+|shut|block\w+|cut)\b[^.]{0,40}\b(?:roads?|railway|rail line|highway|airport|crossing|border|route)\b"),
    ("route_opening", 0.8,
     r"\b(?:re-?)?open(?:ed|ing|s)?\b[^.]{0,40}\b(?:roads?|railway|rail|highway|airport|crossing|border|routes?|"
     r"connections|corridor|link)\b"),
    ("checkpoint", 0.85, r"\bcheck-?points?\b|border post"),
    ("blockade", 0.75, r"\bblockad\w+|\bbesieg\w+|\bsiege\b|cut off from"),
    ("exchange", 0.85,
     r"(?:exchange|swap|release|return|hand\w*)\w*\b[^.]{0,30}\b(?:prisoners?|captives|bodies|remains|detainees|pows?)\b"),
    ("displacement", 0.85,
     r"\bfled\b|\bdisplac\w+|refugees?\b|\bexodus\b|evacuat\w+|left their homes|expel\w+|driven out"),
    ("aid", 0.8, r"humanitarian (?:aid|cargo|convoy|supplies)|\brelief (?:aid|convoy)|Red Cross|aid convoy"),
    ("delimitation", 0.85, r"delimit\w+|demarcat\w+|border commission"),
    ("agreement", 0.8,
     r"\bsigned\b|\bagreement\b|\baccord\b|\btreaty\b|\bagreed (?:to|on)\b|trilateral statement|joint statement"),
    ("resolution", 0.85, r"\bresolution \d+|Security Council[^.]{0,40}resolution|General Assembly[^.]{0,40}resolution"),
    ("legal", 0.8,
     r"\bcourt\b|\bruling\b|\bruled\b|provisional measures|\blawsuit|\bsentenced\b|\btribunal\b|\bindict\w+"),
    ("talks", 0.75,
     r"\btalks\b|\bmeet(?:ing|ings|s)?\b|\bmet\b|\bsummit|\bnegotiat\w+|\bdiscuss\w*|\btrilogue\b|\bconsultations?\b"
     r"|\bspoke (?:before|with|to|by)\b|moving toward(?:s)?|normali[sz]\w+"),
    ("protest", 0.8, r"\bprotest\w*|\brall(?:y|ies|ied)\b|demonstrat(?:ion|ors|ed)|\bmarched\b"),
    ("riot", 0.8, r"\briot\w*|\blooting\b"),
    ("administration", 0.7, r"\brenamed\b|\bappointed\b|\bdissol\w+|\babolish\w+|was (?:created|established) as"),
    ("political", 0.6,
     r"\bdiplomatic\b|\belect(?:ed|ion|ions)\b|\breferendum\b|\bindependence\b|\bresign\w+|parliament (?:voted|adopted)"
     r"|\baccus\w+|\bcondemn\w+"),
    ("strategic_development", 0.6, r"\bmobili[sz]\w+|build-?up of (?:forces|troops)|military exercises?|arms (?:deal|purchase)"),
    ("disaster", 0.7, r"earthquake|\bflood(?:s|ed|ing)?\b|plane crash|\bwildfire|\blandslide"),
)  # fmt: skip
_COMPILED = tuple((name, base, re.compile(words, re.IGNORECASE)) for name, base, words in _TRIGGERS)
_DIPLOMATIC = frozenset(
    "talks recognition agreement blockade_statement political peacekeeping resolution legal ceasefire".split()
)
_REPORTED = re.compile(
    r"[“”\"«»]|\b(?:said|says|told|claim(?:s|ed)|stress(?:ed|es)|added|adds|confirmed|confirms|assured|assures|"
    r"according to|reportedly|allege[ds]?|accus(?:ed|es)|denied|denies|insist(?:s|ed)|announced|"
    r"clarified|complained|stated|believes?|in my opinion|argued|warned|suggested|noted|emphasi[sz]ed)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:They|they|He|he|She|she|the two (?:leaders|countries|sides|states)|The two (?:leaders|countries|sides|"
    r"states)|the trio|both sides|Both sides|head of state)\b"
)

_TITLE = (
    r"(?:Mr|Mrs|Ms|Dr|President|Prime Minister|Premier|Foreign Minister|Defen[cs]e Minister|Minister|Secretary|"
    r"Chairman|Chancellor|Ambassador|General|Gen|Colonel|Col|Lieutenant|Commander|Deputy Prime Minister|"
    r"Council President|Patriarch|Catholicos|Envoy|Representative|Spokesman|Spokeswoman)"
)
_CAPITALISED = r"[A-ZÀ-ÖØ-ÞƏİŞÇĞÖÜ][\w’'-]+"
_PERSON = re.compile(
    rf"\b{_TITLE}\b\.?\s+(?P<name>{_CAPITALISED}(?:\s+(?:[A-Z]\.\s+)?{_CAPITALISED}){{0,2}})"
)
_BODIES = re.compile(
    r"\b(?:European Union|Eurasian Economic Union|European Council|United Nations|Security Council|Minsk Group|"
    r"OSCE|CSTO|NATO|Red Cross|ICRC|International Court of Justice|Council of Europe|European Commission|"
    r"Collective Security Treaty Organi[sz]ation|Commonwealth of Independent States|(?<![\w-])(?:EU|UN|US|USA|CIS|ICJ)(?![\w-])"
    r"|the West|The West|West(?=[’']s)|U\.S\.|United States)\b\.?"
)
_FORCES = re.compile(
    r"\b(?P<people>[A-Z]\w+)\s+(?P<noun>troops|forces|peacekeepers|army|soldiers|servicemen|border guards|military|"
    r"contingent|authorities|government|side|police)\b"
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, a body, a force or a state, with where it stands in the text."""

    name: str
    start: int
    end: int
    kind: str


def sentences(text: str) -> list[tuple[int, int]]:
    """Split a text into sentences.

    Parameters
    ----------
    text : str
        Running text.

    Returns
    -------
    list of (int, int)
        Offsets, half-open, without the space around.

    Examples
    --------
    >>> text = "Mr. Aliyev spoke. They met."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Mr. Aliyev spoke.', 'They met.']
    """
    found, start = [], 0
    for match in _BREAK.finditer(text):
        head = text[start : match.start()]
        mark = match.group().strip()
        if mark == "." and _ABBREVIATED.search(head):
            continue
        if mark[:1] == "," or (mark[:1] == "." and text[match.end() : match.end() + 1].islower()):
            continue
        found.append((start, match.start() + len(match.group().rstrip())))
        start = match.end()
    found.append((start, len(text)))
    trimmed = []
    for first, last in found:
        piece = text[first:last]
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            trimmed.append((first + lead, first + len(piece.rstrip())))
    return trimmed


def find_actors(text: str, mentions: Sequence[Mention]) -> list[Actor]:
    """Find who acts in a text: titled persons and their later short names, bodies, forces."""
    actors: list[Actor] = []
    surnames: dict[str, str] = {}
    covered: list[tuple[int, int]] = []
    for match in _PERSON.finditer(text):
        name = match["name"].removesuffix("’s").removesuffix("'s")
        short = name.split()[-1]
        if any(m.start <= match.start("name") < m.end and m.kind in ("place", "metonym") for m in mentions):
            continue
        surnames.setdefault(short, short)
        start = match.start("name")
        actors.append(Actor(short, start, start + len(name), "person"))
        covered.append((start, start + len(name)))
    for short in sorted(surnames):
        for match in re.finditer(rf"\b{re.escape(short)}\b", text):
            if not any(a <= match.start() < b for a, b in covered):
                actors.append(Actor(short, match.start(), match.end(), "person"))
    for match in _BODIES.finditer(text):
        name = match.group().rstrip(".") if match.group() != "U.S." else "U.S."
        start = match.start() + 4 * name.startswith("the ")
        name = name.removeprefix("the ")
        actors.append(Actor(name, start, start + len(name), "body"))
    for match in _FORCES.finditer(text):
        people = next((m for m in mentions if m.start == match.start("people")), None)
        if people is not None and people.kind in ("demonym", "place"):
            actors.append(Actor(match.group(), match.start(), match.end(), "force"))
    return sorted(actors, key=lambda actor: (actor.start, actor.end))


def draft_events(
    text: str,
    mentions: Sequence[Mention],
    dates: Sequence[DateMention],
    gazetteer: Gazetteer,
    *,
    published: str = "",
) -> tuple[Draft, ...]:
    """Draft an event for every sentence that tells of one.

    Parameters
    ----------
    text : str
        Running text.
    mentions : sequence of Mention
        Its names.
    dates : sequence of DateMention
        Its dates.
    gazetteer : Gazetteer
        Who knows the countries behind capitals.
    published : str
        Day of publication, ISO; may be empty.

    Returns
    -------
    tuple of Draft
        In order of the text.
    """
    actors = find_actors(text, mentions)
    venue, day = _venue(mentions), _news_day(dates)
    drafts: list[Draft] = []
    before: tuple[str, ...] = ()
    for start, end in sentences(text):
        sentence = text[start:end]
        acting = _acting(sentence, start, end, actors, mentions, gazetteer)
        own = acting
        if _PRONOUN.search(sentence):
            acting = tuple(dict.fromkeys((*acting, *before)))
        types = _types(sentence)
        before = own or before
        if not types:
            continue
        inside = [m for m in mentions if start <= m.start < end]
        said = [d for d in dates if start <= d.start < end]
        drafts.append(
            _draft(start, end, sentence, types, inside, said, acting, venue, day, published)
        )
    return tuple(drafts)


def _types(sentence: str) -> list[tuple[str, float, str]]:
    found = []
    for order, (name, base, pattern) in enumerate(_COMPILED):
        match = pattern.search(sentence)
        if match:
            found.append((-base, order, name, match.group()))
    found.sort()
    return [(name, -base, words) for base, _, name, words in found]


def _acting(
    sentence: str,
    start: int,
    end: int,
    actors: Sequence[Actor],
    mentions: Sequence[Mention],
    gazetteer: Gazetteer,
) -> tuple[str, ...]:
    names = [(actor.start, actor.name) for actor in actors if start <= actor.start < end]
    for mention in mentions:
        if not start <= mention.start < end or mention.place is None:
            continue
        place = mention.place
        if mention.kind == "metonym":
            names.append((mention.start, _state(place.country, gazetteer) or mention.text))
        elif mention.kind == "place" and place.kind == "country":
            names.append((mention.start, place.name))
    return tuple(dict.fromkeys(name for _, name in sorted(names)))


def _state(code: str, gazetteer: Gazetteer) -> str:
    for item in gazetteer.places:
        if item.kind == "country" and item.country == code:
            return item.name
    world = gazetteer.world
    if world is not None and code in world.country_rows:
        return world.names[world.country_rows[code]]
    return ""


def _venue(mentions: Sequence[Mention]) -> str:
    """The town a text plays in: the first one named as a place."""
    for mention in mentions:
        place = mention.place
        if mention.kind == "place" and place is not None and place.kind == "settlement":
            return place.id
    return ""


def _news_day(dates: Sequence[DateMention]) -> str:
    for item in dates:
        if item.kind == "day" and item.anchored and item.edtf:
            return item.edtf
    return ""


_SIZE = {"country": 9, "continent": 9, "republic": 6, "province": 5, "region": 4, "district": 3}


def _draft(
    start: int,
    end: int,
    sentence: str,
    types: list[tuple[str, float, str]],
    inside: Sequence[Mention],
    said: Sequence[DateMention],
    acting: tuple[str, ...],
    venue: str,
    day: str,
    published: str,
) -> Draft:
    places = [m.place for m in inside if m.kind == "place" and m.place is not None]
    places.sort(key=lambda place: _SIZE.get(place.kind, 1))
    ids = tuple(dict.fromkeys(place.id for place in places))
    metonyms = tuple(
        dict.fromkeys(m.place.id for m in inside if m.kind == "metonym" and m.place is not None)
    )
    reported = bool(_REPORTED.search(sentence))
    types = _in_own_voice(types, reported)
    kind, base, trigger = types[0]
    dated = sorted((d for d in said if d.edtf), key=lambda d: (_width(d), d.start))
    if dated:
        date, source = dated[0].edtf, "sentence"
    elif day:
        date, source = day, "text"
    else:
        date, source = published, "publication" if published else ""
    towns = [place for place in places if _SIZE.get(place.kind, 1) < 4]
    at = venue if not towns and kind in _DIPLOMATIC and source != "sentence" else ""
    if not towns and kind in _DIPLOMATIC and dated and dated[0].anchored:
        at = venue
    confidence = base
    confidence *= {"sentence": 1.0, "text": 0.8, "publication": 0.6, "": 0.5}[source]
    confidence *= 1.0 if towns else 0.9 if ids else 0.75 if at else 0.6
    confidence *= 0.85 if reported else 1.0
    return Draft(
        start,
        end,
        sentence,
        kind,
        tuple(name for name, _, _ in types[1:]),
        date,
        tuple(dict.fromkeys(d.edtf for d in said if d.edtf)),
        source,
        ids,
        at,
        metonyms,
        acting,
        reported,
        round(confidence, 3),
        "draft",
        trigger,
    )


def _width(item: DateMention) -> int:
    """How many days a date leaves open; anchored stretches ("for months") come last."""
    known = parse_edtf(item.edtf)
    return known.latest - known.earliest + 100_000 * (item.anchored and item.kind == "interval")


def _in_own_voice(
    types: list[tuple[str, float, str]], reported: bool
) -> list[tuple[str, float, str]]:
    """In reported speech a change of control is only a claim: it never leads."""
    if not reported:
        return types
    claims = [item for item in types if item[0] in ("capture", "handover", "withdrawal_of_forces")]
    rest = [item for item in types if item not in claims]
    return [*rest, *claims] if rest else [("political", 0.5, claims[0][2]), *claims]
