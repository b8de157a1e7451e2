"""The VPC of the examples that have one."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ml_gateway import acknowledge


class PrivateNetwork(Construct):
    """Two subnets that no route leads out of or into; what they need of AWS they reach through VPC endpoints.

    No NAT gateway: what runs here reaches nothing of the internet, whatever a security group says. `services` are the
    endpoints by their construct id, closed to all but whom `let_reach_services` lets in. They have no policy of their
    own: who brings credentials of another account in here may write to that account through them. Flow logs, and
    access logs of load balancers, go to `logs_bucket`, which keeps them for 90 days.
    """

    vpc: ec2.Vpc
    logs_bucket: s3.Bucket

    def __init__(
        self, scope: Construct, construct_id: str, *, services: Mapping[str, ec2.InterfaceVpcEndpointAwsService]
    ) -> None:
        super().__init__(scope, construct_id)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=0,
            restrict_default_security_group=True,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
            ],
        )
        self.logs_bucket = self._define_logs_bucket()
        self.vpc.add_flow_log("FlowLog", destination=ec2.FlowLogDestination.to_s3(self.logs_bucket, "flow-logs"))
        self._endpoints = self.define_security_group(self, "EndpointsGroup", "VPC endpoints")
        for name, service in services.items():
            self.vpc.add_interface_endpoint(name, service=service, open=False, security_groups=[self._endpoints])

    @property
    def subnet_ids(self) -> list[str]:
        return [subnet.subnet_id for subnet in self.vpc.isolated_subnets]

    def define_security_group(self, scope: Construct, construct_id: str, description: str) -> ec2.SecurityGroup:
        """A group that lets nothing in and nothing out, until a connection is allowed."""
        return ec2.SecurityGroup(scope, construct_id, vpc=self.vpc, description=description, allow_all_outbound=False)

    def let_reach_services(self, group: ec2.SecurityGroup) -> None:
        """Let what is in `group` speak to the VPC endpoints."""
        self._endpoints.connections.allow_from(group, ec2.Port.tcp(443))

    def _define_logs_bucket(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Logs",
            # An ALB cannot write to a bucket that is encrypted with a key of KMS.
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(90))],
        )
        acknowledge(bucket, "AwsSolutions-S1", "it holds logs itself: logging who reads the logs would never end")
        return bucket
