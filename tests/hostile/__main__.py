"""How many texts go through how many fields: ``python -m tests.hostile``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from atlas.record.exchange import load_tables
from atlas.record.tables import load_toml
from tests.hostile.payloads import EVERYWHERE, FORMULAS, PAYLOADS, REFUSED, write_hostile_pack


def main() -> None:
    """Count them in the pack that the tests draw, build and export."""
    with tempfile.TemporaryDirectory() as room:
        folder = write_hostile_pack(Path(room) / "pack")
        texts = set(PAYLOADS)
        held = {
            (name, column): {row[column] for row in raw.rows} & texts
            for name, raw in load_tables(folder).items()
            for column in raw.table.names
        }
        settings = load_toml(folder / "pack.toml")[0]
        settled = len(settings["title"]) + len(settings["description"]) + 1
        settled += sum(key.startswith("name_") for party in settings["parties"] for key in party)
    fields = {field: found for field, found in held.items() if found}
    cells = sum(map(len, fields.values()))
    print(
        f"{len(EVERYWHERE)} texts, {len(FORMULAS)} of them formulas, {len(REFUSED)} that a pack "
        f"refuses; {len(fields)} columns of {len({name for name, _ in fields})} tables and "
        f"{settled} settings of a pack hold {cells:,} of them; a user's own rows hold each of them "
        "in every column"
    )


if __name__ == "__main__":
    main()
