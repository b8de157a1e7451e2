"""What `cdk bootstrap` leaves in a region that `cdk deploy` looks for, without a run of the CLI.

Of its template, lib/api/bootstrap/bootstrap-template.yaml of the package aws-cdk, the bucket of the assets and the
version. Not the repository of images, of which there are none, nor the roles: the local cloud lets the CLI take on any.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cloud import Cloud

STACK: Final = "CDKToolkit"
QUALIFIER: Final = "hnb659fds"
VERSION: Final = "33"
"""That of the CLI's template."""


def bootstrap(cloud: Cloud, regions: Iterable[str]) -> None:
    """Prepare `regions` for deployments; one that is prepared stays so."""
    for region in regions:
        client = CloudInventory(cloud).client("cloudformation", region)
        with suppress(client.exceptions.AlreadyExistsException):
            client.create_stack(StackName=STACK, TemplateBody=json.dumps(toolkit_template(cloud.account, region)))
        client.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})


def toolkit_template(account: str, region: str) -> dict[str, Any]:
    bucket = {"BucketName": f"cdk-{QUALIFIER}-assets-{account}-{region}"}
    version = {"Name": f"/cdk-bootstrap/{QUALIFIER}/version", "Type": "String", "Value": VERSION}
    return {
        "Resources": {
            "StagingBucket": {"Type": "AWS::S3::Bucket", "Properties": bucket},
            "CdkBootstrapVersion": {"Type": "AWS::SSM::Parameter", "Properties": version},
        },
        "Outputs": {
            "BucketName": {"Value": {"Ref": "StagingBucket"}},
            "BootstrapVersion": {"Value": VERSION},
        },
    }
