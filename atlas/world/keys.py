"""Indexes over folded names: exact look-up for a million keys, and near misses by one deletion.

Both are plain arrays, built in bulk and opened from disk by memory map.

Notes
-----
Two strings at an optimal string alignment (OSA) distance of one always share a form with at most
one character deleted; so do most at two. The deletion forms of every key are hashed at once from
cumulative sums of a polynomial hash (modulo 2**64), which makes the hash of a string without its
i-th byte two additions and one multiplication. Hits are verified by the real distance, so a clash
of hashes costs time, never a wrong answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

__all__ = ["FuzzyIndex", "KeyTable", "StringTable"]

_MASK = (1 << 64) - 1
_BASE = 0x9E3779B97F4A7C15 | 1
_INVERSE = pow(_BASE, -1, 1 << 64)
_MIX = 0xD6E8FEB86659FD93


def _narrow(numbers: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """Half the bytes where the numbers fit."""
    fits = not len(numbers) or numbers[-1] < 1 << 31
    return numbers.astype(np.int32) if fits else numbers


@dataclass(frozen=True)
class StringTable:
    """Many strings in one block of bytes.

    Attributes
    ----------
    blob : array of uint8
        UTF-8, end to end.
    offsets : array of int
        Where each begins, and the end of the last.
    """

    blob: npt.NDArray[np.uint8]
    offsets: npt.NDArray[Any]

    @classmethod
    def build(cls, strings: Iterable[str]) -> StringTable:
        """Pack strings."""
        encoded = [string.encode("utf-8", "replace") for string in strings]
        offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(item) for item in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), _narrow(offsets))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> str:
        start, end = int(self.offsets[index]), int(self.offsets[index + 1])
        return self.blob[start:end].tobytes().decode("utf-8")


def _by_hash(keys: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint32]]:
    hashes = np.fromiter((crc32(key.encode()) for key in keys), dtype=np.uint32, count=len(keys))
    order = np.argsort(hashes, kind="stable")
    return order, hashes[order]


@dataclass(frozen=True)
class KeyTable:
    """Exact look-up of keys in arrays sorted by hash.

    Attributes
    ----------
    hashes : array of uint32
        CRC-32 of each key, ascending.
    keys : StringTable
        The keys in the same order.
    starts : array of int
        Where each key's postings begin in `rows`.
    rows : array of int32
        Postings: rows of whatever the keys name.
    """

    hashes: npt.NDArray[np.uint32]
    keys: StringTable
    starts: npt.NDArray[Any]
    rows: npt.NDArray[np.int32]

    @classmethod
    def build(cls, postings: Mapping[str, Sequence[int]]) -> KeyTable:
        """Build from key -> rows."""
        keys = sorted(postings)
        counts = [len(postings[key]) for key in keys]
        rows = np.array([row for key in keys for row in sorted(postings[key])], dtype=np.int64)
        return cls.of_postings(keys, np.repeat(np.arange(len(keys)), counts), rows)

    @classmethod
    def of_postings(
        cls,
        keys: Sequence[str],
        owners: npt.NDArray[np.int64],
        postings: npt.NDArray[np.int64],
    ) -> KeyTable:
        """Build from sorted keys, and postings with the number of the key of each, in its order."""
        order, hashes = _by_hash(keys)
        counts = np.bincount(owners, minlength=len(keys))
        begins = np.concatenate([[0], np.cumsum(counts)])[:-1]
        starts = np.concatenate([[0], np.cumsum(counts[order])])
        # Where each posting of the new order stood in the old one.
        moved = np.repeat(begins[order] - starts[:-1], counts[order]) + np.arange(len(postings))
        return cls(
            hashes,
            StringTable.build(keys[at] for at in order),
            _narrow(starts),
            postings[moved].astype(np.int32),
        )

    def __getstate__(self) -> dict[str, Any]:
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @cached_property
    def _buckets(self) -> tuple[int, memoryview]:
        bits = max(1, min(20, len(self.hashes).bit_length()))
        edges = np.arange((1 << bits) + 1, dtype=np.uint64) << np.uint64(32 - bits)
        bounds = np.searchsorted(self.hashes, np.minimum(edges, 0xFFFFFFFF).astype(np.uint32))
        bounds[-1] = len(self.hashes)
        return 32 - bits, memoryview(bounds.astype(np.int64))

    def find(self, key: str) -> int:
        """Number of a key, or -1."""
        shift, bounds = self._buckets
        wanted = key.encode()
        code = crc32(wanted)
        bucket = code >> shift
        hashes = self._view
        for index in range(bounds[bucket], bounds[bucket + 1]):
            if hashes[index] == code and self.keys[index].encode() == wanted:
                return index
        return -1

    @cached_property
    def _view(self) -> memoryview:
        return _view(self.hashes)

    def __contains__(self, key: str) -> bool:
        return self.find(key) >= 0

    def get(self, key: str) -> list[int]:
        """Rows of a key; empty where there is none."""
        index = self.find(key)
        if index < 0:
            return []
        return [
            int(row) for row in self.rows[int(self.starts[index]) : int(self.starts[index + 1])]
        ]


def _view(array: npt.NDArray[Any]) -> memoryview:
    """A view whose elements are plain ints, read without numpy's overhead a time."""
    return memoryview(np.ascontiguousarray(array).data)


def _deletion_hashes(keys: StringTable) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int32]]:
    lengths = np.diff(keys.offsets)
    owner = np.repeat(np.arange(len(keys), dtype=np.int32), lengths)
    place = np.arange(len(keys.blob), dtype=np.int64) - np.repeat(keys.offsets[:-1], lengths)
    longest = int(lengths.max()) if len(lengths) else 0
    powers = np.ones(longest + 1, dtype=np.uint64)
    for index in range(1, longest + 1):
        powers[index] = (int(powers[index - 1]) * _BASE) & _MASK
    # A key's hash is sum(byte * BASE**(n - 1 - place)), plus BASE**n so that lengths differ.
    terms = keys.blob.astype(np.uint64) * powers[np.repeat(lengths, lengths) - 1 - place]
    running = np.zeros(len(terms) + 1, dtype=np.uint64)
    np.cumsum(terms, out=running[1:], dtype=np.uint64)
    before = running[:-1] - np.repeat(running[keys.offsets[:-1]], lengths)
    total = running[keys.offsets[1:]] - running[keys.offsets[:-1]]
    after = np.repeat(total, lengths) - before - terms
    deleted = before * np.uint64(_INVERSE) + after
    every = np.concatenate([total, deleted]) * np.uint64(_MIX)
    codes = (every >> np.uint64(32)).astype(np.uint32)
    owners = np.concatenate([np.arange(len(keys), dtype=np.int32), owner])
    order = np.argsort(codes, kind="stable")
    return codes[order], owners[order]


def _query_codes(key: bytes) -> list[int]:
    before, parts, running = [], [], 0
    power = 1
    terms = []
    for byte in reversed(key):
        terms.append(byte * power & _MASK)
        power = power * _BASE & _MASK
    terms.reverse()
    for term in terms:
        before.append(running)
        parts.append(term)
        running += term
    total = running & _MASK
    codes = {(total * _MIX & _MASK) >> 32: None}
    for left, term in zip(before, parts, strict=True):
        hashed = (left * _INVERSE + running - left - term) & _MASK
        codes[(hashed * _MIX & _MASK) >> 32] = None
    return list(codes)


@dataclass(frozen=True)
class FuzzyIndex:
    """Keys near a misspelt one, by shared one-deletion forms.

    Attributes
    ----------
    codes : array of uint32
        Hashes of all forms, ascending.
    owners : array of int32
        Key number of each form.
    keys : StringTable
        The keys.

    Examples
    --------
    >>> index = FuzzyIndex.build(["stepanakert", "shusha", "lachin"])
    >>> index.search("stepanakret")
    [('stepanakert', 1)]
    """

    codes: npt.NDArray[np.uint32]
    owners: npt.NDArray[np.int32]
    keys: StringTable

    @classmethod
    def build(cls, keys: Iterable[str]) -> FuzzyIndex:
        """Build from distinct keys."""
        table = StringTable.build(sorted(set(keys) - {""}))
        codes, owners = _deletion_hashes(table)
        return cls(codes, owners, table)

    def __getstate__(self) -> dict[str, Any]:
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @cached_property
    def _buckets(self) -> tuple[int, memoryview, memoryview, memoryview]:
        bits = max(1, min(21, len(self.codes).bit_length()))
        edges = np.arange((1 << bits) + 1, dtype=np.uint64) << np.uint64(32 - bits)
        bounds = np.searchsorted(self.codes, np.minimum(edges, 0xFFFFFFFF).astype(np.uint32))
        bounds[-1] = len(self.codes)
        return (
            32 - bits,
            memoryview(bounds.astype(np.int32)),
            _view(self.codes),
            _view(self.owners),
        )

    @cached_property
    def _texts(self) -> tuple[bytes, memoryview]:
        return self.keys.blob.tobytes(), _view(self.keys.offsets)

    def search(self, key: str, *, limit: int | None = None) -> list[tuple[str, int]]:
        """Find the keys nearest to a key.

        Parameters
        ----------
        key : str
            A folded name.
        limit : int, optional
            Largest OSA distance; by default 1 for up to five letters and 2 beyond. Keys of three
            letters and fewer have no near misses.

        Returns
        -------
        list of (str, int)
            Keys and distances, nearest first, then by key; only those at the least distance and
            one beyond.
        """
        if limit is None:
            limit = 0 if len(key) <= 3 else 1 if len(key) <= 5 else 2
        if not limit or not len(self.keys):
            return []
        shift, bounds, codes, owners = self._buckets
        blob, offsets = self._texts
        seen: set[int] = set()
        for code in _query_codes(key.encode()):
            bucket = code >> shift
            for index in range(bounds[bucket], bounds[bucket + 1]):
                if codes[index] == code:
                    seen.add(owners[index])
        found = []
        for owner in seen:
            text = blob[offsets[owner] : offsets[owner + 1]].decode()
            distance = OSA.distance(key, text, score_cutoff=limit)
            if distance <= limit:
                found.append((text, distance))
        if not found:
            return []
        found.sort(key=lambda item: (item[1], item[0]))
        return [item for item in found if item[1] <= found[0][1] + 1]
