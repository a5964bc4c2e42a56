"""One key rotated by four at the same moment: one successor is made, the others are told of it."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from fleet.models import ApiKey
from fleet.models.keys import Scope
from fleet.services import issue_key, rotate_key
from tests.console.visitors import an_operator
from tests.database import NOW


@pytest.mark.django_db(transaction=True)
def test_four_rotations_at_the_same_moment_make_one_successor():
    key = issue_key(operator=an_operator(), name="erp", scopes=[Scope.FLEET_READ], at=NOW)[0]
    start, told = Barrier(4), []

    def one():
        start.wait()
        try:
            rotate_key(key=key, at=NOW, overlap=timedelta(days=7))
            told.append("rotated")
        except ValidationError as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == ["key_rotated"] * 3 + ["rotated"]
    assert ApiKey.objects.filter(rotated_from=key).count() == 1
