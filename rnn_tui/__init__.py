"""A laboratory in the terminal for recurrent neural networks."""

import os

# The nets of this laboratory are small: a second BLAS thread gains nothing and, on a busy machine, costs up to
# ten times.  It must be said before NumPy is loaded; whoever wants more sets the variable.
for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

# pydantic would look through every installed distribution for plugins; here there is nothing to plug in.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

__version__ = "0.1.0"
