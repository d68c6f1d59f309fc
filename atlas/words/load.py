"""Words of a language, with its dates, numbers and plural forms: for Python and for the page.

Words lie in ``<tag>.json`` beside this module, or in ``words/<tag>.json`` of a pack, which goes
first. A value is a text, or one text a plural category (``one``, ``few``, ``many``, ``other`` ...)
chosen by the number ``{n}``. Months, patterns of dates and plural rules are the Unicode Common
Locale Data Repository's, as Babel carries them. What a language lacks is said in English.
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlas.base.cldr import calendar_names
from atlas.base.errors import Fault, InputError, NotFoundError
from atlas.base.folding import fold
from atlas.base.inputs import bytes_of
from atlas.base.timespan import format_day

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["FOLDER", "Language", "language_name", "shipped", "spoken", "word_faults"]

FOLDER = "words"
"""Folder of a pack that holds words of its own."""

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
FORMS = 200
"""Plural forms repeat by hundreds from here on; the test compares them with CLDR's rules."""

Word = str | Mapping[str, str]

_TAG = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*")
_BLANK = re.compile(r"\{(\w+)\}")
_FIELD = re.compile(r"'([^']*)'|([yMLd])\2*")
_LARGEST = 1 << 20
_THIN = "\u202f"
_FIRST_LETTER = 100  # places of letters begin here, those of other alphabets' there
_OTHERS = 100_000


@dataclass(frozen=True)
class Language:
    """A language, ready to speak.

    Attributes
    ----------
    tag : str
        BCP 47.
    name : str
        The language's own name for itself.
    direction : {'ltr', 'rtl'}
        In which it is written.
    script : str
        ISO 15924 code of its usual script: a name in it serves where none is in the language.
    words : mapping of str to str or mapping
        All words by key, English where it has none.
    missing : tuple of str
        Keys that are said in English.
    months, months_alone, months_short : tuple of str
        Names of the months in a date, on their own, and shortened.
    day, day_short, month : str
        Patterns of a day, a short day, a month with its year, in CLDR's letters.
    plural : str
        A digit for each whole number from 0 on, the place of its category in `CATEGORIES`;
        from `FORMS` on they repeat by hundreds.
    decimal : str
        What stands between whole and part of a number.
    """

    tag: str
    name: str
    direction: str
    script: str
    words: Mapping[str, Word]
    missing: tuple[str, ...]
    months: tuple[str, ...]
    months_alone: tuple[str, ...]
    months_short: tuple[str, ...]
    day: str
    day_short: str
    month: str
    plural: str
    decimal: str

    def __call__(self, key: str, **values: object) -> str:
        """Give a word, its blanks filled in.

        Raises
        ------
        NotFoundError
            If no language has it.

        Examples
        --------
        >>> spoken("en")("deaths", n=1), spoken("en")("deaths", n=2)
        ('1 death', '2 deaths')
        """
        try:
            word = self.words[key]
        except KeyError:
            raise NotFoundError(
                f"the interface has no word {key!r}; add it to atlas/words/en.json"
            ) from None
        text = word if isinstance(word, str) else self._form(word, values.get("n"))
        return _BLANK.sub(lambda match: str(values.get(match[1], match[0])), text)

    def _form(self, forms: Mapping[str, str], number: object) -> str:
        digits = re.sub(r"\D", "", str(number))
        return forms.get(self.category(int(digits or 0)), forms["other"])

    def category(self, number: int) -> str:
        """Plural category of a whole number.

        Parameters
        ----------
        number : int
            Not negative.

        Returns
        -------
        str
            One of `CATEGORIES`, CLDR's.

        Examples
        --------
        >>> spoken("ru").category(21), spoken("ar").category(3), spoken("en").category(21)
        ('one', 'few', 'other')
        """
        at = number if number < FORMS else 100 + number % 100
        return CATEGORIES[int(self.plural[at])]

    def known(self, key: str) -> str:
        """Give a word, or the key itself in plain letters where there is none.

        Parameters
        ----------
        key : str
            Of a word, or a word of the user's own.

        Returns
        -------
        str

        Examples
        --------
        >>> spoken("en").known("battle"), spoken("en").known("own_type")
        ('battle', 'own type')
        """
        return self(key) if key in self.words else key.replace("_", " ")

    def date(self, day: int) -> str:
        """Write a day out, given its number.

        Parameters
        ----------
        day : int
            Days since 1 January 1970.

        Returns
        -------
        str

        Examples
        --------
        >>> spoken("en").date(18576), spoken("el").date(18576)
        ('10 November 2020', '10 Νοεμβρίου 2020')
        """
        year, month, date = (int(part) for part in format_day(day).split("-"))
        return self.filled(self.day, year, month, date)

    def year_month(self, year: int, month: int) -> str:
        """Write a month with its year.

        Parameters
        ----------
        year, month : int
            January is 1.

        Returns
        -------
        str

        Examples
        --------
        >>> spoken("en").year_month(2020, 11), spoken("el").year_month(2020, 11)
        ('November 2020', 'Νοέμβριος 2020')
        """
        return self.filled(self.month, year, month, 1)

    def filled(self, pattern: str, year: int, month: int, date: int) -> str:
        """Write a date by a pattern in CLDR's letters.

        Parameters
        ----------
        pattern : str
            As of `day`, `day_short` or `month`.
        year, month, date : int
            January is 1.

        Returns
        -------
        str

        Examples
        --------
        >>> spoken("en").filled("d.M.y", 2020, 11, 9)
        '9.11.2020'
        """

        def part(match: re.Match[str]) -> str:
            letters = match[0]
            if match[2] is None:
                return match[1]
            if letters[0] == "y":
                return str(year)
            if letters[0] == "d":
                return f"{date:0{len(letters)}d}"
            if len(letters) < 3:
                return f"{month:0{len(letters)}d}"
            if len(letters) == 3:
                return self.months_short[month - 1]
            return (self.months if letters[0] == "M" else self.months_alone)[month - 1]

        return _FIELD.sub(part, pattern)

    def number(self, value: float) -> str:
        r"""Write a whole number, its thousands set apart from 10 000 on.

        Parameters
        ----------
        value : float
            Rounded to a whole number.

        Returns
        -------
        str

        Examples
        --------
        >>> spoken("fr").number(9999), spoken("fr").number(-12345)
        ('9999', '−12\u202f345')
        """
        digits = f"{abs(round(value)):,}"
        whole = digits.replace(",", _THIN if len(digits) > 5 else "")
        return f"\u2212{whole}" if round(value) < 0 else whole

    def upper(self, text: str) -> str:
        """Capitals as the language has them: its word `capitals` says where they are its own.

        Parameters
        ----------
        text : str
            In any letters.

        Returns
        -------
        str

        Examples
        --------
        >>> spoken("tr").upper("ilin"), spoken("en").upper("ilin"), spoken("el").upper("Μάιος")
        ('İLİN', 'ILIN', 'ΜΑΙΟΣ')
        """
        own = str(self.words["capitals"]).split()
        pairs = dict(pair.split("=", 1) for pair in own if "=" in pair)
        pattern = re.compile("|".join(map(re.escape, pairs)))
        return (pattern.sub(lambda match: pairs[match[0]], text) if pairs else text).upper()

    def initial(self, text: str) -> str:
        """Letter of the language's alphabet under which a name stands in a list.

        Parameters
        ----------
        text : str
            A name.

        Returns
        -------
        str
            A capital; empty for a name without a letter, and for one that begins with a figure,
            which stands before all letters.

        Examples
        --------
        >>> spoken("az").initial("Əsgəran"), spoken("en").initial("Əsgəran")
        ('Ə', 'E')
        """
        if next((mark for mark in text if mark.isalnum()), "").isdigit():
            return ""
        for at in self.places(text):
            if at >= _FIRST_LETTER:
                known = at < _OTHERS
                return self._alphabet[at - _FIRST_LETTER] if known else chr(at - _OTHERS).upper()
        return ""

    def places(self, text: str) -> tuple[int, ...]:
        """Places of a name's letters in the alphabet: names sort by them as a reader expects.

        Words come before letters, so that "Ab c" stands before "Abc"; a letter that the alphabet
        lacks stands where its plain one does, one of another script after all of the alphabet.

        Parameters
        ----------
        text : str
            A name.

        Returns
        -------
        tuple of int
            One a letter, to be compared with those of other names.

        Source: the order of the alphabets as the Unicode Common Locale Data Repository has it.

        Examples
        --------
        >>> sorted(["Xocalı", "İmişli", "Hadrut"], key=spoken("az").places)
        ['Hadrut', 'Xocalı', 'İmişli']
        """
        known = self._known_places
        for letter in text:
            if letter not in known:
                known[letter] = self._place(letter)
        return tuple(at for at in map(known.__getitem__, text) if at is not None)

    def _place(self, letter: str) -> int | None:
        """Place of one letter; None for a sign that counts for nothing."""
        base = unicodedata.normalize("NFKD", letter)
        for plain in (letter, letter.upper(), *base, *base.upper(), *fold(letter).upper()):
            if plain in self._ranks:
                return _FIRST_LETTER + self._ranks[plain]
        if letter.isalpha():
            return _OTHERS + ord(fold(letter)[:1] or letter)
        if letter.isdigit():
            return 1 + unicodedata.digit(letter, 0)
        return 0 if letter in " -/(),." else None

    @cached_property
    def _known_places(self) -> dict[str, int | None]:
        """Places that were asked for: names are written in few letters."""
        return {}

    @cached_property
    def _alphabet(self) -> tuple[str, ...]:
        return tuple(str(self.words["alphabet"]).split())

    @cached_property
    def _ranks(self) -> dict[str, int]:
        """Place of each letter, small ones whose capital is the language's own included."""
        ranks = {letter: at for at, letter in enumerate(self._alphabet)}
        own = (pair.split("=", 1) for pair in str(self.words["capitals"]).split())
        return ranks | {small: ranks[great] for small, great in own if great in ranks}

    def payload(self) -> dict[str, Any]:
        """What the page's script needs, as JSON values.

        Returns
        -------
        dict
            ``words`` by key, ``months``, ``plural`` and the patterns of dates.

        Examples
        --------
        >>> spoken("ar").payload()["dir"]
        'rtl'
        """
        return {
            "name": self.name,
            "dir": self.direction,
            "script": self.script,
            "words": {
                key: word if isinstance(word, str) else dict(word)
                for key, word in self.words.items()
            },
            "months": list(self.months),
            "monthsAlone": list(self.months_alone),
            "monthsShort": list(self.months_short),
            "day": self.day,
            "dayShort": self.day_short,
            "month": self.month,
            "plural": self.plural,
            "decimal": self.decimal,
        }


def shipped() -> tuple[str, ...]:
    """Tags of the languages whose words come with the package, English first.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> shipped()[0], "el" in shipped()
    ('en', True)
    """
    found = (item.name for item in files("atlas.words").iterdir())
    tags = sorted(name.removesuffix(".json") for name in found if name.endswith(".json"))
    return ("en", *(tag for tag in tags if tag != "en"))


def spoken(tag: str, *, folder: Path | None = None) -> Language:
    """Load a language.

    Parameters
    ----------
    tag : str
        BCP 47. One without words of its own speaks English, with its own months and numbers.
    folder : Path, optional
        A pack's folder, whose ``words/<tag>.json`` goes before what is shipped.

    Returns
    -------
    Language

    Raises
    ------
    InputError
        If the tag is none, or the pack's file can't be used.

    Examples
    --------
    >>> spoken("uk").name
    'Українська'
    """
    if not _TAG.fullmatch(tag):
        raise InputError(f"{tag!r} is no BCP 47 tag of a language; write one like 'el'")
    own: dict[str, Word] = {}
    # What a country's variety of a language does not say of its own, the language says.
    for wider in dict.fromkeys((tag.split("-")[0], tag)):
        own |= _shipped_words(wider)
        if folder is not None and (folder / FOLDER / f"{wider}.json").exists():
            faults, words = _pack_words(folder, wider)
            if faults:
                raise InputError(str(faults[0]))
            own |= words
    return _language(tag, own)


def _language(tag: str, own: Mapping[str, Word]) -> Language:
    english = _shipped_words("en")
    # Only English may leave a text out: the others say that something is in English.
    words = {key: own.get(key) or word for key, word in english.items()}
    missing = tuple(key for key in english if key not in own)
    locale, known = _locale(tag)
    months = calendar_names(locale, "months")
    return Language(
        tag=tag,
        name=language_name(tag)
        if "-" in tag
        else str(own.get("languageName") or language_name(tag)),
        direction=locale.text_direction if known else "ltr",
        script=_script(tag),
        words=words,
        missing=missing,
        months=_twelve(months["format"]["wide"]),
        months_alone=_twelve(months["stand-alone"]["wide"]),
        months_short=_twelve(months["format"]["abbreviated"]),
        day=_pattern(_skeleton(locale, "yMMMMd", locale.date_formats["long"].pattern)),
        day_short=_pattern(_skeleton(locale, "yMMMd", locale.date_formats["medium"].pattern)),
        month=_pattern(_skeleton(locale, "yMMMM", "LLLL y")),
        plural="".join(str(CATEGORIES.index(locale.plural_form(n))) for n in range(FORMS)),
        # Beside the digits with which every language of ours writes dates and numbers.
        decimal=str(locale.number_symbols["latn"]["decimal"]),
    )


def _locale(tag: str) -> tuple[Locale, bool]:
    """CLDR's locale of a tag, else English's, and whether it was found."""
    from babel import Locale, UnknownLocaleError

    # Days come before months in English as the record's dates are read around the world.
    wanted = "en-GB" if tag == "en" else tag
    for attempt in (wanted, wanted.split("-")[0]):
        try:
            return Locale.parse(attempt, sep="-"), True
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en_GB"), False


def language_name(tag: str) -> str:
    """What a language calls itself; its English name or the tag where CLDR does not know.

    Parameters
    ----------
    tag : str
        BCP 47.

    Returns
    -------
    str

    Examples
    --------
    >>> language_name("fa"), language_name("ka"), language_name("xx")
    ('فارسی', 'ქართული', 'xx')
    """
    locale, known = _locale(tag)
    found = locale.get_display_name(locale) if known else None
    if not found:
        from babel import Locale

        found = Locale("en").languages.get(tag.split("-")[0])
        if found is None:
            return tag
    # Capitals of Georgian are no capitals of a name.
    first = found[0].upper() if found[0].upper() == found[0].title() else found[0]
    return first + found[1:]


def _script(tag: str) -> str:
    from babel.core import get_global

    stated = re.search(r"-([A-Z][a-z]{3})(?:-|$)", tag)
    if stated:
        return stated[1]
    likely = str(get_global("likely_subtags").get(tag.split("-")[0], ""))
    return next((part for part in likely.split("_")[1:] if len(part) == 4), "")


def _twelve(names: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(str(names[number]) for number in range(1, 13))


def _skeleton(locale: Locale, key: str, fallback: str) -> str:
    found = locale.datetime_skeletons.get(key)
    return found.pattern if found is not None else fallback


def _pattern(pattern: str) -> str:
    """A pattern without what stands behind a year that comes last: a mark that says it is one."""
    plain = re.sub(r"G+\s*|\s*G+", "", pattern)
    return re.sub(r"(?<=y)[^yMLd]*(?:'[^']*'[^yMLd]*)*$", "", plain) if plain[0] != "y" else plain


@lru_cache(maxsize=64)
def _shipped_words(tag: str) -> Mapping[str, Word]:
    item = files("atlas.words") / f"{tag}.json"
    if not item.is_file():
        return {}
    words: dict[str, Word] = json.loads(item.read_text(encoding="utf-8"))
    return words


# --- a pack's own words -------------------------------------------------------------------------


def _pack_words(folder: Path, tag: str) -> tuple[list[Fault], dict[str, Word]]:
    path = folder / FOLDER / f"{tag}.json"
    name = f"{FOLDER}/{path.name}"
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return [
                Fault(name, None, "", "a link out of the pack", "a file of the pack itself", "link",
                      "Copy the file into the folder")
            ], {}  # fmt: skip
        data = bytes_of(path, most=_LARGEST)
        whole = json.loads(data.decode("utf-8-sig"))
        if not isinstance(whole, dict):
            raise ValueError(f"a {type(whole).__name__}")
    except (OSError, RuntimeError, ValueError, RecursionError) as error:
        return [
            Fault(name, None, "", str(error), 'JSON of the form {"key": "word"}', "json",
                  "Begin with a copy of atlas/words/en.json")
        ], {}  # fmt: skip
    return list(_faults_of(name, whole)), whole


def _faults_of(name: str, whole: Mapping[str, Any]) -> Iterator[Fault]:
    english = _shipped_words("en")
    for key, word in whole.items():
        if key not in english:
            near = difflib.get_close_matches(key, list(english), n=1)
            remedy = f"Write {near[0]!r}" if near else "Leave it out"
            yield Fault(
                name, None, repr(key), "an unknown word", "a key of en.json", "words", remedy
            )
            continue
        forms = word if isinstance(word, dict) else {"other": word}
        if "other" not in forms or not set(forms) <= set(CATEGORIES):
            expected = "a text, or one a plural category with 'other' among them"
            remedy = "Write a text in quotation marks"
            yield Fault(name, None, key, repr(word)[:60], expected, "words", remedy)
            continue
        wanted = _blanks(english[key])
        for text in forms.values():
            if not isinstance(text, str) or re.search(r"[\x00-\x1f\ud800-\udfff]", text):
                yield Fault(name, None, key, repr(text)[:60], "a text", "words",
                            "Write a text in quotation marks")  # fmt: skip
                break
            if text and not set(_BLANK.findall(text)) <= wanted:
                asked = ", ".join(f"{{{one}}}" for one in sorted(wanted)) or "none"
                yield Fault(name, None, key, repr(text)[:60], f"these blanks to fill: {asked}",
                            "words", "Correct the names between { and }")  # fmt: skip
                break


def _blanks(word: Word) -> set[str]:
    texts = [word] if isinstance(word, str) else word.values()
    return {name for text in texts for name in _BLANK.findall(text)}


def word_faults(folder: Path) -> list[Fault]:
    """Find every fault of the words that a pack brings.

    Parameters
    ----------
    folder : Path
        The pack's folder.

    Returns
    -------
    list of Fault
        Of code 'words', 'json' or 'link'.

    Examples
    --------
    >>> word_faults(a.pack.directory)
    []
    """
    place = folder / FOLDER
    if not place.is_dir():
        return []
    out: list[Fault] = []
    for path in sorted(place.iterdir()):
        tag = path.name.removesuffix(".json")
        if tag == path.name or not _TAG.fullmatch(tag):
            out.append(
                Fault(f"{FOLDER}/{path.name}", None, "", "no file of words", "<tag>.json", "words",
                      "Move it elsewhere, or name it after the language, as el.json")
            )  # fmt: skip
        else:
            out += _pack_words(folder, tag)[0]
    return out
