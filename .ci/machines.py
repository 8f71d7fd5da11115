"""Run a command as other machines would run it: without some CPU features of NumPy's, with another kernel of its BLAS.

    python .ci/machines.py COMMAND…

A setting that this CPU, this NumPy or its BLAS does not know is skipped, and said.  Ends with 1 if the command fails in
any of them.
"""

import os
import subprocess
import sys

import numpy as np
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

FEATURES = [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]  # beyond the least that NumPy asks for
NEWEST = [name for name in FEATURES if name.startswith(("AVX512", "X86_V4"))]
KERNELS = ("Haswell", "Prescott")  # of OpenBLAS
PROBE = "import numpy; numpy.ones((64, 64)) @ numpy.ones((64, 64))"


def without(features: list[str]) -> dict[str, str]:
    """The environment in which NumPy does not use them; empty where there are none."""
    return {"NPY_DISABLE_CPU_FEATURES": " ".join(features)} if features else {}


def with_kernel(name: str) -> dict[str, str]:
    """The environment in which OpenBLAS takes this kernel; empty where it does not."""
    asked = {"OPENBLAS_CORETYPE": name}
    verbose = {**os.environ, **asked, "OPENBLAS_VERBOSE": "2"}
    probe = subprocess.run([sys.executable, "-c", PROBE], env=verbose, capture_output=True, text=True, check=False)
    said = probe.stdout + probe.stderr
    return asked if probe.returncode == 0 and "Core: " in said and "Core not found" not in said else {}


def main() -> None:
    settings = {
        "without AVX-512": without(NEWEST),
        "without any CPU feature beyond NumPy's baseline": without(FEATURES),
    }
    settings |= {f"with OpenBLAS for {kernel}": with_kernel(kernel) for kernel in KERNELS}
    failed = []
    for name, environment in settings.items():
        if not environment:
            print(f"== {name}: skipped, NumPy {np.__version__} on this CPU cannot be told to", flush=True)
            continue
        print(f"== {name}: {environment}", flush=True)
        if subprocess.run(sys.argv[1:], env={**os.environ, **environment}, check=False).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"failed {', '.join(failed)}")


if __name__ == "__main__":
    main()
