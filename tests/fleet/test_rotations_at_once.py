"""One key rotated by four at the same moment: one successor is made, the others are told of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fleet.models import ApiKey
from fleet.models.keys import Scope
from fleet.services import issue_key, rotate_key
from tests.at_once import answers_of
from tests.console.visitors import an_operator
from tests.database import NOW


@pytest.mark.django_db(transaction=True)
def test_four_rotations_at_the_same_moment_make_one_successor():
    key = issue_key(operator=an_operator(), name="erp", scopes=[Scope.FLEET_READ], at=NOW)[0]
    told = answers_of(*4 * [lambda: rotate_key(key=key, at=NOW, overlap=timedelta(days=7))])
    refused = [each for each in told if isinstance(each, ValidationError)]
    assert [each.code for each in refused] == ["key_rotated"] * 3
    assert not [each for each in told if isinstance(each, Exception) and each not in refused]
    assert ApiKey.objects.filter(rotated_from=key).count() == 1
