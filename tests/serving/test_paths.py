"""The grammar of paths: one reading of parts and variables, and one pattern that agrees with it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ml_gateway.serving import Route
from ml_gateway.serving.paths import in_url, is_greedy, is_variable, parts_of, variables_of, with_values

PATH = "/v1/{tenant}/fraud:predict/{file_1+}"


def test_a_path_is_read_part_by_part() -> None:
    assert parts_of(PATH) == ("v1", "{tenant}", "fraud:predict", "{file_1+}")
    assert [is_variable(part) for part in parts_of(PATH)] == [False, True, False, True]
    assert [is_greedy(part) for part in parts_of(PATH)] == [False, False, False, True]


def test_a_slash_at_the_end_of_a_request_is_an_empty_part() -> None:
    assert parts_of("/a/") == ("a", "")
    assert parts_of("/") == ("",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (PATH, ("tenant", "file_1")),
        ("https://model.example.com/{id}/x-{id}?style=short", ("id", "id")),
        ("/a/{}", ()),
        ("/a", ()),
    ],
)
def test_variables_are_named_in_order_without_their_plus_signs(text: str, names: tuple[str, ...]) -> None:
    assert variables_of(text) == names


def test_all_variables_are_filled_in() -> None:
    assert with_values(PATH, "*") == "/v1/*/fraud:predict/*"


def test_a_url_names_a_greedy_variable_without_its_plus_sign() -> None:
    assert in_url(PATH) == "/v1/{tenant}/fraud:predict/{file_1}"


ANYWHERE = ["a", "b.c", ".a", "$x_-:", "{x}", "{y}"]
NOWHERE = ["{x", "{}", "..", ".", "", "ä", "a b", "a,b", "{x}:predict"]


@given(st.lists(st.sampled_from([*ANYWHERE, "{x+}", "{z+}", *NOWHERE]), min_size=1))
@example(["{x}", "a", "{x+}"])
@example(["{x+}", "a"])
@example([""])
def test_a_path_is_taken_if_and_only_if_api_gateway_takes_each_part(parts: list[str]) -> None:
    path = "/" + "/".join(parts)
    names = [part.strip("{+}") for part in parts if part.startswith("{")]
    fits = all(part in ANYWHERE for part in parts[:-1]) and parts[-1] in (*ANYWHERE, "{x+}", "{z+}")
    if fits and len(names) == len(set(names)):
        assert Route(http_method="GET", path=path).path == path
    else:
        with pytest.raises(ValueError, match=r"Route\.path: .* (is not a path; write|twice; rename one)"):
            Route(http_method="GET", path=path)
