"""Files with many models, and the sizes of assemblies."""

import json
from pathlib import Path

import pytest

from bench.gateways import MOST_RAW_MODELS, AssemblySize, render_gateway, size_of
from ml_gateway import ConfigError, load_config


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "gateway.yaml"


def test_as_many_models_as_fit_are_accepted(file: Path) -> None:
    file.write_text(render_gateway(MOST_RAW_MODELS))
    config = load_config(file)
    assert len(config.models) == MOST_RAW_MODELS == 246
    assert config.stack_resources == 500


def test_one_model_more_is_refused_with_the_count_and_the_way_out(file: Path) -> None:
    file.write_text(render_gateway(MOST_RAW_MODELS + 1))
    with pytest.raises(ConfigError, match=r"make 502 resources of the API's stack, .* takes 500; take out models, or"):
        load_config(file)


def test_file_of_http_models_has_a_problem_for_each(file: Path) -> None:
    file.write_text(render_gateway(3, scheme="http"))
    with pytest.raises(ConfigError) as refusal:
        load_config(file)
    assert str(refusal.value).count("is not encrypted") == 3


def test_size_adds_up_all_stacks(tmp_path: Path) -> None:
    templates = {
        "a": {"Resources": {"A": {"Type": "AWS::ApiGateway::Resource"}, "B": {"Type": "AWS::ApiGateway::Method"}}},
        "b": {"Resources": {"C": {"Type": "AWS::CloudFront::Distribution"}}},
    }
    for name, template in templates.items():
        (tmp_path / f"{name}.template.json").write_text(json.dumps(template))
    (tmp_path / "manifest.json").write_text("{}")
    size = sum(len(json.dumps(template)) for template in templates.values())
    assert size_of(tmp_path) == AssemblySize(resources=3, template_bytes=size, api_resources=2)
