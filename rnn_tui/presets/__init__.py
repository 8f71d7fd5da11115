"""An experiment as a document: its schema, its rules, and its files on disk."""
