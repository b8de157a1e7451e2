"""What CloudWatch counts of one distribution and its function."""

from typing import Final

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch

from ml_gateway.constructs.alerts.api_metrics import PERIOD

FUNCTION_FAILURES: Final = {
    "FunctionExecutionErrors": "It threw",
    "FunctionValidationErrors": "It gave what is no request or answer",
    "FunctionThrottles": "It was throttled",
}
"""What goes wrong with a function (CloudFront Developer Guide, "Values for CloudFront function metrics"), and what that
says of it."""


def function_metric(function: cloudfront.IFunction, name: str, *, statistic: str, label: str) -> cloudwatch.Metric:
    """A metric of a CloudFront Function, wherever it runs."""
    return cloudwatch.Metric(
        namespace="AWS/CloudFront",
        metric_name=name,
        dimensions_map={"FunctionName": function.function_name, "Region": "Global"},
        statistic=statistic,
        label=label,
        period=PERIOD,
    )


def edge_metric(
    distribution: cloudfront.IDistribution, name: str, *, statistic: str, label: str | None = None
) -> cloudwatch.Metric:
    """A metric of CloudFront's own: Requests, or a rate in percent such as 5xxErrorRate.

    Not the distribution's `metric_...`: they leave out the dimension Region, and a metric is found by all of its
    dimensions or not at all.
    """
    return cloudwatch.Metric(
        namespace="AWS/CloudFront",
        metric_name=name,
        dimensions_map={"DistributionId": distribution.distribution_id, "Region": "Global"},
        statistic=statistic,
        label=label,
        period=PERIOD,
    )
