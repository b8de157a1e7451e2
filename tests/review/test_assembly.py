"""Reading assemblies: stages within them, and everything that is not one."""

import json
from pathlib import Path

import pytest

from ml_gateway.review.assembly import AssemblyError, StackId, read_assembly
from tests.review.assemblies import LOG_GROUP, write_assembly
from tests.review.conftest import RunReview


def test_stacks_are_known_by_name_and_region(tmp_path: Path) -> None:
    assembly = read_assembly(write_assembly(tmp_path / "a", {"api": {"Log": LOG_GROUP}}, region="eu-west-1"))
    assert list(assembly) == [StackId("api", "eu-west-1")]
    assert assembly[StackId("api", "eu-west-1")].resources["Log"].properties == {"LogGroupName": "lines"}


def test_stacks_of_a_stage_are_read_too(tmp_path: Path) -> None:
    top = write_assembly(tmp_path / "top", {"one": {}})
    write_assembly(top / "assembly-Prod", {"two": {}})
    manifest = json.loads((top / "manifest.json").read_text())
    manifest["artifacts"]["stage"] = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    (top / "manifest.json").write_text(json.dumps(manifest))
    assert [stack.name for stack in read_assembly(top)] == ["one", "two"]


def test_the_stack_name_counts_not_the_artifact(tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "a", {"artifact": {}})
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["artifacts"]["artifact"]["properties"]["stackName"] = "acme-ml-api"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert [stack.name for stack in read_assembly(folder)] == ["acme-ml-api"]


def name_template(folder: Path, name: str | None) -> None:
    """The manifest says that the template of the stack is there."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["artifacts"]["api"]["properties"]["templateFile"] = name
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("name", ["{outside}", "../outside.json", "../a", ".", "a\0b", "loop"])
def test_a_template_outside_the_folder_is_not_read(tmp_path: Path, name: str) -> None:
    folder = write_assembly(tmp_path / "a", {"api": {}})
    outside = tmp_path / "outside.json"
    outside.write_text((folder / "api.template.json").read_text())
    (folder / "loop").symlink_to("loop")
    name_template(folder, name.format(outside=outside))
    with pytest.raises(AssemblyError, match="is not a path inside the assembly"):
        read_assembly(folder)


def test_a_template_without_a_name_is_not_read(tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "a", {"api": {}})
    name_template(folder, None)
    with pytest.raises(AssemblyError, match="None: No such file or directory"):
        read_assembly(folder)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "a", {"api": {}})
    (folder / "api.template.json").rename(tmp_path / "outside.json")
    (folder / "api.template.json").symlink_to(tmp_path / "outside.json")
    with pytest.raises(AssemblyError, match="is not a path inside the assembly"):
        read_assembly(folder)


def test_two_stacks_of_one_name_in_one_region_are_refused(tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "a", {"one": {}, "two": {}})
    manifest = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(manifest.replace('"templateFile"', '"stackName": "same", "templateFile"'))
    with pytest.raises(AssemblyError, match="two stacks are named same in us-east-1"):
        read_assembly(folder)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("manifest.json", b"{", "Invalid JSON"),
        ("manifest.json", b"\xff\xfe", "Invalid JSON"),
        ("manifest.json", b"[]", "Input should be an object"),
        ("manifest.json", b"{}", "artifacts: Field required"),
        ("manifest.json", b"[" * 100_000, "Invalid JSON"),
        ("api.template.json", b"", "Invalid JSON"),
        ("api.template.json", b'{"Resources": []}', "Resources: Input should be"),
        ("api.template.json", b'{"Resources": {"A": {}}}', "Resources.A.Type: Field required"),
        ("api.template.json", b'{"Resources": {"A\\n::B": {}}}', "Resources.A ::B.Type: Field required"),
        ("api.template.json", b'{"Outputs": {"A": 1}}', "Outputs.A: Input should be"),
    ],
)
def test_what_is_no_assembly_is_one_message_and_exit_code_2(
    tmp_path: Path, run_review: RunReview, file: str, content: bytes, message: str
) -> None:
    good, bad = write_assembly(tmp_path / "good", {"api": {}}), write_assembly(tmp_path / "bad", {"api": {}})
    (bad / file).write_bytes(content)
    for arguments in ((good, bad), (bad, good)):
        review = run_review(*arguments)
        assert (review.status, review.comment) == (2, "")
        assert review.errors.startswith(f"{bad / file}: {message}")
        assert review.errors.count("\n") == 1


@pytest.mark.parametrize("gone", ["manifest.json", "api.template.json"])
def test_a_missing_file_is_named(tmp_path: Path, run_review: RunReview, gone: str) -> None:
    bad = write_assembly(tmp_path / "bad", {"api": {}})
    (bad / gone).unlink()
    review = run_review(bad, bad)
    said = f"{bad / gone}: No such file or directory; name a cdk.out folder, or a commit, branch or tag\n"
    assert (review.status, review.errors) == (2, said)
