"""The stacks: compositions of constructs and their outputs."""

from ml_gateway.stacks.account_stack import AccountStack
from ml_gateway.stacks.api_stack import EDGE_REGION, ApiStack
from ml_gateway.stacks.edge_stack import EdgeStack

__all__ = ["EDGE_REGION", "AccountStack", "ApiStack", "EdgeStack"]
