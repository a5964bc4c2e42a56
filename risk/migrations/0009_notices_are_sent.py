"""Notices are mailed, each once; of what grew old is told once."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0009_receipt'),
        ('risk', '0008_list_fetches'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='about',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='notice',
            name='claimed_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('about', ''), _negated=True), fields=('kind', 'about'), name='told_of_the_same_once'),
        ),
    ]
