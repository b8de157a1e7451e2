"""An AWS account as the place of a run: whose credentials the environment has."""

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import boto3  # type: ignore[import-untyped]  # it has no stubs
import jwt
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]  # neither has this
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from live.caller import Caller
from live.echo_stack import ECHO_URL
from live.place import DeployError, PlaceName, RefusalError, ends_of
from live.plan import Beside, Brought, Plan, TwoRegions, new_name, regions
from ml_gateway.config.edge import LONGEST_CERTIFICATE_NAME
from ml_gateway.local.processes import child_process
from ml_gateway.naming import EDGE_REGION

CDK: Final = Path("node_modules") / ".bin" / "cdk"
BOOTSTRAP: Final = "/cdk-bootstrap/hnb659fds/version"
KEY_ID: Final = "live"
LONGEST_ZONE_NAME: Final = LONGEST_CERTIFICATE_NAME - len("origin.") - len(new_name()) - len(".")
SECONDS_FOR_A_DEPLOY: Final = 45 * 60


class Account:
    """The account of the credentials that boto3 finds, which the CDK CLI finds as well."""

    name: PlaceName = "aws"
    patience = 45 * 60.0
    pause = 10.0

    def __init__(
        self, directory: Path, *, zone: str | None = None, second_region: str | None = None, vpc: bool = False
    ) -> None:
        """`zone`: the id of a public hosted zone. With a `second_region` it is for a gateway in two regions. `vpc`:
        whether the run may define one."""
        self.directory = directory
        self.brought = Brought(vpc=vpc)
        self._asked_for = (zone, second_region)
        self._signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._issuer = ""
        self._known: list[str] = []

    @cached_property
    def _session(self) -> Any:
        return boto3.Session()

    def client(self, service: str, region: str = EDGE_REGION) -> Any:
        return self._session.client(service, region_name=region)

    def expect_ready(self) -> None:
        try:
            self._expect_aws()
            self._known.append(self.client("sts").get_caller_identity()["Account"])
            self.brought = replace(self.brought, two_regions=self._find_two_regions(*self._asked_for))
            for region in regions(self.brought):
                self._expect_prepared(region)
        except BotoCoreError as error:
            raise RefusalError(
                f"there are no AWS credentials that work ({type(error).__name__}): log in, for instance with aws sso "
                "login, and set AWS_PROFILE; a profile that asks for a code of MFA has to be turned into temporary "
                "credentials first (docs/live.md)"
            ) from error
        except ClientError as error:
            raise RefusalError(
                f"AWS refused {error.operation_name}: {error.response['Error']['Code']}; docs/live.md says which "
                "permissions a run takes"
            ) from error

    def _expect_aws(self) -> None:
        """An emulator that the environment leads to would be a witness of nothing, and its report would say `aws`."""
        for service in ("sts", "cloudformation", "cloudfront", "wafv2"):
            address = self.client(service).meta.endpoint_url
            if not (urlsplit(address).hostname or "").endswith(".amazonaws.com"):
                raise RefusalError(f"{service} is asked at {address}, which is not AWS; unset AWS_ENDPOINT_URL")

    def _find_two_regions(self, zone: str | None, second_region: str | None) -> TwoRegions | None:
        if zone is None or second_region is None:
            return None
        self._known.append(zone)
        client = self.client("route53")
        try:
            found = client.get_hosted_zone(Id=zone)["HostedZone"]
        except (client.exceptions.NoSuchHostedZone, client.exceptions.InvalidInput):
            raise RefusalError(f"there is no hosted zone {zone} in the account; ZONE= takes its id") from None
        if found["Config"].get("PrivateZone"):
            raise RefusalError(
                f"{zone} is a private zone, in which nobody's certificate is validated; name a public one"
            )
        zone_name = str(found["Name"]).rstrip(".")
        self._known.append(zone_name)
        if len(zone_name) > LONGEST_ZONE_NAME:
            raise RefusalError(
                f"{zone_name} is too long: with a name of the run's before it no certificate takes it; name a zone of "
                f"up to {LONGEST_ZONE_NAME} characters"
            )
        return TwoRegions(zone=zone, zone_name=zone_name, second_region=second_region)

    def _expect_prepared(self, region: str) -> None:
        parameters = self.client("ssm", region)
        try:
            parameters.get_parameter(Name=BOOTSTRAP)
        except parameters.exceptions.ParameterNotFound:
            raise RefusalError(f"{region} is not bootstrapped: npx cdk bootstrap aws://<account>/{region}") from None
        if not self.client("apigateway", region).get_account().get("cloudwatchRoleArn"):
            raise RefusalError(
                f"API Gateway has no role to write logs with in {region}, and no stage with a log can be deployed: "
                "docs/deploying.md says how to give it one, for the whole account"
            )

    def start_server(self, name: str, word: str, version: str) -> Beside:
        public = RSAAlgorithm.to_jwk(self._signing_key.public_key(), as_dict=True)
        keys = {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}
        self.deploy(Plan(name=name, echo={"ECHO_WORD": word, "ISSUER_KEYS": json.dumps(keys)}))
        (stack,) = self.client("cloudformation").describe_stacks(StackName=f"{name}-echo")["Stacks"]
        (url,) = [each["OutputValue"] for each in stack["Outputs"] if each["OutputKey"] == ECHO_URL]
        self._issuer = f"{url}/{word}/issuer"
        self._known.append(str(urlsplit(url).hostname))
        return Beside(echo=f"{url}/{word}", issuer=self._issuer, version=version)

    def plan(self, name: str, files: tuple[str, ...]) -> Plan:
        return Plan(name=name, files=files)

    def deploy(self, plan: Plan) -> None:
        log = self.directory / f"deploy-{time.time_ns()}.log"
        app = shlex.join([sys.executable, "-m", "live.app"])
        written = plan.write(self.directory)
        command = [str(CDK.resolve()), "deploy", "--all", "--app", app, "-c", f"plan={written}", "--output"]
        command += [str(self.directory / "cdk.out"), "--require-approval", "never", "--concurrency", "2", "--ci"]
        environment = {**os.environ, "AWS_REGION": EDGE_REGION}
        code = None
        with (
            child_process(command, environment=environment, log=log, directory=Path.cwd()) as process,
            suppress(subprocess.TimeoutExpired),
        ):
            code = process.wait(SECONDS_FOR_A_DEPLOY)
        if code != 0:
            raise DeployError(ends_of(log.read_text(errors="replace")))

    def edge(self, domain: str) -> Caller:
        self._known.append(domain)
        return Caller(f"https://{domain}")

    def api(self, invoke_url: str) -> Caller:
        self._known.append(str(urlsplit(invoke_url).hostname))
        return Caller(invoke_url.rstrip("/"))

    def vpc_links(self) -> list[Any]:
        client, found, after = self.client("apigatewayv2"), list[Any](), dict[str, str]()
        while True:
            page = client.get_vpc_links(**after)
            found += page["Items"]
            if not page.get("NextToken"):
                return found
            after = {"NextToken": page["NextToken"]}

    def sign(self, claims: Mapping[str, Any]) -> str:
        said = {"iss": self._issuer, **claims}
        return jwt.encode(said, self._signing_key, algorithm="RS256", headers={"kid": KEY_ID})

    def secrets(self) -> list[str]:
        return list(self._known)
