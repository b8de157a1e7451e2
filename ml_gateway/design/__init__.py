"""What a gateway means: every default filled in, every route once, who may call as one value."""

from ml_gateway.design.callers import Callers, Identified, Keyed, Open
from ml_gateway.design.clients import ClientDesign
from ml_gateway.design.edge import EdgeDesign
from ml_gateway.design.firewall import FirewallDesign
from ml_gateway.design.gateway import GatewayDesign
from ml_gateway.design.models import ModelDesign, backend_in
from ml_gateway.design.origin_name import OriginName
from ml_gateway.design.plans import MethodLimit, PlanDesign
from ml_gateway.design.regions import RegionDesign
from ml_gateway.design.rollouts import Rollback, Split
from ml_gateway.design.service_quotas import ServiceQuotas

__all__ = [
    "Callers",
    "ClientDesign",
    "EdgeDesign",
    "FirewallDesign",
    "GatewayDesign",
    "Identified",
    "Keyed",
    "MethodLimit",
    "ModelDesign",
    "Open",
    "OriginName",
    "PlanDesign",
    "RegionDesign",
    "Rollback",
    "ServiceQuotas",
    "Split",
    "backend_in",
]
