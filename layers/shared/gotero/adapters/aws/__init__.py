"""Thin, typed clients of AWS services that are not storage."""
