"""What is measured, here and in another checkout."""

import subprocess
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.runs import REPOSITORY
from bench.subjects import DEFAULT, MOST_MODELS, commit_of, gateways, loaded_files


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one commit."""
    path = tmp_path / "checkout"
    path.mkdir()
    (path / "app.py").write_text("")
    identity = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.com")
    for command in (("init", "--quiet"), ("add", "app.py"), (*identity, "commit", "--quiet", "--message=first")):
        subprocess.run(["git", "-C", str(path), *command], check=True)
    return path


def test_gateways_of_another_checkout_read_the_same_files_and_bear_its_commit(tmp_path: Path, checkout: Path) -> None:
    ours, theirs = gateways(tmp_path), gateways(tmp_path, checkout)
    both_read = [each for each in ours if each.models <= MOST_MODELS]
    assert [each.models for each in ours if each not in both_read] == [1000]
    assert [each.name for each in theirs] == [f"{each.name} at {commit_of(checkout)}" for each in both_read]
    assert [each.context for each in theirs] == [each.context for each in both_read]
    assert ours[0].name == DEFAULT
    assert {each.checkout for each in ours} == {REPOSITORY}
    assert {each.checkout for each in theirs} == {checkout}


def test_commit_is_told_with_changes_that_are_not_in_it(checkout: Path) -> None:
    clean = commit_of(checkout)
    assert len(clean) >= 7
    (checkout / "app.py").write_text("# changed")
    assert commit_of(checkout) == f"{clean}-dirty"


def test_files_that_are_loaded_have_names_and_texts_of_their_own(tmp_path: Path) -> None:
    files = loaded_files(tmp_path)
    texts = [Path(each.command[-1]).read_text() for each in files]
    assert [text.count("example.com") for text in texts] == [MOST_MODELS, 1000, 1000]
    assert len({each.name for each in files} | {each.name for each in gateways(tmp_path)}) == 3 + len(
        gateways(tmp_path)
    )


def test_folder_that_is_no_checkout_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--against", str(tmp_path)])
    assert "has no app.py; name a checkout of this repository" in capsys.readouterr().err
