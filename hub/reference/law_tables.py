"""Tables of docs/rules.md."""

from __future__ import annotations

from hub.dossiers.anchors import Anchor
from hub.reference.words import code, codes, markdown_table, phrase, titles
from hub.rules.entry_rules import RULES
from hub.rules.rule_book import RuleEdition


def rules(language: str) -> str:
    """Every rule with its editions, in the order in which they are judged."""
    en = "rule, edition, anchor, severity, source, reads, says"
    head = titles(language, "规则、版本、锚点、程度、依据、读取、用语", en)
    rows = (
        (
            code(rule.code),
            _period(edition, language),
            code(rule.anchor),
            code(edition.severity),
            edition.source,
            codes(rule.reads) or "—",
            codes(rule.says),
        )
        for rule in RULES.rules
        for edition in rule.editions
    )
    return markdown_table(head, rows)


def _period(edition: RuleEdition, language: str) -> str:
    if edition.since is None and edition.until is None:
        return "一直" if language == "zh" else "always"
    return f"{edition.since or '…'} – {edition.until or '…'}"


def anchors(language: str) -> str:
    """Every event that a law counts from."""
    head = titles(language, "锚点、事件", "anchor, event")
    return markdown_table(head, ((code(one), phrase("anchors", one, language)) for one in Anchor))
