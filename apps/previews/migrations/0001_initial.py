
import django.db.models.deletion
import framelane.lib.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('workspaces', '0005_index_of_unverified'),
    ]

    operations = [
        migrations.CreateModel(
            name='Preview',
            fields=[
                ('subject_id', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('source_key', models.CharField(max_length=512)),
                ('status', models.CharField(choices=[('pending', 'Pending'), ('made', 'Made'), ('failed', 'Failed')], default='pending', max_length=8)),
                ('poster_key', models.CharField(blank=True, max_length=512)),
                ('strip_key', models.CharField(blank=True, max_length=512)),
                ('strip_frames', models.PositiveSmallIntegerField(default=0)),
                ('waveform_key', models.CharField(blank=True, max_length=512)),
                ('width', models.PositiveIntegerField(blank=True, null=True)),
                ('height', models.PositiveIntegerField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(default=framelane.lib.clock.now, null=True)),
                ('created_at', models.DateTimeField(default=framelane.lib.clock.now, editable=False)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='previews', to='workspaces.workspace')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='preview_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'made', 'failed'])), name='preview_status_is_known')],
            },
        ),
    ]
