"""The shapes that dates take in running text, and the names of months in many languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from atlas.base.date_names import SEASONS
from atlas.base.folding import fold, script_of
from atlas.gazetteer.inflection import is_clean

__all__ = [
    "ENGLISH_NUMBERS", "MONTH_NUMBER", "NEEDS_CUE", "ORDINALS", "OTHER_UNITS", "PATTERNS",
    "RELATIVE_DAYS", "UNIT_DAYS", "WEEKDAYS", "month_of", "short_months",
]  # fmt: skip

# Languages whose months are read, in full and short; and those of which only the full names are,
# for their short ones are words of the others.
_LANGUAGES = ("en", "az", "hy", "ru", "el", "uk", "ka")
_FULL_ONLY = ("tr", "fr", "es", "de")
_WORD = r"[^\W\d_]+"
_END = r"(?:[-‑’'ʼ][^\W\d_]{1,6}|st|nd|rd|th)?"
_YEAR_WORD = (
    r"(?:[\s\u00a0]*[-‑]?[\s\u00a0]*(?:թվական\w*|թ\.|год[ауе]?\b|г\.|il\w*|cı|ci|cu|cü|του|"
    r"року|році|рік|р\.|წლის|წელს|წელი|yıl\w*))*"
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first "
    "twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh "
    "twenty-eighth twenty-ninth thirtieth thirty-first"
).split()
ORDINALS = {word: number for number, word in enumerate(_ORDINALS, 1)}

ENGLISH_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
} | {"a": 1, "an": 1, "several": 3, "few": 3, "couple": 2}
RELATIVE_DAYS = {
    "today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1,
    "сегодня": 0, "вчера": -1, "завтра": 1, "позавчера": -2,
    "bugün": 0, "bu gün": 0, "dünən": -1, "sabah": 1,
    "այսօր": 0, "երեկ": -1, "վաղը": 1,
    "сьогодні": 0, "вчора": -1, "учора": -1, "позавчора": -2,
    "dün": -1, "yarın": 1, "დღეს": 0, "გუშინ": -1, "ხვალ": 1,
    "σήμερα": 0, "χθες": -1, "χτες": -1, "αύριο": 1,
}  # fmt: skip
# "Last week", "next month" in other languages: unit, and how many of them on.
OTHER_UNITS = {
    "на прошлой неделе": ("week", -1), "на этой неделе": ("week", 0),
    "на следующей неделе": ("week", 1), "на будущей неделе": ("week", 1),
    "в прошлом месяце": ("month", -1), "в этом месяце": ("month", 0),
    "в следующем месяце": ("month", 1), "в прошлом году": ("year", -1),
    "в следующем году": ("year", 1), "в будущем году": ("year", 1),
    "минулого тижня": ("week", -1), "цього тижня": ("week", 0), "наступного тижня": ("week", 1),
    "минулого місяця": ("month", -1), "наступного місяця": ("month", 1),
    "минулого року": ("year", -1), "наступного року": ("year", 1),
    "keçən həftə": ("week", -1), "ötən həftə": ("week", -1), "bu həftə": ("week", 0),
    "gələn həftə": ("week", 1), "keçən ay": ("month", -1), "ötən ay": ("month", -1),
    "gələn ay": ("month", 1), "keçən il": ("year", -1), "ötən il": ("year", -1),
    "gələn il": ("year", 1),
    "geçen hafta": ("week", -1), "bu hafta": ("week", 0), "gelecek hafta": ("week", 1),
    "önümüzdeki hafta": ("week", 1), "haftaya": ("week", 1), "geçen ay": ("month", -1),
    "gelecek ay": ("month", 1), "önümüzdeki ay": ("month", 1), "geçen yıl": ("year", -1),
    "gelecek yıl": ("year", 1),
    "անցած շաբաթ": ("week", -1), "անցյալ շաբաթ": ("week", -1), "այս շաբաթ": ("week", 0),
    "հաջորդ շաբաթ": ("week", 1), "անցած ամիս": ("month", -1), "անցյալ ամիս": ("month", -1),
    "հաջորդ ամիս": ("month", 1), "անցյալ տարի": ("year", -1), "հաջորդ տարի": ("year", 1),
    "την περασμένη εβδομάδα": ("week", -1), "αυτή την εβδομάδα": ("week", 0),
    "την επόμενη εβδομάδα": ("week", 1), "την ερχόμενη εβδομάδα": ("week", 1),
    "τον περασμένο μήνα": ("month", -1), "τον επόμενο μήνα": ("month", 1),
    "πέρυσι": ("year", -1), "του χρόνου": ("year", 1),
    "გასულ კვირას": ("week", -1), "ამ კვირაში": ("week", 0), "მომავალ კვირას": ("week", 1),
    "გასულ თვეში": ("month", -1), "მომავალ თვეში": ("month", 1), "გასულ წელს": ("year", -1),
    "მომავალ წელს": ("year", 1),
}  # fmt: skip
UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365, "decade": 3652}


def _alternatives(words: Iterator[str] | list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


_NUMBER = _alternatives(list(ENGLISH_NUMBERS))
_DAY = rf"(?:\d{{1,2}}|(?i:{_alternatives(_ORDINALS)}))"
_MONTH = r"[^\W\d_]{3,}"
_YEAR = r"1[89]\d\d|20\d\d"
# Between the first and the last of a stretch, and before the first.
_TO = (
    r"(?:\s*[-–—]\s*|\s+(?:to|through|until|till|and|по|до|и|і|й|та|έως|ως|και|μέχρι|au|et|al|y|bis|"
    r"ilə|ila|ile|ve|və|մինչև|և)\s+(?:the\s+|el\s+|le\s+)?)"
)
_ONLY_TO = (
    r"(?:\s*[-–—]\s*|\s+(?:to|through|until|till|по|до|έως|ως|μέχρι|au|al|bis|ila)\s+(?:the\s+)?)"
)
_FROM = (
    r"(?:[Bb]etween|[Ff]rom|[Сс]о?|[Мм]ежду|[Зз]|[Іі]з|[Мм]іж|[Вв]ід|[Αα]πό|[Μμ]εταξύ|[Ee]ntre|"
    r"[Dd]u|[Dd]el?|[Vv]om|[Zz]wischen)\s+(?:the\s+|le\s+|el\s+)?"
)
_OF = r"(?:of\s+|de\s+|του\s+)?"
_THEN = rf"(?:,?\s+(?:of\s+|de\s+|του\s+)?(?P<y>{_YEAR})\b{_END}{_YEAR_WORD})?"
_WEEKDAY = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_WEEKDAY_WORDS = (
    "понедельник вторник среду четверг пятницу субботу воскресенье",
    "понеділок вівторок середу четвер п'ятницу суботу неділю",
    "երկուշաբթի երեքշաբթի չորեքշաբթի հինգշաբթի ուրբաթ շաբաթ կիրակի",
    "Δευτέρα Τρίτη Τετάρτη Πέμπτη Παρασκευή Σάββατο Κυριακή",
    "pazartesi salı çarşamba perşembe cuma cumartesi pazar",
    "ორშაბათს სამშაბათს ოთხშაბათს ხუთშაბათს პარასკევს შაბათს კვირას",
)
WEEKDAYS = {name: number for number, name in enumerate(_WEEKDAY.split("|"))} | {
    word: number for words in _WEEKDAY_WORDS for number, word in enumerate(words.split())
}
# The bare word may be another ("a week", "a market"): only with what says that it is the day.
_OTHER_WEEKDAY = (
    rf"(?:(?<=[Вв] )|(?<=[Вв]о )|(?<=[Уу] ))"
    rf"(?P<a>{'|'.join(' '.join(_WEEKDAY_WORDS[:2]).split())})\b"
    rf"|\b(?P<b>{'|'.join(_WEEKDAY_WORDS[2].split())})(?= օր\w*)"
    rf"|(?:(?<=[Ττ]ην )|(?<=[Ττ]η )|(?<=[Ττ]ο ))(?P<c>{'|'.join(_WEEKDAY_WORDS[3].split())})\b"
    rf"|\b(?P<e>(?i:{'|'.join(_WEEKDAY_WORDS[4].split())}))(?= günü)"
    rf"|\b(?P<f>{'|'.join(_WEEKDAY_WORDS[5].split())})\b"
)
_PART = r"(?:\s+(?:morning|afternoon|evening|night))?"

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iso", re.compile(r"\b(?P<y>1[89]\d\d|20\d\d)-(?P<n>\d\d)-(?P<d>\d\d)\b")),
    ("dotted", re.compile(r"\b(?P<d>\d{1,2})[./](?P<n>\d{1,2})[./](?P<y>1[89]\d\d|20\d\d)\b")),
    # "between 4 and 8 October", "с 4 октября по 8 ноября 2020"
    (
        "between",
        re.compile(
            rf"\b{_FROM}(?P<d>{_DAY}){_END}(?:\s+{_OF}(?P<m>{_MONTH})\.?(?:,?\s+(?P<x>{_YEAR}))?)?"
            rf"{_TO}(?P<e>{_DAY}){_END}\s+{_OF}(?P<f>{_MONTH})\.?{_THEN}"
        ),
    ),
    # "between October 4 and 8, 2020", "from October 4th to November 9th"
    (
        "between",
        re.compile(
            rf"\b{_FROM}(?P<m>{_MONTH})\.?\s+(?:the\s+)?(?P<d>{_DAY}){_END}(?:,?\s+(?P<x>{_YEAR}))?"
            rf",?{_TO}(?:(?P<f>{_MONTH})\.?\s+)?(?P<e>{_DAY})\b{_END}(?!\s*[:.]\d){_THEN}"
        ),
    ),
    # "oktyabrın 4-dən 8-dək", "հոկտեմբերի 4-ից 8-ը"
    (
        "between",
        re.compile(
            rf"\b(?:(?P<y>{_YEAR}){_END}{_YEAR_WORD}\s+)?(?P<m>{_MONTH})\s+(?P<d>\d{{1,2}})"
            rf"[-‑'’]?(?:[dt][əae]n|nd[əae]n|ից)\s+(?:մինչև\s+)?(?:(?P<f>{_MONTH})\s+)?"
            rf"(?P<e>\d{{1,2}})\b{_END}"
        ),
    ),
    # "4 to 8 October", "4 October - 8 November 2020"
    (
        "between",
        re.compile(
            rf"\b(?P<d>{_DAY}){_END}(?:\s+{_OF}(?P<m>{_MONTH})\.?(?:,?\s+(?P<x>{_YEAR}))?)?"
            rf"{_ONLY_TO}(?P<e>{_DAY}){_END}\s+{_OF}(?P<f>{_MONTH})\.?{_THEN}"
        ),
    ),
    # "October 4 to 8, 2020", "October 4 - November 9"
    (
        "between",
        re.compile(
            rf"\b(?P<m>{_MONTH})\.?\s+(?P<d>{_DAY}){_END}(?:,?\s+(?P<x>{_YEAR}))?"
            rf"{_ONLY_TO}(?:(?P<f>{_MONTH})\.?\s+)?(?P<e>{_DAY})\b{_END}(?!\s*[:.]\d){_THEN}"
        ),
    ),
    # "4, 5 and 8 October 2020", "October 4, 5 and 8"
    (
        "list",
        re.compile(
            rf"\b(?P<l>{_DAY}{_END}(?:\s*,\s*{_DAY}{_END})*\s*,?\s+(?:and|or|и|і|та|и|və|ve|և|და|και|"
            rf"et|y|e|und)\s+{_DAY}{_END})\s+{_OF}(?P<m>{_MONTH})\.?{_THEN}"
        ),
    ),
    (
        "list",
        re.compile(
            rf"\b(?P<m>{_MONTH})\.?\s+(?P<l>{_DAY}{_END}(?:\s*,\s*{_DAY}{_END})*\s*,?\s+(?:and|or|և|və|ve)"
            rf"\s+{_DAY}\b{_END})(?!\s*[:.]\d){_THEN}"
        ),
    ),
    # "from October to November 2020", "с сентября по ноябрь 2020 года"
    (
        "months",
        re.compile(
            rf"\b(?:{_FROM})?(?P<m>{_MONTH})\.?(?:\s+(?P<x>{_YEAR}))?{_TO}(?P<f>{_MONTH})\.?,?\s+"
            rf"(?:of\s+|de\s+|του\s+)?(?P<y>{_YEAR})\b{_END}{_YEAR_WORD}"
        ),
    ),
    (
        "months",
        re.compile(rf"\b{_FROM}(?P<m>{_MONTH})\.?(?P<x>(?!))?{_TO}(?P<f>{_MONTH})\b(?P<y>(?!))?"),
    ),
    (
        "day",
        re.compile(
            rf"\b(?P<y>{_YEAR}){_END}{_YEAR_WORD}\s+(?P<d>\d{{1,2}}){_END}\s+(?P<m>{_WORD})"
        ),
    ),
    (
        "day",
        re.compile(
            rf"\b(?P<y>1[89]\d\d|20\d\d){_END}{_YEAR_WORD}\s+(?P<m>{_WORD})\s+(?P<d>\d{{1,2}})\b{_END}"
        ),
    ),
    (
        "day",
        re.compile(rf"\b(?P<d>{_DAY}){_END}\s+{_OF}(?P<m>{_WORD})\.?{_THEN}"),
    ),
    (
        "day",
        re.compile(
            rf"\b(?P<m>{_MONTH})\.?\s+(?:the\s+)?(?P<d>{_DAY})(?!\d){_END}(?!\w)(?!\s*[:.]\d){_THEN}"
        ),
    ),
    (
        "month",
        re.compile(
            rf"\b(?:(?P<p>early|mid|late)[-\s]+)?(?P<m>[^\W\d_]{{3,}})\.?,?\s+(?:of\s+|του\s+)?"
            rf"(?P<y>1[89]\d\d|20\d\d)\b{_END}{_YEAR_WORD}"
        ),
    ),
    (
        "month",
        re.compile(
            rf"\b(?P<y>1[89]\d\d|20\d\d){_END}{_YEAR_WORD}\s+(?P<m>[^\W\d_]{{3,}})(?!\s+\d)"
        ),
    ),
    (
        "season",
        re.compile(
            rf"\b(?P<s>{_alternatives(list(SEASONS))})\s+(?:of\s+|του\s+)?"
            rf"(?P<y>1[89]\d\d|20\d\d)\b{_END}{_YEAR_WORD}",
            re.IGNORECASE,
        ),
    ),
    (
        "season",
        re.compile(
            rf"\b(?P<y>1[89]\d\d|20\d\d){_END}{_YEAR_WORD}\s+(?P<s>{_alternatives(list(SEASONS))})\b",
            re.IGNORECASE,
        ),
    ),
    (
        "lastseason",
        re.compile(r"\b(?P<w>last|this|next)\s+(?P<s>spring|summer|autumn|fall|winter)\b", re.I),
    ),
    (
        "decade",
        re.compile(
            r"\b(?:(?:the\s+)?(?:(?P<p>early|mid|late)[-\s]+)?)"
            r"(?P<y>1[89]\d|20\d)0(?:['’]?s\b|[-‑](?:е|х|ые|ых)\b(?:\s+год\w*)?|[-‑]?(?:cı|ci|cu|cü)\s+illər\w*"
            r"|[-‑]ական\w*)"
        ),
    ),
    ("decade", re.compile(r"\b(?:τη\s+)?δεκαετία\w*\s+του\s+(?:’|')?(?P<y>1[89]\d|20\d)0\b")),
    (
        "shortdecade",
        re.compile(r"(?<!\d)['’](?P<y>\d)0s\b|\bthe\s+(?P<w>[Nn]ineties|[Ee]ighties)\b"),
    ),
    (
        "weekdays",
        re.compile(
            rf"\b(?:[Ff]rom|[Bb]etween)\s+(?P<k>{_WEEKDAY}){_PART}\s+(?:to|until|till|through|and)\s+"
            rf"(?P<j>{_WEEKDAY}){_PART}\b"
        ),
    ),
    (
        "otherunit",
        re.compile(rf"(?<!\w)(?P<k>{_alternatives(list(OTHER_UNITS))})", re.IGNORECASE),
    ),
    (
        "weekday",
        re.compile(
            rf"\b(?:(?P<w>(?i:last|next|this|on|since|until|by|from|past))\s+)?(?P<k>{_WEEKDAY}){_PART}\b"
        ),
    ),
    ("otherweekday", re.compile(_OTHER_WEEKDAY)),
    (
        "night",
        re.compile(r"\b(?P<w>last|this)\s+(?P<k>night|evening|afternoon|morning)\b", re.IGNORECASE),
    ),
    (
        "relative",
        re.compile(
            rf"\b(?:(?:earlier|late|later|early)\s+)?(?P<k>{_alternatives(list(RELATIVE_DAYS))})\b"
            rf"{_PART}",
            re.IGNORECASE,
        ),
    ),
    (
        "ago",
        re.compile(
            rf"\b(?:(?:about|some|over|almost|nearly)\s+)?(?P<q>{_NUMBER}|\d{{1,3}})\s+"
            r"(?P<u>day|week|fortnight|month|year|decade)s?\s+(?P<w>ago|earlier|later)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "within",
        re.compile(
            rf"\b(?P<w>in|within)\s+(?P<q>{_NUMBER}|\d{{1,3}})\s+(?:of\s+)?"
            r"(?P<u>day|week|fortnight|month|year)s?(?:['’]\s+time)?\b(?!\s+of\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "unit",
        re.compile(r"\b(?P<w>last|this|next|past|coming)\s+(?P<u>week|month|year|decade)\b", re.I),
    ),
    (
        "lastmonth",
        re.compile(
            r"\b(?:(?P<w>[Ll]ast|[Tt]his|[Nn]ext|[Ii]n|[Ss]ince|[Uu]ntil|[Oo]f|[Dd]uring|[Bb]y)\s+)"
            r"(?:(?P<p>early|mid|late)[-\s]+)?"
            r"(?P<m>January|February|March|April|May|June|July|August|September|October|November|December)\b"
            r"(?!\s+\d)"
        ),
    ),
    ("upto", re.compile(r"\b(?P<u>day|week|month|year|decade)s-long\b", re.IGNORECASE)),
    (
        "duration",
        re.compile(
            rf"\b(?P<q>{_NUMBER}|\d{{1,3}})[-\s]+(?P<u>day|week|month|year|decade)s?[-\s]*"
            r"(?:long\b)?(?=[-\s]+(?:war|conflict|fighting|battle|siege|blockade|campaign|truce|"
            r"offensive|occupation|talks|operation|visit|ceasefire|hostilities|mission))",
            re.IGNORECASE,
        ),
    ),
    (
        "upto",
        re.compile(
            r"\b(?:for|in recent|(?:over|for|in) the (?:past|last))\s+"
            rf"(?:(?P<q>{_NUMBER}|\d{{1,3}})\s+)?(?P<u>day|week|month|year|decade)s?\b"
            r"(?!\s+(?:ago|later|earlier))",
            re.IGNORECASE,
        ),
    ),
    # "на июнь", "sentyabrda", "սեպտեմբերին", "τον Ιούνιο": a month with what says that it is one
    (
        "baremonth",
        re.compile(
            r"(?:(?<=\b[Вв] )|(?<=\b[Нн]а )|(?<=\b[Сс] )|(?<=\b[Дд]о )|(?<=\b[Уу] )|(?<=\b[Зз]а )"
            rf"|(?<=\b[Ττ]ον )|(?<=\b[Αα]πό ))(?P<m>{_MONTH})\b(?!\s+\d)"
            rf"|(?<![\d.] )\b(?P<n>{_MONTH}(?:['’]?[dt][aeə]|ին|ում|ში))\b(?!\s+\d)"
        ),
    ),
    ("since", re.compile(r"\b(?:since\s+then|ever\s+since|since\s+that\s+time)\b", re.IGNORECASE)),
    (
        "year",
        re.compile(
            rf"(?<![\d.,:/–-])(?P<y>1[89]\d\d|20\d\d)\b(?![\d%]|[.,:]\d|\s*(?:km|people|troops|soldiers|men|"
            rf"percent|per\s+cent|metres|meters|feet|miles|hectares|dollars)\b){_END}{_YEAR_WORD}"
        ),
    ),
)
NEEDS_CUE = re.compile(
    r"(?:\b(?:in|of|since|from|until|till|by|during|after|before|and|or|to|between|early|late|mid|"
    r"year|war|circa|around|about|for|the|в|с|до|по|за|после|το|του|από|μέχρι|στα|στο)\s|[(,\-–/]\s?)$",
    re.IGNORECASE,
)


_SHORTEST_BASE, _LONGEST_ENDING = 3, 5  # letters
_ODD = {"мае": 5}  # too short to tell an ending from the name


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Folded names of months -> month, for all languages read."""
    return {"sept": 9} | {name: number for name, (number, _) in _written().items()}


@lru_cache(maxsize=1)
def _written() -> dict[str, tuple[int, str]]:
    """Folded names of months -> month, and the script they are written in."""
    from babel import Locale

    found: dict[str, tuple[int, str]] = {}
    for language in (*_LANGUAGES, *_FULL_ONLY):
        locale = Locale.parse(language)
        widths = ("wide",) if language in _FULL_ONLY else ("wide", "abbreviated")
        for context in ("format", "stand-alone"):
            for width in widths:
                for number, name in locale.months[context][width].items():
                    key = fold(name)
                    if len(key) >= 3 and not key.isdigit():
                        found.setdefault(key, (number, script_of(name)))
    return found


@lru_cache(maxsize=1)
def short_months() -> frozenset[str]:
    """Folded names of months in short, which a full stop follows: "окт.", "Nov."."""
    from babel import Locale

    short, full = {"sept"}, set()
    for language in _LANGUAGES:
        for tables in Locale.parse(language).months.values():
            short |= set(map(fold, tables["abbreviated"].values()))
            full |= set(map(fold, tables["wide"].values()))
    return frozenset(short - full)


def month_of(word: str) -> int | None:
    """The month that a word names, in any of the languages and cases; None if it names none."""
    key = fold(word)
    months = _months()
    if key in months:
        # English names double as words; only the capital tells.
        return months[key] if not word.isascii() or word[0].isupper() or key not in _LOWER else None
    if word.isascii():
        # A capital may begin another word: "Augusta".
        candidates = [name for name in months if len(name) >= 4 and key.startswith(name)]
        for name in candidates:
            ending = key[len(name) :]
            if ending in _CASES and (len(ending) > 1 or not word[0].isupper()):
                return months[name]
        return None
    script = script_of(word)
    bases = _bases().get(script, {})
    for cut in range(1, min(_LONGEST_ENDING, len(key) - _SHORTEST_BASE) + 1):
        number = bases.get(key[:-cut])
        if number is not None and (is_clean(key, key[:-cut], script) or key[-cut:] in _CASES):
            return number
    return _ODD.get(word.casefold())


@lru_cache(maxsize=1)
def _bases() -> dict[str, dict[str, int]]:
    """By script: names of months, and what is left of them without an ending -> month."""
    found: dict[str, dict[str, int]] = {}
    for name, (number, script) in _written().items():
        own = found.setdefault(script, {})
        own.setdefault(name, number)
        for cut in range(1, 4):
            base = name[:-cut]
            if len(base) > _SHORTEST_BASE and is_clean(name, base, script):
                own.setdefault(base, number)
    return found


# Azerbaijani cases, folded: bare, and behind "of" a year ("2024-cü ilin iyununda").
_CASES = frozenset(
    "a e da de dan den in un nda inda inde indan inden unda unde undan unden".split()
)
_LOWER = frozenset({"march", "may", "mar", "sept", "dec", "jan", "jun", "jul", "aug", "august"})
MONTH_NUMBER = {
    name: number
    for number, name in enumerate(
        "January February March April May June July August September October November "
        "December".split(),
        1,
    )
}
