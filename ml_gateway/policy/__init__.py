"""Policy checks that run inside every synthesis, and how an exception to one of them is written down."""

from ml_gateway.policy.acknowledgments import acknowledge
from ml_gateway.policy.checks import add_policy_checks
from ml_gateway.policy.finding import Finding
from ml_gateway.policy.house_rule import HouseRule, house_rule
from ml_gateway.policy.house_rules import HOUSE_RULES
from ml_gateway.policy.house_rules_plugin import SOURCE_METADATA, HouseRulesPlugin
from ml_gateway.policy.template import Place, Template

__all__ = [
    "HOUSE_RULES",
    "SOURCE_METADATA",
    "Finding",
    "HouseRule",
    "HouseRulesPlugin",
    "Place",
    "Template",
    "acknowledge",
    "add_policy_checks",
    "house_rule",
]
