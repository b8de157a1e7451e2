"""`make live` as a program: what it refuses before it makes anything."""

from pathlib import Path

import pytest

from live import __main__ as live
from live.account import Account
from live.plan import is_name, new_name


@pytest.fixture
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "nothing"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", raising=False)
    monkeypatch.delenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", raising=False)


@pytest.mark.usefixtures("no_credentials")
@pytest.mark.parametrize("more", [[], ["--yes"], ["--destroy", "ml-gateway-live-ab12"]])
def test_without_credentials_it_says_so_in_one_message(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert live.main(more) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("there are no AWS credentials that work (NoCredentialsError): log in")
    assert len(printed.err.splitlines()) == 1
    assert printed.out == ""


@pytest.mark.usefixtures("no_credentials")
def test_a_profile_that_is_not_there_is_told_likewise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    assert live.main([]) == 1
    assert "there are no AWS credentials that work (ProfileNotFound)" in capsys.readouterr().err


@pytest.mark.parametrize("answer", ["", "n", "no", "what"])
def test_whoever_does_not_say_yes_makes_nothing(
    answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Account, "expect_ready", lambda _self: None)
    monkeypatch.setattr("builtins.input", lambda _prompt: answer)
    monkeypatch.delattr(live, "run")
    assert live.main([]) == 1
    printed = capsys.readouterr()
    assert "It costs about $" in printed.out
    assert printed.err == "nothing was made; YES=1 goes on without this question\n"


@pytest.mark.parametrize(("more", "told"), [([], False), (["--vpc"], True)])
def test_a_load_balancer_is_said_before_it_costs(
    more: list[str], told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Account, "expect_ready", lambda _self: None)
    monkeypatch.setattr("builtins.input", lambda _prompt: "no")
    assert live.main(more) == 1
    assert ("1 x load balancer ($16.43 a month)" in capsys.readouterr().out) is told


@pytest.mark.parametrize(
    "name", ["ml-gateway-live-", "ml-gateway", "acme-ml", "ml-gateway-live-prod", "ml-gateway-live-ab12-open", ""]
)
def test_only_what_a_run_made_can_be_destroyed(name: str) -> None:
    assert not is_name(name)
    if name:
        with pytest.raises(SystemExit):
            live.main(["--destroy", name])


@pytest.mark.parametrize("half", [["--zone", "Z0123456789ABCDEFGHIJ"], ["--second-region", "eu-west-1"]])
def test_a_zone_and_a_second_region_are_brought_together(half: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        live.main(half)
    assert "two regions takes both: --zone (ZONE=Z...) and --second-region" in capsys.readouterr().err


@pytest.mark.parametrize("region", ["us-east-1", "eu-west1", "cn-north-1"])
def test_the_second_region_is_another_one(region: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        live.main(["--zone", "Z0123456789ABCDEFGHIJ", "--second-region", region])
    assert f"{region!r} is no region beside us-east-1" in capsys.readouterr().err


def test_a_run_has_a_name_of_its_own() -> None:
    names = {new_name() for _ in range(20)}
    assert len(names) > 15
    assert all(map(is_name, names))
