"""The reference tables of docs/, made from the code. What people wrote around them stays.

A page holds a table between `<!-- table: steps zh -->` and `<!-- /table -->`; `python -m tools.pages` writes what
stands between, and with --check says whether it is what the code says.
"""
