from rnn_tui.errors import RnnTuiError
from rnn_tui.ui.input.bug_reports import MOST, BugReports


def raised(error):
    try:
        raise error
    except Exception as caught:
        return caught


def test_a_bug_is_one_line_at_once_and_a_traceback_later():
    bugs = BugReports()
    assert "ValueError: odd\\nindeed" in bugs.sentence(raised(ValueError("odd\nindeed")))
    assert bugs.text.startswith("Traceback")
    assert 'File "' in bugs.text


def test_mistakes_and_too_little_memory_are_no_bugs():
    bugs = BugReports()
    assert bugs.sentence(raised(RnnTuiError("no such file"))) == "no such file"
    assert bugs.sentence(raised(MemoryError())) == "not enough memory"
    assert bugs.text == ""


def test_the_same_bug_is_kept_once_and_of_many_a_few():
    bugs = BugReports()
    for i in range(1000):
        bugs.sentence(raised(ValueError("same")))
        bugs.sentence(raised(ValueError(f"number {i}")))
    assert bugs.text.count("Traceback") == MOST
    assert bugs.text.count("same") == 1
