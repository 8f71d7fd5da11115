"""The user's own data: CSV files and texts, read, checked, and made into tasks."""
