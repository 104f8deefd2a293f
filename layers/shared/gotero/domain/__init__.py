"""Nouns and rules: standard library only, no clock, no I/O."""
