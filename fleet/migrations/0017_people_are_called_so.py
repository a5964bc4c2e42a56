"""People are called so, also on the audit."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0016_legal_hold'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='user',
            options={'verbose_name': 'person', 'verbose_name_plural': 'people'},
        ),
    ]
