"""Web server of ``rnn-tui serve``; needs the packages of ``pip install 'rnn-tui[web]'``."""
