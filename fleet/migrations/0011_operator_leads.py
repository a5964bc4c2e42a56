"""Holdings and the history of rigs are found by their operator first."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0010_liquidation'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='holding',
            index=models.Index(fields=['operator', 'lot'], name='fleet_holdi_operato_c0bdd4_idx'),
        ),
        migrations.AddIndex(
            model_name='rigchange',
            index=models.Index(fields=['operator', 'at'], name='fleet_rigch_operato_9522be_idx'),
        ),
    ]
