"""All house rules: docs/policy.md lists them."""

from typing import Final

from ml_gateway.policy.api_rules import API_RULES
from ml_gateway.policy.client_rules import CLIENT_RULES
from ml_gateway.policy.document_rules import DOCUMENT_RULES
from ml_gateway.policy.edge_rules import EDGE_RULES
from ml_gateway.policy.firewall_action_rules import FIREWALL_ACTION_RULES
from ml_gateway.policy.firewall_rules import FIREWALL_RULES
from ml_gateway.policy.house_rule import HouseRule
from ml_gateway.policy.identity_rules import IDENTITY_RULES
from ml_gateway.policy.integration_rules import INTEGRATION_RULES
from ml_gateway.policy.region_rules import REGION_RULES
from ml_gateway.policy.secret_rules import SECRET_RULES
from ml_gateway.policy.size_rules import SIZE_RULES
from ml_gateway.policy.version_rules import VERSION_RULES

HOUSE_RULES: Final[tuple[HouseRule, ...]] = (
    *API_RULES,
    *SECRET_RULES,
    *DOCUMENT_RULES,
    *INTEGRATION_RULES,
    *IDENTITY_RULES,
    *EDGE_RULES,
    *VERSION_RULES,
    *REGION_RULES,
    *CLIENT_RULES,
    *FIREWALL_RULES,
    *FIREWALL_ACTION_RULES,
    *SIZE_RULES,
)
