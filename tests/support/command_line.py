"""The command line, called without a shell."""

from click.testing import CliRunner

from rnn_tui.cli.app import lab


def run(*args, code=0):
    """What has become of it, which is never a traceback."""
    done = CliRunner().invoke(lab, [str(arg) for arg in args])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done
