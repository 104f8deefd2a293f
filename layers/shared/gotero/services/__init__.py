"""Verbs: one use case a file, over the ports it asks for."""
