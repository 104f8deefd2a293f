"""The laptop stack: MiniStack with named repairs, the deployer, two front doors, a mailbox and a clock that moves.

Nothing here is deployed. `python -m infra.local --help` lists the commands; the Makefile calls them.
"""
