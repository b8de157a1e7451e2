"""Mutants fit the source as it is, so that `make mutants` goes on to mean what it says."""

import pytest

from tests.mutation.__main__ import mutated
from tests.mutation.document_mutants import DOCUMENT_MUTANTS
from tests.mutation.mutant import Mutant
from tests.mutation.mutants import MUTANTS
from tests.synthesis import TOP


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.lost)
def test_mutant_fits_the_source(mutant: Mutant) -> None:
    source = (TOP / mutant.file).read_text()
    assert mutated(source, mutant) != source
    assert all((TOP / test).exists() for test in mutant.tests)


def test_mutant_that_no_longer_fits_is_refused() -> None:
    with pytest.raises(ValueError, match=r"api_document\.py has '\[\{KEY: \[\]\} .*' 0 times"):
        mutated("", DOCUMENT_MUTANTS[0])


def test_each_property_is_lost_once() -> None:
    assert len({mutant.lost for mutant in MUTANTS}) == len(MUTANTS)
