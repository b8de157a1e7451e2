"""The real CDK CLI, run against the local cloud."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import ClassVar, Final

from ml_gateway.local.cloud import Cloud
from ml_gateway.local.processes import LocalCloudError, child_environment, child_process, last_lines

CDK_SETTINGS: Final = "cdk.json"
SECONDS_FOR_ONE_RUN: Final = 300
WITHOUT_CHANGE_SETS: Final = ("--method", "direct")
"""Nobody looks at them here, and the CLI compares each with the templates, a third of its run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CdkRun:
    """How one run of the CLI ended; `log` has what it printed."""

    exit_code: int
    log: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningCdk:
    """A run of the CLI that has not ended, or not yet been waited for."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def command(self) -> str:
        return self.log.stem.partition("-")[2]

    def wait(self) -> CdkRun:
        try:
            return CdkRun(exit_code=self.process.wait(SECONDS_FOR_ONE_RUN), log=self.log)
        except subprocess.TimeoutExpired:
            message = f"cdk {self.command} took more than {SECONDS_FOR_ONE_RUN} s; the end of its output:"
            raise LocalCloudError(f"{message}\n{last_lines(self.log)}") from None


class CdkCli:
    """Runs the commands that a person would type, with `app_module` as the app.

    `project` is the folder whose cdk.json it reads, with the flags of what would be deployed, and in whose node_modules
    it is installed, unless it is found on the PATH. `app` is what the CLI is told to run for it; whoever has an
    assembly already names its directory there.
    Each run has an output directory and a log of its own below `directory`, so that no two of them collide.
    `context` is what every later run passes with `-c`; whoever wants another value changes it.
    """

    app_module: ClassVar = "ml_gateway.local.app"

    def __init__(self, *, cloud: Cloud, directory: Path, context: Mapping[str, str], project: Path = Path()) -> None:
        self._project = project.resolve()
        self._cdk = _installed_in(self._project)
        directory.mkdir()
        self.directory = directory
        self.context = dict(context)
        self.app = shlex.join([sys.executable, "-m", self.app_module])
        self._environment = child_environment(directory, _settings(cloud, directory))
        self._run_numbers = count(1)

    def deploy(self, *stacks: str, options: Sequence[str] = WITHOUT_CHANGE_SETS) -> CdkRun:
        """Deploy `stacks` and those that they depend on; all of them when none is named. `options` are the CLI's."""
        named = stacks or ["--all"]
        return self._expect_success(self._run("deploy", *named, "--require-approval", "never", *options))

    def deploying(self) -> AbstractContextManager[RunningCdk]:
        """Deploy all stacks, by change sets as a pipeline does it, while the block runs. A run that the block does not
        wait for is stopped."""
        return self._started("deploy", "--all", "--require-approval", "never")

    def diff(self) -> CdkRun:
        """Compare what would be deployed with what is: the exit code is 0 when they are the same."""
        return self._run("diff", "--fail")

    def destroy(self, *stacks: str) -> CdkRun:
        """Destroy `stacks`, which may be options of the CLI; all of them when none is named."""
        named = stacks or ["--all"]
        return self._expect_success(self._run("destroy", *named, "--force"))

    def _run(self, command: str, *arguments: str) -> CdkRun:
        with self._started(command, *arguments) as running:
            return running.wait()

    @contextmanager
    def _started(self, command: str, *arguments: str) -> Iterator[RunningCdk]:
        context = [part for name, value in self.context.items() for part in ("-c", f"{name}={value}")]
        name = f"{next(self._run_numbers):02}-{command}"
        log = self.directory / f"{name}.log"
        options = ["--output", str(self.directory / name), "--ci", "--yes", "--no-color", "--no-notices"]
        with child_process(
            [self._cdk, command, *arguments, "--app", self.app, *context, *options, "--no-version-reporting"],
            environment=self._environment,
            log=log,
            directory=self._project,
        ) as process:
            yield RunningCdk(process=process, log=log)

    @staticmethod
    def _expect_success(run: CdkRun) -> CdkRun:
        if run.exit_code:
            command = run.log.stem.partition("-")[2]
            raise LocalCloudError(
                f"cdk {command} failed with exit code {run.exit_code}; the end of its output:\n{last_lines(run.log)}"
            )
        return run


def _installed_in(project: Path) -> str:
    """The path of the CLI. Raises LocalCloudError where there is none, or nothing that it could work on."""
    if not (project / CDK_SETTINGS).is_file():
        raise LocalCloudError(f"there is no {CDK_SETTINGS} in {project}; go to the folder that ml-gateway init wrote")
    own = project / "node_modules" / ".bin" / "cdk"
    found = str(own) if own.exists() else shutil.which("cdk")
    if found is None:
        raise LocalCloudError(f"the CDK CLI is not installed; npm install does so in {project}")
    return found


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
        # Each run would compile megabytes again.
        "NODE_COMPILE_CACHE": str(cloud.directory / "compiled"),
        # Seconds of each run: what is deployed here was validated by `cdk synth`, and is by tests/policy.
        "CDK_VALIDATION": "false",
        # The app may be found by this process alone, as in a repository.
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
