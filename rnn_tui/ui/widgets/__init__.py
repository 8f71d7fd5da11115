"""Widgets that draw arrays; they know neither frames nor sessions."""
