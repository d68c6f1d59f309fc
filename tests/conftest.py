"""Settings of the whole suite."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says nothing on a shared machine; speed is measured in benchmarks/.
# Same code, same examples: what passed here passes there.
settings.register_profile("atlas", deadline=None, derandomize=True)
settings.load_profile("atlas")
