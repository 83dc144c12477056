
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0004_indexes_of_open_jobs'),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='stages',
            field=models.JSONField(default=list),
        ),
    ]
