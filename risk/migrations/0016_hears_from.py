"""From which event on an endpoint hears."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that is 0 for endpoints on record: they hear all that is still to be handed out, as before."""

    dependencies = [("risk", "0015_set_aside_by_an_engine")]

    operations = [
        migrations.AddField(
            model_name="webhookendpoint",
            name="hears_from",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="webhookendpoint",
            name="stopped_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("by hand", "switched off by a person"),
                    ("gone", "the receiver answered 410: it is gone"),
                    ("failing", "the receiver did not answer for three days"),
                    ("redirects inward", "the receiver redirects to an address of a private network"),
                    ("no secret", "its secret cannot be worked out under the product's present key"),
                ],
                max_length=20,
            ),
        ),
    ]
