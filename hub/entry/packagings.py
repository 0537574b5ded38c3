"""Packagings that can be typed; each authority's connector translates them into its own codes."""

PACKAGINGS = {
    "wooden case": "木箱",
    "carton": "纸箱",
    "drum": "桶装",
    "bulk": "散装",
    "pallet": "托盘",
    "bag": "包",
    "other": "其他",
}
"""Name → Chinese."""
