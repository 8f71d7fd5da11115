"""Lessons: documents that lead a learner through the lab, and what shows them."""
