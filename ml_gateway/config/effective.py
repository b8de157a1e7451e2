"""What the edge does where the file does not say it: it follows from models and plans."""

import math
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from ml_gateway.config.models import ModelConfig
from ml_gateway.config.plans import PlanConfig
from ml_gateway.config.types.fields import KeyForm
from ml_gateway.config.types.quantities import FEWEST_IN_WINDOW, MOST_IN_WINDOW, RequestWindow
from ml_gateway.serving.limits import LONGEST_EDGE_TIMEOUT, USUAL_EDGE_TIMEOUT

USUAL_KEY_FORMS: Final[tuple[KeyForm, ...]] = ("x-api-key", "bearer")
"""What API Gateway reads itself, and what the OpenAI SDK sends."""


def needed_response_timeout(models: Iterable[ModelConfig]) -> timedelta:
    """How long CloudFront has to wait for the slowest of the models, as far as it can."""
    models = list(models)
    if any(model.streams for model in models):
        return LONGEST_EDGE_TIMEOUT
    longest = max(model.effective_timeout for model in models)
    second = timedelta(seconds=1)
    needed = -(-longest // second) * second + second
    return min(max(needed, USUAL_EDGE_TIMEOUT), LONGEST_EDGE_TIMEOUT)


def most_of_a_key(plans: Mapping[str, PlanConfig], window: RequestWindow) -> RequestWindow:
    """What the most generous plan lets through for one key in a window as long as this one, as far as WAF counts."""
    seconds = 60 * window.minutes
    most = max(plan.rate.per_second * seconds + plan.burst for plan in plans.values())
    return RequestWindow(math.ceil(min(max(most, FEWEST_IN_WINDOW), MOST_IN_WINDOW)), window.minutes)
