"""The alarm on the edge, in us-east-1."""

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from ml_gateway.config import Percentage
from ml_gateway.constructs.alerts.alarms import above_the_floor, define_alarm, define_alarm_topic
from ml_gateway.constructs.alerts.api_metrics import PERIOD
from ml_gateway.constructs.alerts.edge_metrics import edge_metric
from ml_gateway.constructs.edge_region import check_edge_region


class EdgeAlarms(Construct):
    """Mails when too many answers to viewers are 5xx, whether the API gave them or CloudFront itself.

    `errors`: the share of 5xx answers above which to tell. Errors: a stack outside us-east-1.
    """

    topic: sns.Topic

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        distribution: cloudfront.IDistribution,
        email: str,
        errors: Percentage,
    ) -> None:
        super().__init__(scope, construct_id)
        check_edge_region(self, "alarms on CloudFront's metrics")
        self.topic = define_alarm_topic(self, "Topic", email=email)
        define_alarm(
            self,
            "ServerErrors",
            value=cloudwatch.MathExpression(
                expression=above_the_floor("errors", requests="requests"),
                using_metrics={
                    "errors": edge_metric(distribution, "5xxErrorRate", statistic="Average"),
                    "requests": edge_metric(distribution, "Requests", statistic="Sum"),
                },
                label="5xx answers in 100",
                period=PERIOD,
            ),
            threshold=errors.percent,
            description=f"{gateway_name}: more than {errors} of what viewers get from the edge is 5xx",
            topic=self.topic,
        )
