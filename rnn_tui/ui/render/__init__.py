"""What is drawn with: colors, characters, and what the terminal can show."""
