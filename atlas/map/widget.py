"""The page as a widget of a notebook: what it shows can be read, set and observed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets
import traitlets

from atlas.answers.state import Here, State, here, state
from atlas.base.archives import gzipped
from atlas.base.dates import day_of
from atlas.base.errors import AtlasError, InputError
from atlas.base.timespan import format_day, parse_edtf
from atlas.layers import LAYERS, OFF_AT_FIRST

if TYPE_CHECKING:
    from collections.abc import Callable

    from atlas.map.build import AtlasMap
    from atlas.record.pack import Pack

__all__ = ["Explorer"]

_BETWEEN = re.compile(r"(?<=</script>)|(?<=</style>)")


class _Part(ipywidgets.Widget):  # type: ignore[misc]
    """A piece of a page, gzipped, which every widget that needs it refers to."""

    data = traitlets.Bytes().tag(sync=True)

    def __init__(self, text: str, key: str) -> None:
        self.key = key
        super().__init__(data=gzipped(text.encode("utf-8")))


def _parts(document: str) -> list[_Part]:
    """Cut a page into parts; one that this kernel has sent already is not sent again."""
    # ipywidgets keeps every widget that is open by its id: there is no second list to keep.
    known = {one.key: one for one in _open_widgets() if isinstance(one, _Part)}
    found = []
    for text in _BETWEEN.split(document):
        key = sha256(text.encode("utf-8")).hexdigest()
        known[key] = known.get(key) or _Part(text, key)
        found.append(known[key])
    return found


def _open_widgets() -> list[Any]:
    from ipywidgets.widgets import widget

    return list(widget._instances.values())


class _Given(traitlets.Any):
    """What a cell sets, None too, goes through the check of its name."""

    allow_none = False


class Explorer(anywidget.AnyWidget):
    """The map's page in a notebook: what the reader does and what a cell sets are one state.

    Parameters
    ----------
    atlas_map : AtlasMap
        The map whose page is shown.
    pack : Pack
        The record that `at` asks.
    find : callable
        From the name of a place to its id, longitude and latitude.
    date : int, optional
        Day number to open on; by default the map's own.
    side : str
        Party whose account is shown; empty for the assessment.
    layers : sequence of str, optional
        Layers that are shown; by default as the page opens.
    height : str
        CSS height of the frame.
    still : callable
        From a day and a side to a picture, as PNG, for where no script may run.

    Attributes
    ----------
    date : str
        ISO day that is shown. Any kind of day can be set.
    side : str
        Party whose account is shown, empty for the assessment.
    selection : dict or None
        ``lon, lat`` in degrees of what was clicked on, with ``place`` or ``event`` (ids) where it
        is one. The name of a place, or a pair of longitude and latitude, can be set.
    layers : list of str
        Layers that are shown.
    view : dict or None
        ``lat, lon, zoom``; None until the page was first shown. Any of the three can be set.
    """

    _esm = (files("atlas.map") / "notebook.mjs").read_text(encoding="utf-8")

    date = _Given().tag(sync=True)
    side = _Given("").tag(sync=True)
    selection = traitlets.Any(None, allow_none=True).tag(sync=True)
    layers = _Given().tag(sync=True)
    view = traitlets.Any(None, allow_none=True).tag(sync=True)
    _parts: Any = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)
    _title = traitlets.Unicode().tag(sync=True)
    _height = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        atlas_map: AtlasMap,
        pack: Pack,
        *,
        find: Callable[[str], tuple[str, float, float]],
        date: int | None = None,
        side: str = "",
        layers: Sequence[str] | None = None,
        height: str = "640px",
        still: Callable[[int, str], bytes] | None = None,
    ) -> None:
        self._pack, self._find, self._still = pack, find, still
        self._clock = (atlas_map.first_day, atlas_map.last_day)
        self._offered = tuple(one for one in LAYERS if one in atlas_map.layers_offered)
        at_first = [one for one in self._offered if one not in OFF_AT_FIRST]
        opened = at_first if layers is None else layers
        self.notes = atlas_map.notes
        root: Any = atlas_map.get_root()
        page = root.render()
        super().__init__(
            date=format_day(atlas_map.day if date is None else date),
            side=side,
            layers=list(opened),
            _parts=_parts(page),
            _title=str(root.title or ""),
            _height=height,
        )

    def __dir__(self) -> list[str]:
        """What one asks a map for; the inside of widgets is left out."""
        return sorted("at close date layers notes observe selection side unobserve view".split())

    def __repr__(self) -> str:
        according = f", according to {self.side}" if self.side else ""
        return f"<Explorer on {self.date}{according}>"

    @traitlets.validate("date")
    def _good_date(self, proposal: Any) -> str:
        day = day_of(proposal["value"])
        first, last = self._clock
        if not first <= day <= last:
            raise InputError(
                f"{format_day(day)} is no day of this map; it runs from {format_day(first)} to "
                f"{format_day(last)}"
            )
        return format_day(day)

    @traitlets.validate("side")
    def _good_side(self, proposal: Any) -> str:
        side = str(proposal["value"] or "")
        offered = tuple(self._pack.meta.worldviews)
        if side and side not in offered:
            raise InputError(f"no account of {side!r}; there are: {', '.join(offered) or 'none'}")
        return side

    @traitlets.validate("layers")
    def _good_layers(self, proposal: Any) -> list[str]:
        given = proposal["value"]
        if given is None or not isinstance(given, Iterable):
            raise InputError(f"layers are a list of {', '.join(self._offered)}, not {given!r}")
        wanted = [given] if isinstance(given, str) else list(given)
        unknown = sorted(str(one) for one in wanted if one not in self._offered)
        if unknown:
            raise InputError(f"no layer {unknown[0]!r}; there are: {', '.join(self._offered)}")
        return [one for one in self._offered if one in wanted]

    @traitlets.validate("selection")
    def _good_selection(self, proposal: Any) -> dict[str, Any] | None:
        given = proposal["value"]
        if given is None:
            return None
        if isinstance(given, str):
            place, lon, lat = self._find(given)
            return {"lon": lon, "lat": lat, "place": place}
        if isinstance(given, Mapping):
            kept = {name: str(given[name]) for name in ("place", "event") if given.get(name)}
            lon, lat = _numbers(given.get("lon"), given.get("lat"))
            return {"lon": lon, "lat": lat, **kept}
        try:
            lon, lat = _numbers(*given)
        except TypeError:
            raise InputError(
                f"a selection is the name of a place or (longitude, latitude), not {given!r}"
            ) from None
        return {"lon": lon, "lat": lat}

    @traitlets.validate("view")
    def _good_view(self, proposal: Any) -> dict[str, float] | None:
        given = proposal["value"]
        if given is None:
            return None
        if not isinstance(given, Mapping) or set(given) - {"lat", "lon", "zoom"}:
            raise InputError(f"a view is a dict of lat, lon and zoom, not {given!r}")
        whole = {**(self.view or {}), **given}
        if set(whole) != {"lat", "lon", "zoom"}:
            raise InputError("the page was not shown yet: give lat, lon and zoom of the view")
        lon, lat = _numbers(whole["lon"], whole["lat"])
        try:
            zoom = float(whole["zoom"])
        except (TypeError, ValueError):
            zoom = math.nan
        if not 0 <= zoom <= 20:
            raise InputError(f"zoom must be between 0 and 20, not {whole['zoom']!r}")
        return {"lat": lat, "lon": lon, "zoom": zoom}

    def at(self) -> State | Here:
        """Give the state of the day and place shown, by the account that is shown.

        Returns
        -------
        State or Here
            Of the whole record, or of the place that is selected.

        Raises
        ------
        NotFoundError
            If what is selected lies in no area of the record.

        Examples
        --------
        >>> import atlas
        >>> w = atlas.open().explore(date="2020-12-02", selection="Shusha")
        >>> w.at().control["controller"].item()
        'AZ'
        """
        now = state(self._pack, parse_edtf(self.date), according_to=self.side or None)
        if self.selection is None:
            return now
        return here(self._pack, now, self.selection["lon"], self.selection["lat"])

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Widget for notebooks that are trusted, else a still of the same day and account."""
        bundle = super()._repr_mimebundle_(**options)
        if bundle is None or self._still is None:
            return bundle
        data, *rest = bundle if isinstance(bundle, tuple) else (bundle,)
        try:
            picture = self._still(day_of(self.date), self.side)
        except AtlasError:
            return bundle  # nothing of it can be drawn on paper, e.g. a record without areas
        data = {**data, "image/png": picture}
        return (data, *rest) if rest else data


def _numbers(lon: Any, lat: Any) -> tuple[float, float]:
    try:
        lon, lat = float(lon), float(lat)
    except (TypeError, ValueError):
        raise InputError(f"{lon}, {lat} is not a longitude and latitude in degrees") from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(f"{lon}, {lat} is not a longitude and latitude in degrees")
    return lon, lat
