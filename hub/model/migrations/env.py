"""Alembic's entrance; the connection is handed in by `hub.model.migrate`."""

from alembic import context

from hub.model import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
