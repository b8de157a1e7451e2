"""`extends`: what a file says on top of another one, and where its problems stand."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from ml_gateway.reading import ConfigError, load
from ml_gateway.reading.extends import read_file
from tests.files import CLIENTS, changed, report

BASE = """\
name: acme-ml
regions: [us-east-1]
models:
  predict: {url: "https://model.example.com/invocations", methods: [GET, POST], cache: 5m}
  churn:
    url: https://churn.example.com/score
    timeout: 20s
plans:
  default: {rate: 2/s, burst: 10}
edge:
  firewall: {rate: 2000/5m}
tags: {team: ml, stage: test}
"""


def data_of(tmp_path: Path, top: str, base: str = BASE) -> Any:
    (tmp_path / "gateway.yaml").write_text(base)
    (tmp_path / "prod.yaml").write_text(f"extends: gateway.yaml\n{top}")
    return read_file(tmp_path / "prod.yaml").data


def lines_of(tmp_path: Path, top: str, base: str = BASE) -> list[str]:
    data_of(tmp_path, top, base)
    return [line.removeprefix(f"{tmp_path}/") for line in report(tmp_path / "prod.yaml")]


@pytest.mark.parametrize(
    ("top", "changes"),
    [
        ("", {}),
        ("name: acme-prod", {"name": "acme-prod"}),
        ("models: {churn: {timeout: 10s}}", {"models.churn.timeout": "10s"}),
        ("models: {predict: {methods: [POST]}}", {"models.predict.methods": ["POST"]}),
        ("models: {new: {url: 'https://a.b/c'}}", {"models.new": {"url": "https://a.b/c"}}),
        ("tags: {stage: prod}", {"tags": {"team": "ml", "stage": "prod"}}),
        # a map in the place of a value, and the reverse
        (
            "models: {predict: {cache: {default: 1m, max: 2m}}}",
            {"models.predict.cache": {"default": "1m", "max": "2m"}},
        ),
        ("edge: plain", {"edge": "plain"}),
        ("clients: {mobile: {plan: default}}", CLIENTS),
    ],
)
def test_maps_merge_and_everything_else_replaces(tmp_path: Path, top: str, changes: dict[str, Any]) -> None:
    assert data_of(tmp_path, top) == changed(changes, yaml.safe_load(BASE))


@pytest.mark.parametrize("null", ["null", "~", "Null", "NULL"])
@pytest.mark.parametrize("place", ["edge", "models.churn", "models.churn.timeout", "tags.team"])
def test_a_written_null_takes_away(tmp_path: Path, place: str, null: str) -> None:
    *above, key = place.split(".")
    top = "".join(f"{each}: {{" for each in above) + f"{key}: {null}" + "}" * len(above)
    expected = yaml.safe_load(BASE)
    section = expected
    for each in above:
        section = section[each]
    del section[key]
    assert data_of(tmp_path, top) == expected


def test_an_empty_value_takes_nothing_away(tmp_path: Path) -> None:
    """Whoever comments out what stands in a section has not said that it shall go: it may be the firewall."""
    (line,) = lines_of(tmp_path, "edge:\n  firewall:\n    # rate: 1000/5m\n")
    assert line == (
        "prod.yaml:3: edge.firewall: empty; write a value, or null to take away what the file below says, or leave the "
        "line out"
    )


@pytest.mark.parametrize(
    ("top", "line"),
    [
        ("edge: {firewal: null}", "prod.yaml:2: edge.firewal: unknown key; did you mean 'firewall'?"),
        (
            "edge: {cors: null}",
            "prod.yaml:2: edge.cors: null, but nothing is said here below, so it takes nothing away; ",
        ),
        ("models: {predct: null}", "prod.yaml:2: models.predct: null, but nothing is said here below, so it takes "),
        (
            "alerts: ~",
            "prod.yaml:2: alerts: null, but nothing is said here below, so it takes nothing away; leave the ",
        ),
        ("alerts:", "prod.yaml:2: alerts: empty; write alerts: "),
        ("plans:\n  default:\n    burst: null", "prod.yaml:4: plans.default.burst: missing; write burst: 10"),
        ("models: {predict: null, churn: null}", "prod.yaml:2: models: empty; write models: "),
    ],
)
def test_what_is_wrong_with_a_null_is_said_where_it_stands(tmp_path: Path, top: str, line: str) -> None:
    (found,) = lines_of(tmp_path, top)
    assert found.startswith(line)


def test_a_problem_is_told_with_the_file_and_line_where_its_value_stands(tmp_path: Path) -> None:
    base = BASE.replace("timeout: 20s", "timeout: 20 s").replace("burst: 10", "burst: 10, brst: 5")
    lines = lines_of(tmp_path, "models:\n  predict: {url: nope}\nregions: [us-east1]\nname: acme-ml\nname: b", base)
    assert [line.partition(": ")[0] for line in lines] == [
        "prod.yaml:3", "prod.yaml:4", "prod.yaml:6", "gateway.yaml:7", "gateway.yaml:9"
    ]  # fmt: skip


def test_rules_between_settings_of_both_name_the_file_too(tmp_path: Path) -> None:
    (line,) = lines_of(tmp_path, "models:\n  other: {url: 'https://a.b/c', path: /churn}")
    assert line.startswith("prod.yaml:3: models.other.path: ")
    (line,) = lines_of(tmp_path, "backends: {b: {type: http, url: 'https://a.b'}}\nmodels: {churn: {backend: b}}")
    assert line.startswith("prod.yaml:3: models.churn.backend: ")


def test_what_a_lambda_replaces_is_told_where_the_base_says_it(tmp_path: Path) -> None:
    base = BASE + "backends:\n  b:\n    type: http\n    url: https://a.b\n"
    top = "backends: {b: {type: lambda, function: fraud}}\nmodels: {churn: {url: null, backend: b}}"
    (line,) = lines_of(tmp_path, top, base)
    assert line.startswith("gateway.yaml:16: backends.b.url: unknown key; ")
    assert lines_of(tmp_path, top.replace("fraud", "fraud, url: null"), base) == []


def test_the_metadata_of_stacks_names_the_file_of_a_section(tmp_path: Path) -> None:
    data_of(tmp_path, "models: {churn: {timeout: 10s}}")
    written = load(tmp_path / "prod.yaml").written
    assert str(written.at(("models",))) == f"{tmp_path}/prod.yaml:2"
    assert str(written.at(("models", "churn", "timeout"))) == f"{tmp_path}/prod.yaml:2"
    assert str(written.at(("models", "churn", "url"))) == f"{tmp_path}/gateway.yaml:6"
    assert str(written.at(("models", "predict", "methods", 1))) == f"{tmp_path}/gateway.yaml:4"
    # Of a list that is replaced nothing is left.
    data_of(tmp_path, "models: {predict: {methods: [GET]}}")
    assert (
        str(load(tmp_path / "prod.yaml").written.at(("models", "predict", "methods", 1))) == f"{tmp_path}/prod.yaml:2"
    )


def test_a_base_may_have_a_base_and_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "environments" / "eu").mkdir(parents=True)
    (tmp_path / "gateway.yaml").write_text(BASE)
    (tmp_path / "environments" / "prod.yaml").write_text("extends: ../gateway.yaml\nname: acme-prod\nedge: null")
    last = tmp_path / "environments" / "eu" / "gateway.yaml"
    last.write_text("extends: ../prod.yaml\nregions: [eu-west-1]\nmodels: {churn: {timeout: x}}")
    assert read_file(last).data == changed(
        {"name": "acme-prod", "regions": ["eu-west-1"], "models.churn.timeout": "x"},
        {key: value for key, value in yaml.safe_load(BASE).items() if key != "edge"},
    )
    (tmp_path / "gateway.yaml").write_text(BASE.replace("burst: 10", "burst: x"))
    first, second = report(last)
    assert first.startswith(f"{last}:3: models.churn.timeout: ")
    assert second.startswith(f"{tmp_path}/gateway.yaml:9: plans.default.burst: ")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "empty; write extends: gateway.yaml"),
        ("null", "empty; write extends: gateway.yaml"),
        ("''", "empty; write extends: gateway.yaml"),
        ("5", "5 is not the name of a file; write extends: gateway.yaml"),
        ("true", "true is not the name of a file; write extends: gateway.yaml"),
        ("[gateway.yaml]", "a list is not the name of a file; write extends: gateway.yaml"),
        ("{file: gateway.yaml}", "a map is not the name of a file; write extends: gateway.yaml"),
        ("base.yaml", "there is no file 'base.yaml'; write its path from the folder of this file"),
        ("/etc/gateway.yaml", "'/etc/gateway.yaml' is a path of this machine; write it from the folder of this file"),
        (".", "there is no file '.'; write its path from the folder of this file"),
        ("ftp://a.b/c.yaml", "there is no file 'ftp://a.b/c.yaml'; write its path from the folder of this file"),
        ("prod.yaml", "'prod.yaml' leads back to this file; name another one"),
        ("./x/../prod.yaml", "'./x/../prod.yaml' leads back to this file; name another one"),
    ],
)  # fmt: skip
def test_what_cannot_be_extended_is_one_message(tmp_path: Path, value: str, message: str) -> None:
    path = tmp_path / "prod.yaml"
    path.write_text(f"name: acme-prod\nextends: {value}\n")
    assert report(path) == [f"{path}:2: extends: {message}"]


@pytest.mark.parametrize("value", ['"a\\0b"', "b" * 5000, '"a\\nb"'])
def test_what_is_no_path_is_one_line(tmp_path: Path, value: str) -> None:
    (tmp_path / "prod.yaml").write_text(f"extends: {value}\n")
    (line,) = report(tmp_path / "prod.yaml")
    assert line.startswith(f"{tmp_path}/prod.yaml:1: extends: there is no file '")
    assert line.endswith("; write its path from the folder of this file")


def test_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    for name, below in (("a", "b"), ("b", "c"), ("c", "b")):
        (tmp_path / f"{name}.yaml").write_text(f"extends: {below}.yaml\n")
    assert report(tmp_path / "a.yaml") == [
        f"{tmp_path}/c.yaml:1: extends: 'b.yaml' leads back to this file; name another one"
    ]


def test_a_base_that_is_no_yaml_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text("name: [")
    (tmp_path / "prod.yaml").write_text("extends: gateway.yaml\n")
    (line,) = report(tmp_path / "prod.yaml")
    assert line.startswith(f"{tmp_path}/gateway.yaml:1: not YAML: ")


def test_it_is_of_the_file_as_a_whole_and_of_no_section(tmp_path: Path) -> None:
    (line,) = lines_of(tmp_path, "models: {churn: {extends: predict}}")
    assert line.startswith("prod.yaml:2: models.churn.extends: unknown key; ")


def test_nothing_is_loaded_of_a_base_alone_that_lacks_something(tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text(BASE.replace("name: acme-ml\n", ""))
    with pytest.raises(ConfigError, match="name: missing"):
        load(tmp_path / "gateway.yaml")
    (tmp_path / "prod.yaml").write_text("extends: gateway.yaml\nname: acme-prod\n")
    assert load(tmp_path / "prod.yaml").config.name == "acme-prod"
