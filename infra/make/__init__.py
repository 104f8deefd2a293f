"""The longer recipes of the Makefile."""
