"""A laboratory in the terminal for recurrent neural networks."""

import os

# The nets of this laboratory are small: a second BLAS thread gains nothing and, on a busy machine, costs up to
# ten times.  The sums of wide nets also have other last bits with another number of threads.  It must be said before
# NumPy is loaded; set the variable of your BLAS to have more.
for _variable in (
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OMP_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",  # Accelerate, on macOS
    "BLIS_NUM_THREADS",
):
    os.environ.setdefault(_variable, "1")

__version__ = "0.1.0"
