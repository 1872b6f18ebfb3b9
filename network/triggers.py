"""The triggers that make the audit log append-only.

An entry may only be blanked (`is_dropped`), never changed or deleted; a seal never
changes at all. SQLite's REPLACE deletes without a trigger, so it is refused on insert.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = {
    "audit_entry_kept": """
        CREATE TRIGGER audit_entry_kept BEFORE UPDATE ON network_auditentry
        WHEN NOT (NEW.is_dropped AND NEW.subject = '' AND NEW.action = ''
                  AND NEW.reason = '' AND NEW.actor IS NULL AND NEW.id = OLD.id
                  AND NEW.at = OLD.at)
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
    "audit_entry_stays": """
        CREATE TRIGGER audit_entry_stays BEFORE DELETE ON network_auditentry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
    "audit_entry_once": """
        CREATE TRIGGER audit_entry_once BEFORE INSERT ON network_auditentry
        WHEN EXISTS (SELECT 1 FROM network_auditentry WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
    "audit_seal_once": """
        CREATE TRIGGER audit_seal_once BEFORE INSERT ON network_auditseal
        WHEN EXISTS (
          SELECT 1 FROM network_auditseal
          WHERE seq = NEW.seq OR entry_id = NEW.entry_id
        )
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
       AND NEW.actor IS NULL AND NEW.id = OLD.id AND NEW.at = OLD.at THEN
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
            cursor.execute(
                f"CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
            )


def remove(connection: BaseDatabaseWrapper) -> None:
    """For the reverse migration, and for tests that empty every table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for table in TABLES:
            for name in ("audit_append_only", "audit_never_emptied"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
