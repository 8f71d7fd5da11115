"""The lab screen: its layout, its keys and their actions."""
