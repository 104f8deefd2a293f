"""The lake: versions of rows as immutable parts in S3, listed by a manifest, read by DuckDB in this process.

<dataset>/manifest.json            which parts there are; the one object that changes, by conditional write
<dataset>/part/<level>-<unique>.…  rows: gzipped JSON lines as they arrive (level 0), Parquet once folded

A dataset is a module (`contacts`), or one beside them (columns.py). Nothing here is the truth: all of it can be rebuilt
from DynamoDB.
"""
