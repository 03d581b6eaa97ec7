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
    for dialect, statements in (("postgresql", _POSTGRESQL), ("sqlite", _SQLITE)):
        for statement in statements_for(table.name, statements):
            event.listen(table, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
    table.info["append_only"] = True
    return table


def statements_for(table: str, statements: tuple[str, ...]) -> list[str]:
    """The statements with the name of the table in them."""
    return [statement.format(table=table) for statement in statements]


def triggers(table: str, dialect: str) -> list[str]:
    """The statements that a migration runs after it has created an append-only table."""
    return statements_for(table, _POSTGRESQL if dialect == "postgresql" else _SQLITE)
