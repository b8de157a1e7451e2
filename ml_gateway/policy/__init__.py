"""Policy checks that run inside every synthesis, and how an exception to one of them is written down."""

from ml_gateway.policy.acknowledgments import acknowledge
from ml_gateway.policy.checks import add_policy_checks
from ml_gateway.policy.house_rule import HouseRule, house_rule
from ml_gateway.policy.plugin import HOUSE_RULES, SOURCE_METADATA, HouseRules

__all__ = [
    "HOUSE_RULES",
    "SOURCE_METADATA",
    "HouseRule",
    "HouseRules",
    "acknowledge",
    "add_policy_checks",
    "house_rule",
]
