from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import network.fields


def seal(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What stood in plain; `values_list` reads the column as it is."""
    profiles = apps.get_model("profiles", "Profile")
    for key, way in profiles.objects.values_list("pk", "way"):
        if way:
            row = profiles.objects.only("pk").get(pk=key)
            row.way = str(way)
            row.save(update_fields=["way"])


def leave(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Sealed values are not opened again."""


class Migration(migrations.Migration):
    dependencies = [("profiles", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="profile",
            name="way",
            field=network.fields.EncryptedTextField(blank=True, default=""),
        ),
        migrations.RunPython(seal, leave),
    ]
