"""The function as Lambda runs it: the files that a deploy uploads, in Node, and events as AWS sends them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from ml_gateway.functions import OverridesSettings, RollbackSettings
from tests.overrides.servers import ARN, CREDENTIALS, AnswersServer, StoreServer
from tests.synthesis import Json

NODE: Final = Path(sys.executable).with_name("node")
RUNNER: Final = Path(__file__).with_name("run.cjs")

FRAUD: Final = {"v1": 90, "v2": 10}
TRIO: Final = {"v1": 80, "v2": 15, "v3": 5}
SETTINGS: Final = OverridesSettings(
    models={
        "fraud": FRAUD,
        "trio": TRIO,
        # A name as good as any other.
        "constructor": {"v1": 60, "v2": 40},
        "waiting": {"v1": 100, "v2": 0},
    },
    alarms={
        f"acme-{model}--{version}-errors": RollbackSettings(model=model, version=version, to="v1")
        for model, version in [
            ("fraud", "v2"),
            ("trio", "v2"),
            ("trio", "v3"),
            ("constructor", "v2"),
            ("waiting", "v2"),
        ]
    },
)

LOG_STREAM: Final = "2026/11/27/[$LATEST]0123456789abcdef"
ENVIRONMENT: Final = {
    "STORE": ARN,
    "AWS_ACCESS_KEY_ID": CREDENTIALS.access_key,
    "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret,
    "AWS_SESSION_TOKEN": CREDENTIALS.token,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """The text that the function threw, and the lines of its log."""

    thrown: str | None
    log: list[Json]


@dataclass(frozen=True, kw_only=True)
class Function:
    """The code in a folder, beside a store and somebody who waits for answers."""

    folder: Path
    node: "NodeProcess"
    store: StoreServer
    answers: AnswersServer

    def handle(self, *events: Any, environment: Mapping[str, str] | None = None, offline: bool = False) -> Said:
        """All at once, in one environment of Lambda. `environment`: what variables are changed."""
        return self.node.run(
            {
                "folder": str(self.folder),
                "events": events,
                "context": {"logStreamName": LOG_STREAM},
                "environment": {
                    **ENVIRONMENT,
                    "AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE": self.store.url,
                    **(environment or {}),
                },
                "offline": offline,
            }
        )

    def deploy(self, request: str, split: Any, *, model: Any = "fraud", **changes: Any) -> Json:
        """What CloudFormation is answered to that request for a model with these shares."""
        properties = {"ServiceToken": "arn:aws:lambda:...", "Model": model, "Split": split}
        self.handle(deploy_event(request, properties, answers=self.answers, **changes))
        (answer,) = self.answers.received
        self.answers.received.clear()
        told: Json = json.loads(answer.body)
        return told

    def with_code(self, file: str, right: str, wrong: str, folder: Path) -> "Function":
        """The same with `wrong` in place of `right`, which stands once in that file."""
        for source in (*self.folder.glob("*.js"), self.folder / "config.json"):
            shutil.copyfile(source, folder / source.name)
        (folder / "node_modules").symlink_to(self.folder / "node_modules")
        code = (folder / file).read_text()
        assert code.count(right) == 1, right
        (folder / file).write_text(code.replace(right, wrong))
        return replace(self, folder=folder)


class NodeProcess:
    """Node, for many events one after another."""

    def __init__(self) -> None:
        self._node = subprocess.Popen(
            [NODE, RUNNER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PATH": os.environ["PATH"]},
        )

    def run(self, asked: Json) -> Said:
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(f"{json.dumps(asked)}\n")
        self._node.stdin.flush()
        said = json.loads(self._node.stdout.readline())
        return Said(thrown=said.get("thrown"), log=said["log"])

    def close(self) -> None:
        self._node.communicate()


def alarm(name: Any, *, state: Any = "ALARM", region: str = "eu-west-1", **changes: Any) -> Json:
    """CloudWatch User Guide, "Alarm events and EventBridge"."""
    event = {
        "version": "0",
        "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": "123456789012",
        "time": "2026-11-27T08:00:00Z",
        "region": region,
        "resources": [f"arn:aws:cloudwatch:{region}:123456789012:alarm:{name}"],
        "detail": {
            "alarmName": name,
            "state": {"value": state, "reason": "Threshold Crossed"},
            "previousState": {"value": "OK"},
        },
    }
    return {**event, **changes}


def deploy_event(request: str, properties: Any, *, answers: AnswersServer, **changes: Any) -> Json:
    """CloudFormation Template Reference Guide, "Custom resource request objects"."""
    event = {
        "RequestType": request,
        "ResponseURL": f"{answers.url}/arn%3Aaws%3Acloudformation/stack%7CFraudSplit?X-Amz-Signature=0a%2Fb",
        "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/acme-edge/0",
        "RequestId": "id-of-the-request",
        "LogicalResourceId": "FraudSplit",
        "ResourceType": "Custom::ModelSplit",
        "ResourceProperties": properties,
    }
    if request != "Create":
        event["PhysicalResourceId"] = "the id of before"
    return {**event, **changes}


def override(split: Mapping[str, int], instead_of: Mapping[str, int]) -> str:
    """The value that has one, to the letter."""
    return json.dumps({"split": split, "instead_of": instead_of}, separators=(",", ":"))
