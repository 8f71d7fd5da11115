"""The screen: the only package that uses Textual and Rich."""
