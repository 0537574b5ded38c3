"""Units and packagings that can be typed; each authority's connector translates them into its own codes."""

UNITS = {
    "piece": "个",
    "item": "件",
    "set": "套",
    "pair": "双",
    "strip": "条",
    "stick": "支",
    "sheet": "张",
    "kilogram": "千克",
    "gram": "克",
    "metre": "米",
    "square metre": "平方米",
}
"""Name → Chinese."""

PACKAGINGS = {
    "wooden case": "木箱",
    "carton": "纸箱",
    "drum": "桶装",
    "bulk": "散装",
    "pallet": "托盘",
    "bag": "包",
    "other": "其他",
}
