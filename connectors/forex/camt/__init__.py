"""What banks say of money: ISO 20022 camt.052, camt.053 and camt.054, versions 02 to 13, read by one reader.

Elements are found by their local names, and each in every form that a version allows. `reader` goes from a page to its
entries, `money` says what amounts are, `said` who paid and what for, `keys` by what an entry is known again.
"""

from connectors.forex.camt.reader import read

__all__ = ["read"]
