"""The server behind ``rnn-tui serve``; it needs the packages of ``pip install 'rnn-tui[web]'``."""
