"""The world beyond a pack: its names and its ground."""
