"""Where a backend keeps what all its routes share, and what it says at synthesis."""

from collections.abc import Callable
from typing import Final

from aws_cdk import Annotations
from constructs import Construct

from ml_gateway import naming

_STAGE_NAME: Final = "ml_gateway:stage_name"


def namespace(scope: Construct, name: str, *, first: Callable[[Construct], None] | None = None) -> Construct:
    """The construct called `name` in `scope`, defined when it is first asked for; `first` gets it then, once."""
    found = scope.node.try_find_child(name)
    if isinstance(found, Construct):
        return found
    own = Construct(scope, name)
    if first:
        first(own)
    return own


def tell(own: Construct, note: str, text: str) -> None:
    """An annotation that synthesis prints, and that `--strict` lets pass: whether it concerns somebody, only they know.

    `Annotations.of(...).acknowledge_info("MlGateway::<note>", "why")` on that construct, or around it, silences it.
    """
    Annotations.of(own).add_info_v2(naming.annotation(note), text)


def name_stage(scope: Construct, stage_name: str) -> None:
    """Let the backends in `scope` know the stage of their API. Before anything is defined there."""
    scope.node.set_context(_STAGE_NAME, stage_name)


def stage_of(scope: Construct) -> str:
    """The name of the stage; what stands for it where `scope` was not told."""
    return scope.node.try_get_context(_STAGE_NAME) or "<stage>"
