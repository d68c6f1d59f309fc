"""What the package is made of: ``python -m tests.tools.sbom dist/sbom.cdx.json`` (``make sbom``).

A bill of materials in CycloneDX 1.6 of everything that ``pip install conflict-atlas`` brings (with
``--extra dask`` that of an extra), as it is installed here: name, version, licence, and who needs
whom. The same packages make the same bytes.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import json
import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from atlas.base.output import write_text

ROOT = "conflict-atlas"
PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
#: Words of licences that bind whoever passes a program on; the Lesser GPL is told apart.
BINDING = re.compile(r"\bA?GPL|GNU (Affero )?General Public|SSPL|EUPL|CC[- ]BY-(SA|NC)", re.I)


def licence_of(found: Distribution) -> str:
    """Licence as a package states it: its expression, its classifiers, or its own words."""
    about = found.metadata
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    told = [one.rsplit(" :: ", 1)[-1] for one in about.get_all("Classifier") or [] if one.startswith("License :: ")]  # fmt: skip
    plain = [one for one in told if one != "OSI Approved"]
    return " AND ".join(plain) or (str(about.get("License") or "").strip().splitlines() or [""])[0]


def needed(extras: tuple[str, ...] = ()) -> dict[str, tuple[Distribution, tuple[str, ...]]]:
    """Every package that an installation brings, by name, with the names of those it needs.

    A requirement that the markers of this machine leave out is left out.
    """
    found: dict[str, tuple[Distribution, tuple[str, ...]]] = {}
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    texts = [
        *project["dependencies"],
        *(one for extra in extras for one in project["optional-dependencies"][extra]),
    ]
    direct = [Requirement(text) for text in texts]
    asked = [(canonicalize_name(one.name), frozenset(one.extras)) for one in direct]
    seen: set[tuple[str, frozenset[str]]] = set()
    while asked:
        name, wanted = asked.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        try:
            one = distribution(name)
        except PackageNotFoundError:
            continue
        below = []
        for text in one.requires or []:
            requirement = Requirement(text)
            if requirement.marker is not None and not any(
                requirement.marker.evaluate({"extra": extra}) for extra in ("", *wanted)
            ):
                continue
            key = canonicalize_name(requirement.name)
            below.append(key)
            asked.append((key, frozenset(requirement.extras)))
        kept = found.get(name, (one, ()))[1]
        found[name] = (one, tuple(sorted({*kept, *below})))
    return found


def bill(extras: tuple[str, ...] = ()) -> dict[str, Any]:
    """Bill of materials as CycloneDX has it."""
    packages = needed(extras)

    def component(name: str) -> dict[str, Any]:
        one = packages[name][0]
        purl = f"pkg:pypi/{name}@{one.version}"
        out = {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": one.version,
            "purl": purl,
        }
        licence = licence_of(one)
        return out | ({"licenses": [{"license": {"name": licence}}]} if licence else {})

    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    about = {"type": "application", "bom-ref": ROOT, "name": ROOT, "version": project["version"]}
    ref = {name: f"pkg:pypi/{name}@{one.version}" for name, (one, _) in packages.items()}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": about | {"licenses": [{"license": {"id": project["license"]}}]}},
        "components": [component(name) for name in sorted(packages)],
        "dependencies": [
            {"ref": ref[name], "dependsOn": [ref[one] for one in below if one in ref]}
            for name, (_, below) in sorted(packages.items())
        ],
    }


def main() -> None:
    """Write the bill, and list the licences."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("out", type=Path)
    ask.add_argument("--extra", action="append", default=[])
    said = ask.parse_args()
    made = bill(tuple(said.extra))
    said.out.parent.mkdir(parents=True, exist_ok=True)
    write_text(said.out, json.dumps(made, indent=1, sort_keys=True) + "\n")
    for one in made["components"]:
        licence = one.get("licenses", [{"license": {"name": "not stated"}}])[0]["license"]["name"]
        print(f"{one['name']:24} {one['version']:14} {licence}")
    print(f"{len(made['components'])} packages -> {said.out}")


if __name__ == "__main__":
    main()
