"""What people write who know other tools: the words that are known, each with a way out."""

import re

from ml_gateway.reading.file_schema import sections
from ml_gateway.reading.words_of_others import WAYS_OUT
from tests.files import BACKENDS

SETTINGS = {place.replace(".<name>", ".*"): set(section["properties"]) for place, section in sections()}
"""Each section with its settings: of a backend by its type."""


def test_no_way_out_stands_in_the_way_of_a_setting() -> None:
    for place, ways_out in WAYS_OUT.items():
        name = ".".join(map(str, place)) if place[:1] != ("backends",) else f"backends.* of type {place[2]}"
        taken = {re.sub("[^a-z0-9]", "", setting) for setting in SETTINGS[name.replace("clients.*.plan", "plans.*")]}
        assert taken.isdisjoint(ways_out), place


def test_every_way_out_names_what_to_do() -> None:
    said = {way_out for ways_out in WAYS_OUT.values() for way_out in ways_out.values()}
    assert len(said) > 40
    imperatives = "write|leave|define|split|put|have"
    assert [way_out for way_out in said if not re.search(rf"(^|; |: |, or ){imperatives}", way_out)] == []
    assert BACKENDS.keys() == {place[2] for place in WAYS_OUT if place[:1] == ("backends",)}
