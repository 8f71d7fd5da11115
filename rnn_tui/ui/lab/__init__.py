"""The lab screen: its layout, its keys, and what they do."""
