"""The short form of the contract test; the long one is ``python -m tests.contract.running``."""

import pytest

from tests.contract.running import ROLES, run
from tests.contract.serving import served


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    with served(tmp_path_factory.mktemp("contract")) as one:
        yield one


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("role", ROLES)
def test_what_the_description_allows_is_answered_as_described(company, role):
    outcome = run(company, role, 1, 3, "--phases", "examples,coverage,fuzzing")
    assert outcome.code == 0, outcome.told
    assert outcome.cases > 300
