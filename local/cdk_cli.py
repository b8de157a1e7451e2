"""The real CDK CLI, run against the local cloud."""

import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import ClassVar, Final

from local.cloud import Cloud
from local.processes import LocalCloudError, child_environment, child_process, last_lines

REPOSITORY: Final = Path(__file__).parents[1]
CDK: Final = REPOSITORY / "node_modules" / ".bin" / "cdk"
SECONDS_FOR_ONE_RUN: Final = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class CdkRun:
    """How one run of the CLI ended; `log` has what it printed."""

    exit_code: int
    log: Path


class CdkCli:
    """Runs the commands that a person would type, with `app_module` as the app.

    Each run has an output directory and a log of its own below `directory`, so that no two of them collide.
    `context` is what every later run passes with `-c`; whoever wants another value changes it.
    """

    app_module: ClassVar = "local.app"

    def __init__(self, *, cloud: Cloud, directory: Path, context: Mapping[str, str]) -> None:
        if not CDK.exists():
            raise LocalCloudError(
                "the CDK CLI is not installed; `npm ci` installs it, and `make demo` does so by itself"
            )
        directory.mkdir()
        self.directory = directory
        self.context = dict(context)
        self._environment = child_environment(directory, _settings(cloud, directory))
        self._run_numbers = count(1)

    def bootstrap(self, account: str, regions: Sequence[str]) -> None:
        """Prepare the account's regions for deployments. No app is involved."""
        self._expect_success(self._run("bootstrap", *(f"aws://{account}/{region}" for region in regions)))

    def deploy(self, *stacks: str, options: Sequence[str] = ()) -> CdkRun:
        """Deploy `stacks` and those that they depend on; all of them when none is named. `options` are the CLI's."""
        named = stacks or ["--all"]
        return self._expect_success(self._run_with_app("deploy", *named, "--require-approval", "never", *options))

    def diff(self) -> CdkRun:
        """Compare what would be deployed with what is: the exit code is 0 when they are the same."""
        return self._run_with_app("diff", "--fail")

    def destroy(self) -> CdkRun:
        return self._expect_success(self._run_with_app("destroy", "--all", "--force"))

    def _run_with_app(self, command: str, *arguments: str) -> CdkRun:
        app = shlex.join([sys.executable, "-m", self.app_module])
        context = [part for name, value in self.context.items() for part in ("-c", f"{name}={value}")]
        return self._run(command, *arguments, "--app", app, *context, directory=REPOSITORY)

    def _run(self, command: str, *arguments: str, directory: Path | None = None) -> CdkRun:
        """Without a `directory` there is no cdk.json, and so no app, for the CLI to find."""
        name = f"{next(self._run_numbers):02}-{command}"
        log = self.directory / f"{name}.log"
        options = ["--output", str(self.directory / name), "--ci", "--yes", "--no-color", "--no-notices"]
        with child_process(
            [str(CDK), command, *arguments, *options, "--no-version-reporting"],
            environment=self._environment,
            log=log,
            directory=directory or self.directory,
        ) as process:
            try:
                return CdkRun(exit_code=process.wait(SECONDS_FOR_ONE_RUN), log=log)
            except subprocess.TimeoutExpired:
                message = f"cdk {command} took more than {SECONDS_FOR_ONE_RUN} s; the end of its output:"
                raise LocalCloudError(f"{message}\n{last_lines(log)}") from None

    @staticmethod
    def _expect_success(run: CdkRun) -> CdkRun:
        if run.exit_code:
            command = run.log.stem.partition("-")[2]
            raise LocalCloudError(
                f"cdk {command} failed with exit code {run.exit_code}; the end of its output:\n{last_lines(run.log)}"
            )
        return run


def _settings(cloud: Cloud, directory: Path) -> Mapping[str, str]:
    """Everything that would lead the CLI elsewhere is named, so that it can reach nothing but `cloud`."""
    nothing = str(directory / "no-aws-settings")
    return {
        "AWS_ENDPOINT_URL": cloud.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_CONFIG_FILE": nothing,
        "AWS_SHARED_CREDENTIALS_FILE": nothing,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_HOME": str(directory / "home"),
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "true",
        "CI": "true",
    }
