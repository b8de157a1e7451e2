"""The stacks: compositions of constructs and their outputs."""

from ml_gateway.stacks.account_stack import AccountStack
from ml_gateway.stacks.api_stack import ApiStack
from ml_gateway.stacks.edge_stack import EdgeStack
from ml_gateway.stacks.keys_stack import KeysStack

__all__ = ["AccountStack", "ApiStack", "EdgeStack", "KeysStack"]
