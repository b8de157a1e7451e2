"""Metrics of each model, alarms on them, and the dashboard.

Import this where a gateway has alerts, not at the top of a module that others load too: it needs parts of CDK that
nothing else here does. `gateway_dashboard` is left out for the same reason: it loads another library of constructs.
"""

from ml_gateway.constructs.alerts.api_alarms import ApiAlarms
from ml_gateway.constructs.alerts.api_traffic import ApiTraffic
from ml_gateway.constructs.alerts.edge_alarms import EdgeAlarms
from ml_gateway.constructs.alerts.traffic_metrics import TrafficMetrics

__all__ = ["ApiAlarms", "ApiTraffic", "EdgeAlarms", "TrafficMetrics"]
