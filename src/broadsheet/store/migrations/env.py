"""Alembic's entry: run migrations on the connection the store hands over, inside its transaction."""

from alembic import context

from broadsheet.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
