"""The steps of the database's form; Alembic runs them."""
