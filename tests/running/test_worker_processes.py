"""What a process of a worker is set to when Celery says that it begins, be it for threads or one of several."""

import subprocess
import sys

import pytest

from config.celery import YOUNG_OBJECTS

BEGINS = """
import gc
from celery import signals
import config.celery
signals.{signal}.send(None)
print(gc.get_threshold()[0], gc.get_freeze_count() > 0)
"""


@pytest.mark.parametrize("signal", ["worker_ready", "worker_process_init"], ids=["threads", "processes"])
def test_a_process_that_works_looks_for_cycles_less_often(signal):
    begun = [sys.executable, "-c", BEGINS.format(signal=signal)]
    said = subprocess.run(begun, capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(YOUNG_OBJECTS), "True"]
