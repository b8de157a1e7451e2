"""The authorizer as Lambda runs it: the files that a deploy uploads, in Node, with AWS's SDK and jose."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ml_gateway.functions import AuthorizerSettings, write_authorizer
from tests.synthesis import TOP, Json

NODE: Final = Path(sys.executable).with_name("node")
RUNNER: Final = Path(__file__).with_name("run.cjs")
API: Final = "arn:aws:execute-api:us-east-1:123456789012:abcdefghij"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the function answered, or the text that it threw; and the lines of its log."""

    answer: Json | None
    thrown: str | None
    log: list[Json]

    @property
    def client(self) -> str | None:
        return self.answer["context"]["client"] if self.answer else None

    @property
    def refused(self) -> str | None:
        """Why nobody is known by the credential, for the log."""
        assert self.thrown in (None, "Unauthorized", "Unavailable")
        return next((line["refused"] for line in self.log if "refused" in line), None)


class AuthorizerProcess:
    """Node with the function of these settings, as one environment of Lambda, until it is closed."""

    def __init__(self, settings: AuthorizerSettings, folder: Path, *, secrets: str, certificate: Path) -> None:
        write_authorizer(settings, folder, project=TOP)
        self._folder = folder
        self._fresh = True
        self.later = 0.0
        """By how many seconds the clock of its caches is ahead."""
        environment = {
            "PATH": os.environ["PATH"],
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL": secrets,
            "NODE_EXTRA_CA_CERTS": str(certificate),
            "NODE_PATH": str(TOP / "node_modules"),
        }
        self._node = subprocess.Popen(
            [NODE, RUNNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def renew(self) -> None:
        """As another environment of Lambda, which has read nothing, and whose clock is right."""
        self._fresh = True
        self.later = 0.0

    def ask(self, credential: str, **changes: Any) -> Said:
        """What it says of a request with that in X-Api-Key; `changes` are those of the event."""
        return self.ask_together([event_with(credential, **changes)])

    def ask_together(self, events: Sequence[Json]) -> Said:
        """Of several at the same time: the first answer."""
        assert self._node.stdin
        assert self._node.stdout
        asked = {
            "folder": str(self._folder),
            "events": list(events),
            "fresh": self._fresh,
            "later": self.later * 1000,
        }
        self._fresh = False
        self._node.stdin.write(f"{json.dumps(asked)}\n")
        self._node.stdin.flush()
        said = json.loads(self._node.stdout.readline())
        return Said(answer=said.get("answers", [None])[0], thrown=said.get("thrown"), log=said["log"])

    def close(self) -> None:
        self._node.communicate()


def event_with(credential: str, *, method_arn: str = f"{API}/v1/POST/predict", **changes: Any) -> Json:
    """Developer Guide, "Input to a Lambda authorizer"."""
    event = {
        "type": "REQUEST",
        "methodArn": method_arn,
        "headers": {"X-Api-Key": credential},
        "multiValueHeaders": {"X-Api-Key": [credential], "Accept": ["*/*"]},
        "requestContext": {"requestId": "id-of-the-request"},
    }
    return {**event, **changes}
