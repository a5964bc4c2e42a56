"""django-import-export on the same rows, run by a Python that has it: a tiny project, as fast as its manual tells.

Bulk mode, what is unchanged skipped, instances and foreign keys looked up once for the whole file: its best
settings (`skip_diff` would make the first time quicker and the second three times slower, as nothing is skipped).
It is asked for what every upload needs: rigs by serial number, new ones added, changed ones overwritten.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "import_export", "bench"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "", "OPTIONS": {"timeout": 20}}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.db import connection, models  # noqa: E402 - models need the settings
from import_export import fields, instance_loaders, resources, widgets  # noqa: E402
from tablib import Dataset  # noqa: E402


class RigModel(models.Model):
    """What a rig is."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """Where it stands."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.name


class Rig(models.Model):
    """One machine with all that the sheet says of it."""

    serial_number = models.CharField(max_length=80, unique=True)
    model = models.ForeignKey(RigModel, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    status = models.CharField(max_length=12)
    country_of_assembly = models.CharField(max_length=2)
    country_of_origin = models.CharField(max_length=2)
    hts_code = models.CharField(max_length=12)
    import_country = models.CharField(max_length=2)
    entry_date = models.DateField()
    entry_number = models.CharField(max_length=50)
    transport_mode = models.CharField(max_length=10)
    customs_value = models.DecimalField(max_digits=12, decimal_places=2)
    hashrate_ths = models.DecimalField(max_digits=12, decimal_places=3)
    power_w = models.IntegerField()

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.serial_number


HEADINGS = {
    "Serial Number": "serial_number",
    "Status": "status",
    "Country of Assembly": "country_of_assembly",
    "Country of Origin": "country_of_origin",
    "HTS Code": "hts_code",
    "Import Country": "import_country",
    "Entry Date": "entry_date",
    "Entry Number": "entry_number",
    "Transport Mode": "transport_mode",
    "Customs Value": "customs_value",
    "Hashrate (TH/s)": "hashrate_ths",
    "Power (W)": "power_w",
}


class Day(widgets.DateWidget):
    """A day of a workbook comes as a moment, which equals no day on record: every row would be written again."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The day of the moment."""
        return value.date() if isinstance(value, datetime) else super().clean(value, row, **kwargs)


class RigResource(resources.ModelResource):
    """The sheet's columns onto the model's fields."""

    model = fields.Field("model", "Model", widgets.CachedForeignKeyWidget(RigModel, "name"))
    site = fields.Field("site", "Site", widgets.CachedForeignKeyWidget(Site, "name"))
    entry_date = fields.Field("entry_date", "entry_date", Day())

    class Meta:
        model = Rig
        import_id_fields = ("serial_number",)
        exclude = ("id",)
        use_bulk = True
        batch_size = 1000
        skip_unchanged = True
        report_skipped = False
        use_transactions = True
        instance_loader_class = instance_loaders.CachedInstanceLoader

    def get_queryset(self) -> models.QuerySet[Rig]:
        """With what is compared row by row, so that it is not asked for row by row."""
        return super().get_queryset().select_related("model", "site")


def load(path: str, database: str) -> dict[str, Any]:
    """Read the workbook and import it twice; seconds of each time, reading included."""
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database
    with connection.schema_editor() as editor:
        for model in (RigModel, Site, Rig):
            editor.create_model(model)
    seconds, counts = [], []
    for _ in range(2):
        began = time.perf_counter()
        dataset = _read(path)
        _add_named(dataset)
        result = RigResource().import_data(dataset, dry_run=False, raise_errors=True)
        seconds.append(time.perf_counter() - began)
        counts.append({name: count for name, count in result.totals.items() if count})
    return {"seconds": seconds, "counts": counts, "rigs": Rig.objects.count()}


def _read(path: str) -> Dataset:
    """The workbook as tablib reads it, its headings spelled as the fields are called."""
    dataset = Dataset().load(Path(path).read_bytes(), format="xlsx", read_only=True)
    dataset.headers = [HEADINGS.get(heading, heading) for heading in dataset.headers]
    return dataset


def _add_named(dataset: Dataset) -> None:
    """The models and sites that the rows name."""
    for model, heading in ((RigModel, "Model"), (Site, "Site")):
        named = [model(name=name) for name in dict.fromkeys(dataset[heading])]
        model.objects.bulk_create(named, ignore_conflicts=True)
