"""Tables that only grow: the database itself refuses to change or delete what was written."""

from __future__ import annotations

from sqlalchemy import DDL, Table, event

_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION gridlingua_append_only() RETURNS trigger AS
    $$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION gridlingua_append_only()""",
)
_SQLITE = tuple(
    f"CREATE TRIGGER {{table}}_no_{what} BEFORE {what} ON {{table}} "
    "BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
    for what in ("update", "delete")
)


def append_only(table: Table) -> Table:
    """Let the database refuse every UPDATE and DELETE of the table, from its creation on."""
    for dialect in ("postgresql", "sqlite"):
        for statement in triggers(table.name, dialect):
            event.listen(table, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
    table.info["append_only"] = True
    return table


def triggers(table: str, dialect: str) -> list[str]:
    """The statements that make a table append-only, once it is there."""
    return [one.format(table=table) for one in (_POSTGRESQL if dialect == "postgresql" else _SQLITE)]
