"""Every word the page, the site and the figures say, one file a language."""

from atlas.words.load import Language, shipped, spoken, word_faults

__all__ = ["Language", "shipped", "spoken", "word_faults"]
