"""Limit BLAS to one thread in all programs that train: the lab, the commands, the benchmarks and worker processes.

The nets of this program are small: a second thread gains nothing and, on a busy machine, can make training ten times
slower.  Sums of wide nets also have other last bits with another number of threads.  If the user has set a number of
threads by an environment variable of the library, it is not changed.
"""

import os

ACCELERATE = "VECLIB_MAXIMUM_THREADS"
VARIABLES = {  # by threadpoolctl's name of the library
    "openblas": ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"),
    "mkl": ("MKL_NUM_THREADS", "OMP_NUM_THREADS"),
    "blis": ("BLIS_NUM_THREADS", "OMP_NUM_THREADS"),
}


def prepare_accelerate() -> None:
    """Limit Apple's Accelerate to one thread; this takes effect only before NumPy is loaded.

    threadpoolctl cannot change Accelerate, so its environment variable is set, unless the user has set it.
    """
    os.environ.setdefault(ACCELERATE, "1")


def limit_blas_threads() -> None:
    """Limit every other BLAS library to one thread, for the whole process or, with OpenMP, for the calling thread.

    NumPy is imported first, since only loaded libraries can be limited.
    """
    import numpy  # noqa: F401
    from threadpoolctl import ThreadpoolController

    for library in ThreadpoolController().lib_controllers:
        variables = VARIABLES.get(library.internal_api, ())
        if variables and not any(name in os.environ for name in variables):
            library.set_num_threads(1)
