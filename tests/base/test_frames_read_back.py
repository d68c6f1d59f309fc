"""A frame is written whole or not at all, and reads back the same."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from atlas.base.errors import InputError
from atlas.base.frames import write_frame


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "lon": [46.7, 46.8],
            "lat": [39.8, 39.9],
            "word": pd.Categorical(["a|b", ""]),
            "count": pd.array([1, None], dtype="Int64"),
            "text": ['ş, "x"', "two\nlines"],
        }
    )


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".geojson", ".gpkg"])
@pytest.mark.parametrize("geographic", [False, True])
def test_what_is_written_reads_back(tmp_path, suffix, geographic):
    data = frame()
    if geographic:
        points = gpd.points_from_xy(data["lon"], data["lat"], crs="EPSG:4326")
        data = gpd.GeoDataFrame(data, geometry=points)
    path = write_frame(data, tmp_path / f"out{suffix}")
    if suffix in (".csv", ".tsv"):
        back = pd.read_csv(path, sep="\t" if suffix == ".tsv" else ",", keep_default_na=False)
        assert "geometry" not in back
    else:
        read = gpd.read_parquet if suffix == ".parquet" and geographic else pd.read_parquet
        back = read(path) if suffix == ".parquet" else gpd.read_file(path)
    assert back["text"].tolist() == data["text"].tolist()
    assert back["word"].astype(str).tolist() == ["a|b", ""]
    assert back["lon"].tolist() == [46.7, 46.8]
    assert [item.name for item in tmp_path.iterdir()] == [f"out{suffix}"]


def test_the_same_frame_gives_the_same_bytes(tmp_path):
    for suffix in (".csv", ".parquet", ".geojson", ".gpkg"):
        one, two = (write_frame(frame(), tmp_path / f"{n}{suffix}") for n in "ab")
        assert one.read_bytes() == two.read_bytes()


def test_a_failure_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "out.csv"
    path.write_text("old")

    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(InputError, match="No space left"):
        write_frame(frame(), path)
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["out.csv"]


def test_what_cannot_be_written_says_why(tmp_path):
    with pytest.raises(InputError, match="must end in"):
        write_frame(frame(), tmp_path / "out.doc")
    with pytest.raises(InputError, match="no folder"):
        write_frame(frame(), tmp_path / "none" / "out.csv")
    with pytest.raises(InputError, match="nothing to draw"):
        write_frame(frame()[["text"]], tmp_path / "out.geojson")
