"""`ml-gateway init`: a folder that is a CDK app of one gateway."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rich.prompt import Prompt

from ml_gateway.cli.new_project import Answers, RefusedError, rendered
from ml_gateway.serving import ProtocolName

_NEEDED: Final = {"name": "the gateway's name, such as acme-ml", "url": "the URL of a model's server"}
_USUAL: Final = {"region": "us-east-1", "model": "predict", "protocol": "raw"}


def init(
    folder: Path = Path(),
    *,
    name: str | None = None,
    region: str | None = None,
    model: str | None = None,
    url: str | None = None,
    protocol: ProtocolName | None = None,
    environment: tuple[str, ...] = (),
) -> int:
    """Write a gateway's file and what the CDK CLI needs beside it, and ask for what is not given.

    Then `cdk synth`, `cdk diff` and `cdk deploy` work in that folder. No file is written over.

    Parameters
    ----------
    folder
        Where to write; it may be there already.
    name
        The gateway's name, which its stacks' names begin with.
    region
        Where the API lives.
    model
        The first model's name, which its path has.
    url
        The URL of the model's server: of a protocol what its own clients take.
    protocol
        What the server speaks.
    environment
        An environment with a file of its own, such as staging; again for the one that is deployed after it.
    """
    given = {"name": name, "region": region, "model": model, "url": url, "protocol": protocol}
    try:
        written = rendered(_asked(given), environment)
        write(folder, written)
    except RefusedError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print("\n".join(f"wrote {folder / file}" for file in written))
    begin = [f"cd {folder}"] if folder != Path() else []
    print("next:", *begin, "pip install -r requirements.txt", "npm install", "npx cdk synth", sep="\n  ")
    print("and with an account:", "npx cdk bootstrap", *_deploys(environment), sep="\n  ")
    return 0


def _deploys(environments: tuple[str, ...]) -> list[str]:
    return [f"npx cdk deploy --all -c config={each}.yaml" for each in environments] or ["npx cdk deploy --all"]


def write(folder: Path, written: Mapping[str, str]) -> None:
    """All of the files or none. Raises RefusedError if one is there already, or cannot be written."""
    taken = [str(folder / file) for file in written if (folder / file).exists()]
    if taken:
        raise RefusedError(f"{', '.join(taken)}: there already, and nothing is written over; name another folder")
    done: list[Path] = []
    try:
        for file, text in written.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            # Not one that is there meanwhile, or that a link leads to.
            with (folder / file).open("x") as new:
                done.append(folder / file)
                new.write(text)
    except OSError as error:
        for begun in done:
            begun.unlink(missing_ok=True)
        raise RefusedError(f"{folder}: cannot be written to: {(error.strerror or str(error)).lower()}") from None


def _asked(given: Mapping[str, str | None]) -> Answers:
    """What was given, and for the rest what somebody answers; without a terminal what is usual."""
    if sys.stdin.isatty():
        asked = {
            key: Prompt.ask(_NEEDED.get(key, key), default=_USUAL.get(key, "")) if value is None else value
            for key, value in given.items()
        }
        return Answers(**asked)
    missing = [f"--{key}" for key in _NEEDED if given[key] is None]
    if missing:
        raise RefusedError(f"there is no terminal to ask in; write {' and '.join(missing)}")
    return Answers(**{key: _USUAL[key] if value is None else value for key, value in given.items()})
