"""What Alembic runs: the connection and the transaction are the caller's (``gridlingua.storage.schema``)."""

from alembic import context

from gridlingua.storage.migrations.rendering import render_item

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=True,  # SQLite changes a table by making it anew
    render_item=render_item,
)
context.run_migrations()
