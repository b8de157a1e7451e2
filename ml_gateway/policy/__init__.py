"""Policy checks that run inside every synthesis, and how an exception to one of them is written down."""

from ml_gateway.policy.acknowledgments import acknowledge
from ml_gateway.policy.checks import add_policy_checks

__all__ = ["acknowledge", "add_policy_checks"]
