"""A synthesized assembly (a cdk.out folder), as far as a review looks at it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Json = dict[str, Any]


class AssemblyError(Exception):
    """The folder is not an assembly that can be read."""


class _Read(BaseModel):
    """Immutable value read from a file that is CDK's, not ours: what a review does not need is let through."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Resource(_Read):
    """A resource of a template."""

    type: str = Field(alias="Type")
    properties: Json = Field(default_factory=dict, alias="Properties")

    @property
    def attributes(self) -> Json:
        """What stands beside the properties, `DeletionPolicy` for example; not the metadata: no deploy acts on them."""
        return {name: value for name, value in (self.model_extra or {}).items() if name != "Metadata"}

    @property
    def metadata(self) -> Json:
        """What the template says about the resource, and no service gets."""
        found = (self.model_extra or {}).get("Metadata")
        return found if isinstance(found, dict) else {}


class Template(_Read):
    """A stack's template: logical id -> resource, name -> output."""

    resources: dict[str, Resource] = Field(default_factory=dict, alias="Resources")
    outputs: dict[str, Json] = Field(default_factory=dict, alias="Outputs")


class StackId(NamedTuple):
    """What makes a stack the same one in two assemblies. In another region it is another stack."""

    name: str
    region: str


Assembly = Mapping[StackId, Template]


class _Artifact(_Read):
    type: str
    environment: str = ""
    properties: Json = Field(default_factory=dict)


class _Manifest(_Read):
    artifacts: dict[str, _Artifact]


def read_assembly(folder: Path) -> Assembly:
    """Every stack of the assembly in `folder`, those of its stages too.

    Errors: `AssemblyError`, naming the file, if something is missing, not what CDK writes, or outside the folder.
    """
    assembly: dict[StackId, Template] = {}
    for stack, template in _read_stacks(folder):
        if stack in assembly:
            raise AssemblyError(f"{folder}: two stacks are named {stack.name} in {stack.region}")
        assembly[stack] = template
    return assembly


def _read_stacks(folder: Path) -> Iterator[tuple[StackId, Template]]:
    for name, artifact in _read(folder / "manifest.json", _Manifest).artifacts.items():
        if artifact.type == "aws:cloudformation:stack":
            region = artifact.environment.rpartition("/")[2]
            stack = StackId(str(artifact.properties.get("stackName", name)), region)
            yield stack, _read(_inside(folder, artifact.properties.get("templateFile")), Template)
        elif artifact.type == "cdk:cloud-assembly":
            yield from _read_stacks(_inside(folder, artifact.properties.get("directoryName")))


def _inside(folder: Path, name: object) -> Path:
    """The path of `name`, below `folder`: an assembly comes from whoever opened the pull request."""
    try:
        root = folder.resolve()
        path = (root / str(name)).resolve()
        if root in path.parents:
            return path
    except (OSError, RuntimeError, ValueError):  # a loop of links, a null byte
        pass
    raise AssemblyError(f"{folder / 'manifest.json'}: {str(name)!r} is not a path inside the assembly")


_Model = TypeVar("_Model", bound=_Read)


def _read(path: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise AssemblyError(f"{path}: {_reason(error)}") from error


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return ": ".join(filter(None, (".".join(str(part) for part in first["loc"]), first["msg"])))
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
