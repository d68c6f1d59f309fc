"""Links between datasets: near in space and time, of a kind that fits, explained, never merged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.base.crs import distance_m
from atlas.base.errors import InputError
from atlas.base.timespan import format_day
from atlas.joining.match import LINK_COLUMNS, match_events


def row(lon=46.7, lat=39.8, date="2020-10-04", **more):
    return pd.DataFrame([{"lon": lon, "lat": lat, "event_date": date, **more}])


def linked(a: pd.DataFrame, b: pd.DataFrame, **options) -> pd.DataFrame:
    return match_events(a, b, **{"minimum": 0.0, **options}).links


def test_one_event_in_two_words_is_linked_and_explained():
    a = row(event_type="battle", best=3.0, event_id="u1", coordinate_uncertainty_m=2000.0)
    b = row(46.71, event_type="explosions_remote_violence", best=4.0, event_id="x9")
    link = linked(a, b).iloc[0]
    assert (link["a_id"], link["b_id"], link["types"], link["deaths"]) == (
        "u1", "x9", "akin", "agree",
    )  # fmt: skip
    assert link["why"] == (
        "856 m apart (within 7,000 m), same time; types akin; deaths agree (3 and 4)"
    )
    assert link["best_for_a"]
    assert link["best_for_b"]


@pytest.mark.parametrize(
    ("a", "b", "options"),
    [
        (row(), row(46.9), {}),  # 17 km, limits 5 + 5
        (row(), row(date="2020-10-06"), {}),
        (row(), row(date="2020-10-05"), {"window_days": 0}),
        (row(event_type="battle"), row(event_type="protest"), {}),
        (row(event_type="talks"), row(event_type="battle"), {}),
        (row(date=""), row(), {}),
        (row(lon=np.nan, lat=np.nan), row(), {}),
        (row(), row().iloc[:0], {}),
    ],
)
def test_what_is_too_far_or_of_another_kind_is_not_linked(a, b, options):
    links = linked(a, b, **options)
    assert len(links) == 0
    assert tuple(links.columns) == LINK_COLUMNS


def test_a_word_of_its_own_counts_as_none():
    for word in ("clash at checkpoint", "Gefecht"):
        links = linked(row(event_type=word), row(event_type="protest"))
        assert links["types"].tolist() == ["unknown"]
        assert links["score"].tolist() == linked(row(), row(event_type="protest"))["score"].tolist()


def test_columns_and_answers_of_any_kind_are_taken():
    mine = row(actor1="theirs", score="mine", why=3).rename(columns={"event_date": "When"})
    twice = match_events(mine, mine).links
    assert twice["why"].str.startswith("0 m apart").tolist() == [True]
    found = match_events([{"date": "4 Oct 2020", "coords": "39.8N 46.7E"}], mine)
    assert len(found.links) == 1 and "best both ways" in found._repr_html_()


def test_stated_precision_widens_the_search_but_lowers_the_score():
    exact, vague = row(coordinate_uncertainty_m=2000.0), row(coordinate_uncertainty_m=25000.0)
    assert len(linked(exact, row(46.9))) == 0
    assert len(linked(vague, row(46.9))) == 1
    assert linked(vague, row()).iloc[0]["score"] < linked(exact, row()).iloc[0]["score"]
    country = row(coordinate_uncertainty_m=500000.0)
    assert len(linked(country, row(49.0))) == 0


def test_a_span_touches_a_day_inside_it():
    assert linked(row(date="2020-10"), row(date="2020-10-31")).iloc[0]["days_apart"] == 0
    assert len(linked(row(date="2020-10"), row(date="2020-11-02"))) == 0


def test_rivals_are_all_listed_and_the_best_is_marked():
    a = pd.concat([row(event_id="a1"), row(46.72, event_id="a2")])
    b = pd.concat([row(46.72, event_id="b1"), row(46.75, event_id="b2")])
    links = linked(a, b)
    assert links[["a_id", "b_id"]].to_numpy().tolist() == [
        ["a1", "b1"], ["a1", "b2"], ["a2", "b1"], ["a2", "b2"],
    ]  # fmt: skip
    mutual = match_events(a, b, minimum=0.0).mutual
    assert mutual[["a_id", "b_id"]].to_numpy().tolist() == [["a2", "b1"]]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_pair_within_the_limits_is_missed(seed):
    rng = np.random.default_rng(seed)

    def some(count: int) -> pd.DataFrame:
        start = rng.integers(0, 40, count)
        stop = start + rng.choice([1, 1, 7, 30], count)
        return pd.DataFrame(
            {
                "lon": rng.uniform(44, 48, count),
                "lat": rng.uniform(38, 42, count),
                "start_day": start,
                "end_day": stop,
                "event_date": [
                    f"{format_day(first)}/{format_day(last - 1)}"
                    for first, last in zip(start, stop, strict=True)
                ],
                "coordinate_uncertainty_m": rng.choice([np.nan, 2e3, 25e3, 1e5], count),
            }
        )

    a, b = some(60), some(80)
    found = set(zip(*linked(a, b)[["a_row", "b_row"]].to_numpy().T, strict=True))
    expected = set()
    reach = [frame["coordinate_uncertainty_m"].fillna(5e3).clip(upper=5e4) for frame in (a, b)]
    for i in range(len(a)):
        metres = distance_m(a["lon"][i], a["lat"][i], b["lon"], b["lat"])
        near = metres <= reach[0][i] + reach[1]
        near &= (b["start_day"] - a["end_day"][i] < 1) & (a["start_day"][i] - b["end_day"] < 1)
        expected |= {(i, j) for j in np.flatnonzero(near)}
    assert found == expected


def test_blocks_change_no_link(monkeypatch):
    rng = np.random.default_rng(4)
    a = pd.DataFrame(
        {
            "lon": rng.uniform(46, 47, 200),
            "lat": 39.8,
            "event_date": pd.date_range("2020-01-01", periods=200),
        }
    )
    b = a.sample(frac=1, random_state=1).reset_index(drop=True)
    whole = linked(a, b)
    monkeypatch.setattr("atlas.joining.match._BLOCK", 7)
    pd.testing.assert_frame_equal(linked(a, b), whole)


def test_impossible_options_are_refused():
    for wrong in ({"window_days": -1}, {"radius_m": 0}, {"minimum": 2}):
        with pytest.raises(InputError):
            match_events(row(), row(), **wrong)
    with pytest.raises(InputError, match="nothing that events"):
        match_events(row(), None)
