from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import network.fields


def seal(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """An empty answer is as long as any other, and sealed for its row."""
    for row in apps.get_model("profiles", "Profile").objects.only("pk"):
        row.first_hand = {}
        row.save(update_fields=["first_hand"])


class Migration(migrations.Migration):
    dependencies = [("profiles", "0008_ban")]
    operations = [
        migrations.AddField(
            model_name="profile",
            name="kind_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="profile",
            name="first_hand",
            field=network.fields.EncryptedJSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="profile",
            name="first_hand",
            field=network.fields.EncryptedJSONField(default=dict, padded_to=192),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
