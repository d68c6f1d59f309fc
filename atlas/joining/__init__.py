"""Events and the record: who held the place an event happened at, on its day."""
