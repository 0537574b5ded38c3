"""The contract of connectors, as rules that anybody may ask: `yuhub connector check`, or one line in a test.

from connectors.sdk.testing import Twin, conformance

test_tax = conformance(Tax, Twin(app=create_app, accepted=count_accepted))
"""

from connectors.sdk.testing.suite import RULES, check, conformance
from connectors.sdk.testing.twin import Twin
from connectors.sdk.testing.verdicts import Rule, RuleOutcome, RuleVerdict

__all__ = ["RULES", "Rule", "RuleOutcome", "RuleVerdict", "Twin", "check", "conformance"]
