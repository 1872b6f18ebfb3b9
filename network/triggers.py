"""The triggers that make the audit log append-only.

An entry may only be blanked (`is_dropped`), never changed or deleted; a seal never
changes at all.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = {
    "audit_entry_kept": """
        CREATE TRIGGER audit_entry_kept BEFORE UPDATE ON network_auditentry
        WHEN NOT (NEW.is_dropped AND NEW.subject = '' AND NEW.action = ''
                  AND NEW.reason = '' AND NEW.actor IS NULL AND NEW.id = OLD.id)
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
    "audit_entry_stays": """
        CREATE TRIGGER audit_entry_stays BEFORE DELETE ON network_auditentry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
    "audit_seal_kept": """
        CREATE TRIGGER audit_seal_kept BEFORE UPDATE ON network_auditseal
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
    "audit_seal_stays": """
        CREATE TRIGGER audit_seal_stays BEFORE DELETE ON network_auditseal
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
}

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'network_auditentry' THEN
    IF NEW.is_dropped AND NEW.subject = '' AND NEW.action = '' AND NEW.reason = ''
       AND NEW.actor IS NULL AND NEW.id = OLD.id THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only';
END $$ LANGUAGE plpgsql
"""
TABLES = ("network_auditentry", "network_auditseal")


def install(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in SQLITE.values():
                cursor.execute(statement)
            return
        cursor.execute(POSTGRESQL_FUNCTION)
        for table in TABLES:
            cursor.execute(
                f"CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
            )


def remove(connection: BaseDatabaseWrapper) -> None:
    """For the reverse migration, and for tests that empty every table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for table in TABLES:
            cursor.execute(f"DROP TRIGGER IF EXISTS audit_append_only ON {table}")
