from threadpoolctl import threadpool_limits

from rnn_tui.checkpoints.origin import this_machine


def test_the_threads_are_those_that_blas_has_now():
    for number in (2, 1):
        with threadpool_limits(number, user_api="blas"):
            assert set(this_machine()["threads"].split(", ")) == {str(number)}
