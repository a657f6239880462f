"""Small boards as each earlier schema had them: SQL dumps that are upgraded in ``tests/test_migrations.py``."""
