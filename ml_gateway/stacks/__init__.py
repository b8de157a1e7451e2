"""The stacks: compositions of constructs and their outputs."""

from ml_gateway.stacks.account_stack import AccountStack
from ml_gateway.stacks.api_stack import ApiStack
from ml_gateway.stacks.edge_stack import EdgeStack

__all__ = ["AccountStack", "ApiStack", "EdgeStack"]
