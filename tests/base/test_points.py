"""Points made on demand answer as points that were made at once do."""

from __future__ import annotations

import copy
import pickle

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.base.points import PointArray

LON = np.array([46.75, np.nan, -70.5, 46.75, 0.0, 12.5])
LAT = np.array([39.82, 10.0, -33.25, 39.82, 0.0, np.nan])


def late() -> PointArray:
    return PointArray(LON, LAT, "EPSG:4326")


def plain() -> gpd.GeoSeries:
    known = ~(np.isnan(LON) | np.isnan(LAT))
    points = np.full(len(LON), None, dtype=object)
    points[known] = shapely.points(LON[known], LAT[known])
    return gpd.GeoSeries(points, crs="EPSG:4326")


def frames() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    number = {"n": range(len(LON))}
    return (
        gpd.GeoDataFrame(number, geometry=late(), crs="EPSG:4326"),
        gpd.GeoDataFrame(number, geometry=plain(), crs="EPSG:4326"),
    )


ASKED = {
    "rows": lambda f: f.iloc[[4, 0, 1]],
    "slice": lambda f: f.iloc[1:4],
    "mask": lambda f: f[f["n"] % 2 == 0],
    "sorted": lambda f: f.sort_values("n", ascending=False),
    "joined": lambda f: pd.concat([f, f.iloc[:2]]),
    "joined with made ones": lambda f: pd.concat([f, f.to_crs(f.crs)]),
    "spread": lambda f: f.reindex([0, 9, 2]),
    "merged": lambda f: f.merge(pd.DataFrame({"n": [1, 2, 7]}), on="n", how="right"),
    "without gaps": lambda f: f.dropna(),
    "filled": lambda f: f.fillna(shapely.Point(1, 2)),
    "projected": lambda f: f.to_crs(3857),
    "copied": lambda f: f.copy(),
    "copied deeply": copy.deepcopy,
    "pickled": lambda f: pickle.loads(pickle.dumps(f)),
    "pickled when made": lambda f: pickle.loads(pickle.dumps((f.geometry.area, f)))[1],
    "one set": lambda f: f.assign(geometry=f.geometry.where(f["n"] != 2, shapely.Point(5, 6))),
    "boxed": lambda f: f.cx[0:50, 0:50],
    "near": lambda f: f.sjoin_nearest(f.iloc[[0]][["geometry"]], max_distance=1.0),
}


@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
@pytest.mark.parametrize("asked", ASKED)
def test_frames_of_late_points_are_those_of_points(asked):
    ours, theirs = (ASKED[asked](frame) for frame in frames())
    assert type(ours) is type(theirs)
    assert ours.crs == theirs.crs
    pd.testing.assert_frame_equal(pd.DataFrame(ours.to_wkb()), pd.DataFrame(theirs.to_wkb()))


TOLD = {
    "x": lambda s: s.x, "y": lambda s: s.y, "bounds": lambda s: s.bounds,
    "wkt": lambda s: s.to_wkt(),
    "box": lambda s: s.total_bounds, "gaps": lambda s: s.isna(), "kinds": lambda s: s.geom_type,
    "list": list, "items": lambda s: [s.iloc[0], s.iloc[1], s.iloc[-2]], "text": repr,
    "equal": lambda s: s.geom_equals(plain()), "unique": lambda s: len(s.unique()),
    "found": lambda s: s.sindex.query(shapely.box(40, 30, 50, 50)),
    "size": lambda s: (len(s), s.shape),
}  # fmt: skip


@pytest.mark.parametrize("told", TOLD)
def test_what_late_points_tell_is_what_points_tell(told):
    ours, theirs = TOLD[told](gpd.GeoSeries(late())), TOLD[told](plain())
    if isinstance(ours, pd.DataFrame | pd.Series):
        assert ours.equals(theirs)
    elif isinstance(ours, np.ndarray):
        assert np.array_equal(ours, theirs)
    else:
        assert ours == theirs


def test_no_object_is_made_until_one_is_needed(monkeypatch):
    def refuse(*_):
        raise AssertionError("a point was made")

    frame, _ = frames()
    monkeypatch.setattr(shapely, "points", refuse)
    some = pd.concat([frame[frame["n"] > 0], frame.iloc[:1]]).sort_values("n").copy()
    again = pickle.loads(pickle.dumps(some))
    assert again.geometry.isna().tolist() == [False, True, False, False, False, True]
    assert again.geometry.array.coordinates[0].tolist()[2] == -70.5
    with pytest.raises(AssertionError, match="a point was made"):
        again.geometry.buffer(1)


def test_points_are_made_once_for_all_who_look_and_repeated_ones_are_one():
    frame, _ = frames()
    one, two = frame.geometry.array, frame.geometry.array
    assert one[:].to_numpy() is two.to_numpy()
    assert one.to_numpy()[0] is one.to_numpy()[3]
    assert one.to_numpy()[1] is None


def test_a_changed_column_or_copy_moves_no_other_point():
    lon = LON.copy()
    points = PointArray(lon, LAT, "EPSG:4326")
    lon[0] = 1.0
    other = points.copy()
    other[0] = shapely.Point(7, 8)
    assert [other[0].x, points[0].x] == [7.0, 46.75]
    frame, _ = frames()
    rows = frame.iloc[:3].copy()
    rows.loc[0, "geometry"] = shapely.Point(7, 8)
    assert rows.geometry.x[0] == 7.0
    assert frame.geometry.x[0] == 46.75


def test_coordinates_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="equally long"):
        PointArray([1.0], [1.0, 2.0])


def test_parquet_of_late_points_holds_what_that_of_points_holds(tmp_path):
    from atlas.base.frames import write_frame

    ours, theirs = frames()
    got = gpd.read_parquet(write_frame(ours, tmp_path / "ours.parquet"))
    wanted = gpd.read_parquet(write_frame(theirs, tmp_path / "theirs.parquet"))
    assert ours.geometry.array.coordinates is not None  # no object was made for it
    assert got.crs == wanted.crs
    assert got.columns.tolist() == wanted.columns.tolist()
    pd.testing.assert_frame_equal(pd.DataFrame(got.to_wkb()), pd.DataFrame(wanted.to_wkb()))


def test_an_answer_and_what_it_was_made_of_do_not_change_one_another():
    from atlas.events import read_events

    theirs = pd.DataFrame({"lon": [46.7, 46.8], "lat": [39.8, 39.9], "date": "2020", "n": [1.0, 2]})
    before = theirs.copy(deep=True)
    events = read_events(theirs)
    events.frame.loc[0, "n"] = 9.0
    events.frame.loc[0, "lon"] = 0.0
    pd.testing.assert_frame_equal(theirs, before)
    assert events.frame.geometry.iloc[0].wkt == "POINT (46.7 39.8)"
    theirs.loc[1, "n"] = 7.0
    assert events.frame["n"].tolist() == [9.0, 2.0]
