"""Providers of mail: one folder each, nothing of theirs outside it."""
