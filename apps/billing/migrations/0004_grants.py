
import django.db.models.deletion
import framelane.lib.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0003_stripe'),
        ('workspaces', '0005_index_of_unverified'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('minutes', models.DecimalField(decimal_places=2, max_digits=9)),
                ('reason', models.CharField(max_length=500)),
                ('created_at', models.DateTimeField(default=framelane.lib.clock.now, editable=False)),
                ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='workspaces.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'month'], name='grant_of_workspace')],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes', 0), _negated=True), name='grant_gives_something')],
            },
        ),
    ]
