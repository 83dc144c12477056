from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0005_stages"),
        ("workspaces", "0004_index_of_open_erasures"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["workspace", "-created_at", "-id"], name="job_list_of_both"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("kind", "task")),
                fields=["workspace", "task_type", "-created_at", "-id"],
                name="job_list_by_type",
            ),
        ),
    ]
