"""People's decisions about names: data, superseded and never erased."""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.base.errors import InputError, NotFoundError
from atlas.base.folding import fold
from atlas.base.inputs import bytes_of
from atlas.gazetteer.model import Candidate, NameRecord, PlaceRef, Resolution

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Judgement", "Judgements", "read_judgements", "write_judgements"]

COLUMNS = (
    "id", "query", "context", "candidate_place_id", "verdict", "reason", "decided_by",
    "decided_on", "supersedes",
)  # fmt: skip
VERDICTS = ("same", "different", "unsure")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision: whether a query, in a context, means a place.

    Attributes
    ----------
    query, context : str
        The name, and words that must stand around it; an empty context fits all.
    place_id : str
        The candidate.
    verdict : {'same', 'different', 'unsure'}
        The decision.
    reason, decided_by, decided_on : str
        Why, who, and when (ISO day).
    """

    query: str
    context: str
    place_id: str
    verdict: str
    reason: str
    decided_by: str
    decided_on: str


class Judgements:
    """Decisions in force, by folded name.

    Parameters
    ----------
    judgements : list of Judgement
        Later ones win over earlier ones about the same name and context.
    """

    def __init__(self, judgements: list[Judgement]) -> None:
        self._by_key: dict[str, list[Judgement]] = defaultdict(list)
        for item in judgements:
            self._by_key[fold(item.query)].append(item)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame | None) -> Judgements:
        """Read decisions from a table in the columns of ``judgements.csv``.

        Raises
        ------
        InputError
            If a column is missing or a verdict is none of same, different, unsure.
        """
        if frame is None or (not len(frame) and not len(frame.columns)):
            return cls([])
        missing = {"query", "candidate_place_id", "verdict"} - set(frame.columns)
        if missing:
            raise InputError(
                f"judgements lack the column{'s' * (len(missing) > 1)} {', '.join(sorted(missing))}"
            )
        rows = [
            {
                key: "" if value is None or value != value else str(value)
                for key, value in row.items()
            }
            for row in frame.to_dict("records")
        ]
        gone = {row.get("supersedes") for row in rows} - {"", None}
        kept = [row for row in rows if not row.get("id") or row.get("id") not in gone]
        for number, row in enumerate(rows):
            if row["verdict"] not in VERDICTS:
                raise InputError(
                    f"judgements line {number + 2} [verdict]: found {row['verdict']!r}; "
                    f"expected one of {', '.join(VERDICTS)}"
                )
        kept.sort(key=lambda row: row.get("decided_on", ""))
        return cls(
            [
                Judgement(
                    row["query"],
                    row.get("context", ""),
                    row["candidate_place_id"],
                    row["verdict"],
                    row.get("reason", ""),
                    row.get("decided_by", ""),
                    row.get("decided_on", ""),
                )
                for row in kept
            ]
        )

    def __len__(self) -> int:
        return sum(map(len, self._by_key.values()))

    def about(self, query: str, context: str | None = None) -> list[Judgement]:
        """Decisions that fit a name in its context, one a place, the latest."""
        around = f" {fold(context or '')} "
        found: dict[str, Judgement] = {}
        for item in self._by_key.get(fold(query), ()):
            if not fold(item.context) or f" {fold(item.context)} " in around:
                found[item.place_id] = item
        return list(found.values())

    def apply(
        self, resolution: Resolution, context: str | None, place: Callable[[str], PlaceRef]
    ) -> Resolution:
        """Let decisions override an answer.

        Parameters
        ----------
        resolution : Resolution
            The answer by evidence alone.
        context : str or None
            Text around the name.
        place : callable
            Place id -> place.
        """
        decisions = self.about(resolution.query, context)
        if not decisions:
            return resolution
        accepted = [item for item in decisions if item.verdict == "same"]
        if accepted:
            return _accept(resolution, accepted[-1], place)
        rejected = {item.place_id: item for item in decisions if item.verdict == "different"}
        kept = tuple(item for item in resolution.candidates if item.place.id not in rejected)
        if len(kept) != len(resolution.candidates):
            from atlas.gazetteer.rank import settle

            said = "; ".join(f"not {key}: {_said(item)}" for key, item in sorted(rejected.items()))
            share = math.fsum(item.score for item in kept) or 1.0
            kept = tuple(replace(item, score=item.score / max(share, item.score)) for item in kept)
            resolution = settle(resolution.query, kept)
            resolution = replace(resolution, why=f"{resolution.why}; {said}", judged=True)
        if any(item.verdict == "unsure" for item in decisions) and resolution.place is not None:
            doubt = next(item for item in decisions if item.verdict == "unsure")
            resolution = replace(
                resolution,
                status="ambiguous",
                place=None,
                why=f"left open: {_said(doubt)}; {resolution.why}",
                judged=True,
            )
        return resolution


def _said(item: Judgement) -> str:
    who = f"{item.decided_by or 'somebody'} on {item.decided_on or 'an unknown day'}"
    return f"decided by {who}" + (f" ({item.reason})" if item.reason else "")


def _accept(
    resolution: Resolution, item: Judgement, place: Callable[[str], PlaceRef]
) -> Resolution:
    held = next((c for c in resolution.candidates if c.place.id == item.place_id), None)
    try:
        chosen = held.place if held else place(item.place_id)
    except NotFoundError:
        return replace(
            resolution,
            why=f"{resolution.why}; a decision names the unknown place {item.place_id!r}",
        )
    why = f"{_said(item)}: {chosen.name}"
    first = Candidate(
        chosen,
        held.name if held else NameRecord(resolution.query),
        "judged",
        held.period if held else "",
        1.0,
        held.weight if held else 0.0,
        (why, *(held.reasons if held else ())),
    )
    rest = tuple(c for c in resolution.candidates if c.place.id != chosen.id)
    return Resolution(resolution.query, "resolved", chosen, (first, *rest), why, 1.0, True)


def read_judgements(path: str | Path) -> pd.DataFrame:
    """Read a ``judgements.csv``; an absent file is an empty table.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    DataFrame
        Columns of ``judgements.csv``, as texts.

    Raises
    ------
    InputError
        If the file is there and is no such table.

    Examples
    --------
    >>> len(read_judgements("no-such-judgements.csv"))
    0
    """
    import pandas as pd

    path = Path(path)
    if not path.exists():
        return pd.DataFrame(columns=list(COLUMNS), dtype=str)
    try:
        data = io.BytesIO(bytes_of(path))
        frame = pd.read_csv(data, dtype=str, keep_default_na=False, encoding="utf-8")
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(f"{path.name} is not a UTF-8 CSV table: {error}") from None
    Judgements.from_frame(frame)
    return frame


def write_judgements(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a ``judgements.csv``, sorted by id, whole or not at all.

    Parameters
    ----------
    frame : DataFrame
        As `read_judgements` gives it.
    path : str or Path
        The file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_judgements(read_judgements("none.csv"), folder + "/judgements.csv")
    ...     len(read_judgements(folder + "/judgements.csv"))
    0
    """
    from atlas.base.output import write_text

    ordered = frame.reindex(columns=list(COLUMNS)).fillna("").sort_values("id", kind="stable")
    write_text(Path(path), ordered.to_csv(index=False, lineterminator="\n"))
