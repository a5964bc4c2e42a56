from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("vendors", "0003_roles_websites_and_bounds")]

    operations = [
        migrations.RemoveField(
            model_name='ownership',
            name='share_percent',
        ),
        migrations.RemoveField(
            model_name='vendor',
            name='role',
        ),
        migrations.RemoveField(
            model_name='vendor',
            name='website',
        ),
        migrations.AddConstraint(
            model_name='ownership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('share_high__isnull', True), ('share_low__isnull', True)), models.Q(('share_high__lte', 100), ('share_low__gte', 0), ('share_low__lte', models.F('share_high'))), _connector='OR'), name='a_share_is_known_from_low_to_high'),
        ),
    ]
