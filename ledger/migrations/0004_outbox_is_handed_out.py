"""An event remembers that it was put in the way of all who listen."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_outbox_event'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxevent',
            name='handed_out_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='outboxevent',
            index=models.Index(condition=models.Q(('handed_out_at__isnull', True)), fields=['id'], name='outbox_to_be_handed_out'),
        ),
    ]
