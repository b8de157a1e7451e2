"""Files that are no configuration at all, and files that are one."""

from pathlib import Path

import pytest
import yaml

from ml_gateway.config import (
    CacheConfig,
    EdgeConfig,
    GatewayConfig,
    LogsConfig,
    ModelConfig,
    OriginLockConfig,
    PlanConfig,
)
from ml_gateway.design import GatewayDesign
from ml_gateway.reading import load_config
from tests.files import SMALL, TOP, report, report_on

SMALL_TEXT = yaml.safe_dump(SMALL, sort_keys=False)
NOT_YAML = "check the indentation, colons and quotes before this"
EMPTY = "the file is empty; write the settings of a gateway, starting with name: acme-ml"
NO_MAP = "the file is not a map; write settings such as name: acme-ml"
NO_CHARACTER = f"not YAML: found invalid Unicode character escape code; {NOT_YAML}"
NESTED = "lists and maps are nested more than 20 deep; write out what an alias repeats"


def load(text: str, directory: Path) -> GatewayConfig:
    path = directory / "gateway.yaml"
    path.write_text(text)
    return load_config(path)


def test_the_default_file_is_the_documented_gateway() -> None:
    assert load_config(TOP / "gateway.yaml") == GatewayConfig(
        name="acme-ml",
        regions=["us-east-1"],
        stage="v1",
        models={"predict": ModelConfig(url="https://model.example.com/invocations")},
        plans={"default": PlanConfig(rate="2/s", burst=10, quota="1000/month", offset=1)},
        origin_lock=OriginLockConfig(generation=1),
        edge=EdgeConfig(firewall={"rate": "2000/5m"}, cache=CacheConfig(default="1h", max="24h")),
    )


def test_the_example_shows_what_the_default_file_leaves_out() -> None:
    assert load_config(TOP / "examples" / "two_models.yaml") == GatewayConfig(
        name="risk-ml",
        description="Fraud and churn scores for the web shops.",
        regions=["eu-west-1"],
        stage="prod",
        models={
            "fraud": ModelConfig(
                url="https://fraud.example.com:8443/v2/models/fraud/infer?explain=false",
                path="/scores/fraud",
                methods=["GET", "POST"],
                backend_method="POST",
                timeout="5s",
            ),
            "churn": ModelConfig(
                url="https://churn.example.com/predict", path="/scores/churn", methods=["GET", "POST"], timeout="1500ms"
            ),
        },
        plans={"shops": PlanConfig(rate="0.5/s", burst=20, quota="5000/week", offset=6)},
        origin_lock=OriginLockConfig(generation=3),
        logs=LogsConfig(retention="365d", account_role="create"),
        edge=EdgeConfig(cache=CacheConfig(default="5m", max="1h", headers=["Accept-Language", "X-Model-Version"])),
        tags={"team": "risk", "cost-center": "4711"},
    )


def test_the_example_shows_every_type_of_backend() -> None:
    config = load_config(TOP / "examples" / "every_backend.yaml")
    models = GatewayDesign.of(config).models
    kinds = {name: (model.backend.type, model.served.protocol) for name, model in models.items()}
    assert kinds == {
        "llama": ("load_balancer", "openai"),
        "fast": ("http", "openai"),
        "defects": ("http", "oip-v2"),
        "densenet": ("http", "oip-v2"),
        "products": ("http", "tfserving"),
        "fraud": ("sagemaker", "sagemaker"),
        "scores": ("sagemaker", "raw"),
        "language": ("lambda", "raw"),
        "documents": ("http", "raw"),
    }
    assert models["llama"].served.streams
    assert config.errors == "openai"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    way_out = "name another file, for the CDK with -c config=PATH"
    assert report(path) == [f"{path}: cannot be read: no such file or directory; {way_out}"]
    assert report(tmp_path) == [f"{tmp_path}: cannot be read: is a directory; {way_out}"]


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    path = tmp_path / "gateway.yaml"
    way_out = "name another file, for the CDK with -c config=PATH"
    assert report(path) == [f"{path}: cannot be read: permission denied; {way_out}"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", f"1: {EMPTY}"),
        ("# only\n# comments\n", f"1: {EMPTY}"),
        ("---\n", f"2: {NO_MAP}"),
        ("null", f"1: {NO_MAP}"),
        ("acme-ml", f"1: {NO_MAP}"),
        ("\n- name: acme-ml\n", f"2: {NO_MAP}"),
        (b"\xff\xfen\x00a\x00", "1: not text in UTF-8; save the file as such"),
        (b"name: acme-ml\n\x89PNG\r\n", "2: not text in UTF-8; save the file as such"),
        (b"name: acme-ml\nstage: \x00\n", "2: the character 0x0 is not text; take it out"),
        (b"name: \x1b[31m\n", "1: the character 0x1b is not text; take it out"),
        ("name: [acme", f"1: not YAML: did not find expected ',' or ']'; {NOT_YAML}"),
        ("name: [acme\n\n", f"1: not YAML: did not find expected ',' or ']'; {NOT_YAML}"),
        ("name: a\n b: c", f"2: not YAML: mapping values are not allowed in this context; {NOT_YAML}"),
        ("name:\n\tb: c", "2: a tab stands where YAML takes spaces alone; write spaces"),
        ("name: a\n\tb: c", "2: a tab stands where YAML takes spaces alone; write spaces"),
        ("name: *a", f"1: not YAML: found undefined alias 'a'; {NOT_YAML}"),
        ('name: "\\UFFFFFFFF"', f"1: {NO_CHARACTER}"),
        ("name: a\n---\nname: b\n", "2: a second document starts here; one file describes one gateway"),
        ("name: a\nstage: !Ref b", "2: the tag !Ref has no meaning here; write the plain value"),
        ("name: a\nmodels: !!set {a}", "2: the tag !!set has no meaning here; write the plain value"),
        ("name: a\nmodels: !<x> [b]", "2: the tag x has no meaning here; write the plain value"),
        ("!Ref name: a", "1: the tag !Ref has no meaning here; write the plain value"),
        (
            "a: !!python/object:os.system {}",
            "1: the tag !!python/object:os.system has no meaning here; write the plain value",
        ),
        ("models: !!str {a: b}", "1: the tag !!str has no meaning here; write the plain value"),
        ("stage: !!seq abc", "1: the tag !!seq has no meaning here; write the plain value"),
        ("stage: !!int abc", "1: 'abc' cannot be read as !!int; write it plainly"),
        ('stage: "\\ud800"', f"1: {NO_CHARACTER}"),
        ("%YAML 1.9\n---\nname: a", f"1: not YAML: found incompatible YAML document; {NOT_YAML}"),
        ("? [a]\n: b", "1: a list or a map stands where a key should be; write a name"),
        ("name: a\nmodels: &m\n  x: *m", f"2: {NESTED}"),
        ("name: a\nregions: &r\n- *r\n- *r", f"2: {NESTED}"),
        ("name: " + "[" * 21 + "]" * 21, f"1: {NESTED}"),
        ("name: " + "[" * 100_000, f"1: {NESTED}"),
        ("name: " + "[" * 2000 + "]" * 2000, f"1: {NESTED}"),
        ("name: " + "{a: " * 2000 + "}" * 2000, f"1: {NESTED}"),
    ],
)
def test_what_is_not_a_map_in_yaml_is_refused_with_one_line(tmp_path: Path, text: str | bytes, line: str) -> None:
    assert report_on(text, tmp_path) == [line]


def test_without_libyaml_nothing_is_read_in_another_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert report_on(SMALL_TEXT, tmp_path) == [
        "1: cannot be read, as PyYAML was built without libyaml; install one of its wheels"
    ]


@pytest.mark.parametrize(
    "written", ["{url: %s}", "{ url: %s }", "{\n    url:\t%s,\n  }", '{"url":"%s"}', "\n    ? url\n    : %s"]
)
def test_a_url_needs_no_quotes_wherever_yaml_1_2_needs_none(tmp_path: Path, written: str) -> None:
    url = "https://model.example.com:8443/score?version=2&explain=false"
    text = SMALL_TEXT.replace("\n    url: https://model.example.com/invocations", f" {written % url}")
    assert text != SMALL_TEXT
    assert load(text, tmp_path).models == {"predict": ModelConfig(url=url)}


def test_twenty_levels_are_not_too_deep_to_be_told_what_is_wrong(tmp_path: Path) -> None:
    lines = report_on(SMALL_TEXT.replace("name: acme-ml", "name: " + "[" * 20 + "]" * 20), tmp_path)
    assert lines == ["1: name: a list is not text; write name: acme-ml"]


def test_aliases_that_multiply_each_other_are_refused(tmp_path: Path) -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9)]
    lines = report_on("\n".join(["l0: &l0 [x]", *levels]), tmp_path)
    assert [line.partition(": ")[2] for line in lines] == [
        "more than 100000 values are given; write out what an alias repeats"
    ]


def test_an_alias_repeats_a_value(tmp_path: Path) -> None:
    config = load(SMALL_TEXT + "stage: &s v2\ndescription: *s\n", tmp_path)
    assert (config.stage, config.description) == ("v2", "v2")


@pytest.mark.parametrize(
    "text", ["1:30", "2026-10-11", "yes", "No", "on", "off", "0x10", "0o7", "0123", "1_000", ".inf", "=", "<<", "'1'"]
)
def test_only_what_yaml_1_2_calls_a_number_or_a_boolean_is_not_text(tmp_path: Path, text: str) -> None:
    assert load(SMALL_TEXT + f"description: {text}\n", tmp_path).description == text.strip("'")


@pytest.mark.parametrize("text", ["1", "-1", "0", "1.5", "1.", ".5", "1e3", "-1.5E-3", "True", "false"])
def test_what_yaml_1_2_calls_a_number_or_a_boolean_is_not_text(tmp_path: Path, text: str) -> None:
    lines = report_on(SMALL_TEXT + f"description: {text}\n", tmp_path)
    assert len(lines) == 1
    assert lines[0].endswith("is not text; put it in quotes")


@pytest.mark.parametrize("text", ["123456789012", "012345678901", "'123456789012'", "!!str 123456789012"])
def test_an_account_may_be_written_without_quotes(tmp_path: Path, text: str) -> None:
    config = load(SMALL_TEXT + f"account: {text}\n", tmp_path)
    assert config.account == text.removeprefix("!!str ").strip("'")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name: acme-ml\nmodels:\n\tpredict:\n", 3),
        ("name: acme-ml\nmodels:\n  predict:\n  \turl: https://a.b\n", 4),
        ("\tname: acme-ml\n", 1),
    ],
)
def test_a_tab_that_indents_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    assert report_on(text, tmp_path) == [f"{line}: a tab stands where YAML takes spaces alone; write spaces"]


def test_a_tab_elsewhere_does_no_harm(tmp_path: Path) -> None:
    assert report_on(SMALL_TEXT + "description: 'a\tb'  # a\tcomment\n", tmp_path) == []


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    assert report_on(b"\xef\xbb\xbf" + SMALL_TEXT.replace("\n", "\r\n").encode(), tmp_path) == []
