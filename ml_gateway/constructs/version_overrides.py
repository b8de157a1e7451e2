"""What changes the shares of versions at once, without a deploy. Loaded by gateways that split models alone."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final

from aws_cdk import CustomResource, Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IDependable

from ml_gateway import naming
from ml_gateway.config.logs import USUAL_RETENTION
from ml_gateway.constructs.edge_region import check_edge_region
from ml_gateway.constructs.log_group import define_log_group
from ml_gateway.constructs.rollback_events import alarm_events
from ml_gateway.design import Split
from ml_gateway.functions import OverridesSettings, RollbackSettings, write_overrides

STORE_ACTIONS: Final = ("DeleteKey", "DescribeKeyValueStore", "GetKey", "PutKey")
"""What it takes to write a key, and to take one away: each write names the store's ETag."""

_TIMEOUT: Final = Duration.seconds(60)
_LONGEST_WAIT: Final = Duration.minutes(2)
"""Of CloudFormation for the function, in place of an hour."""


class VersionOverrides(Construct):
    """A store of shares that stand in for those of `splits`, and the function that writes it, in us-east-1.

    Edge functions read the `store`. An override names the shares of the file that it stands in for, and counts for
    nothing beside others; those that a deploy leaves behind are taken away at its end (`follow`). `rollbacks`: what an
    alarm of that name does, in this region or forwarded to its default bus from another one.

    `log_retention`: one of the periods that CloudWatch Logs offers. `encryption_key` encrypts the log. Errors: a stack
    outside us-east-1; what signs the requests to the store is missing in the node_modules of the folder that the app
    runs in, or is of another version (docs/rollouts.md).
    """

    store: cloudfront.KeyValueStore
    function: lambda_.Function

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        splits: Sequence[Split],
        rollbacks: Mapping[str, RollbackSettings] = MappingProxyType({}),
        log_retention: timedelta = USUAL_RETENTION,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        check_edge_region(self, "what rolls versions back")
        self._splits = splits
        self.store = cloudfront.KeyValueStore(
            self, "Store", comment=f"{gateway_name}: shares of versions in place of those that were deployed"
        )
        log_group = define_log_group(self, "Log", retention=log_retention, encryption_key=encryption_key)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        role.add_to_policy(
            iam.PolicyStatement(
                actions=[f"cloudfront-keyvaluestore:{action}" for action in STORE_ACTIONS],
                resources=[self.store.key_value_store_arn],
            )
        )
        settings = OverridesSettings(
            models={split.model: dict(split.shares) for split in splits}, alarms=dict(rollbacks)
        )
        with TemporaryDirectory() as folder:
            # It is copied into the assembly while the function is defined.
            write_overrides(settings, Path(folder), project=Path.cwd())
            self.function = lambda_.Function(
                self,
                "Function",
                code=lambda_.Code.from_asset(folder),
                handler="index.handler",
                runtime=lambda_.Runtime.NODEJS_24_X,
                description=f"{gateway_name}: writes and takes away shares that stand in for those of the file",
                role=role,
                log_group=log_group,
                timeout=_TIMEOUT,
                environment={"STORE": self.store.key_value_store_arn},
            )
        if rollbacks:
            events.Rule(
                self,
                "Rollback",
                description="A version fails in some region: its callers get another one",
                event_pattern=alarm_events(rollbacks),
                targets=[targets.LambdaFunction(self.function)],
            )

    def follow(self, *deployed: IDependable) -> None:
        """Take away what stands in for shares that are none any more, once `deployed` is.

        A custom resource for each model: other shares are another one to CloudFormation, which deletes the one before
        when all else is done, or the new one where a deploy is rolled back.
        """
        shares = Construct(self, "Shares")
        for split in self._splits:
            resource = CustomResource(
                shares,
                split.model,
                service_token=self.function.function_arn,
                resource_type=naming.SHARES_TYPE,
                service_timeout=_LONGEST_WAIT,
                properties={"Model": split.model, "Split": dict(split.shares)},
            )
            resource.node.add_dependency(self.function, *deployed)

    @property
    def show_command(self) -> str:
        return f"aws cloudfront-keyvaluestore list-keys --kvs-arn {self.store.key_value_store_arn}"

    @property
    def write_command(self) -> str:
        """With the model, the shares and those of the file to be put in."""
        value = '{"split": {"v1": 100, "v2": 0}, "instead_of": {"v1": 90, "v2": 10}}'
        return self._changing("put-key", f" --value '{value}'")

    @property
    def release_command(self) -> str:
        return self._changing("delete-key")

    def _changing(self, verb: str, more: str = "") -> str:
        store = f"--kvs-arn {self.store.key_value_store_arn}"
        etag = f"$(aws cloudfront-keyvaluestore describe-key-value-store {store} --query ETag --output text)"
        return f"aws cloudfront-keyvaluestore {verb} {store} --key <model>{more} --if-match {etag}"
