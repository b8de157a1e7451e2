"""Metrics of each model, alarms on them, and the dashboard.

Import this where a gateway has alerts, not at the top of a module that others load too: it needs parts of CDK that
nothing else here does. `gateway_dashboard` is left out for the same reason: it loads another library of constructs.
"""

from ml_gateway.constructs.alerts.api_alarms import ApiAlarms
from ml_gateway.constructs.alerts.api_metrics import ApiMetrics
from ml_gateway.constructs.alerts.edge_alarms import EdgeAlarms
from ml_gateway.constructs.alerts.model_metrics import ModelMetrics

__all__ = ["ApiAlarms", "ApiMetrics", "EdgeAlarms", "ModelMetrics"]
