"""Small boards as each earlier schema had them: SQL dumps that are upgraded in ``tests/running/test_migrations.py``."""
