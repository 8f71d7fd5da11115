"""Read and write named arrays and texts in one ``.safetensors`` file; everything read is checked."""

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.errors import DataError
from rnn_tui.storage import atomic_write
from rnn_tui.storage.files import open_file

MOST_BYTES = 2**30  # of one array
DTYPES = {"F64": "float64", "F32": "float32", "I64": "int64"}


def write(path: Path, arrays: Mapping[str, Array], texts: Mapping[str, str], over: bool = True) -> None:
    """Write arrays and texts to a file.  Raises RnnTuiError; an older file is then unchanged."""
    from safetensors.numpy import save

    data = save({name: np.array(array, order="C") for name, array in arrays.items()}, dict(texts))
    atomic_write.write_bytes(path, data, over)


class Tensors:
    """An open safetensors file.

    Attributes:
        names: of the arrays.
        texts: the file's metadata.

    Raises:
        DataError: the file does not exist, is damaged, or is not a safetensors file.
    """

    def __init__(self, path: Path) -> None:
        from safetensors import SafetensorError, safe_open

        self.path = path
        open_file(path).close()  # reports paths that are not readable regular files
        try:
            file: Any = safe_open(path, framework="numpy")
        except FileNotFoundError:
            raise self.problem("no such file") from None
        except SafetensorError as error:
            raise self.problem(f"not a saved run (.safetensors), or damaged ({error})") from None
        except (OSError, ValueError) as error:
            raise self.problem(f"cannot be read ({getattr(error, 'strerror', None) or error})") from None
        self._file, self.names = file, frozenset(file.keys())
        self.texts: dict[str, str] = file.metadata() or {}

    def problem(self, what: str) -> DataError:
        """Return an error that names the file."""
        return DataError(f"{self.path}: {what}")

    def below(self, prefix: str) -> set[str]:
        """Return the next words of all array names that begin with ``prefix`` and a dot."""
        start = f"{prefix}."
        return {name.removeprefix(start).split(".")[0] for name in self.names if name.startswith(start)}

    def array(self, name: str, shape: tuple[int | None, ...], dtype: str, finite: bool = False) -> Array:
        """Return one array.

        Raises:
            DataError: it is missing, has another ``shape`` (None: any length) or ``dtype``, is too large, or holds a
                number that is not finite although ``finite`` is set.
        """
        if name not in self.names:
            raise self.problem(f"{name} is missing")
        part = self._file.get_slice(name)
        sizes, kind = tuple(part.get_shape()), DTYPES.get(part.get_dtype(), part.get_dtype())
        fits = len(sizes) == len(shape) and all(b in (None, a) for a, b in zip(sizes, shape, strict=True))
        if not fits or kind != dtype:
            wanted = "×".join("…" if size is None else str(size) for size in shape) or "one number"
            raise self.problem(
                f"{name} is {kind} {'×'.join(map(str, sizes)) or 'one number'}; expected {dtype} {wanted}"
            )
        if 8 * prod(sizes) > MOST_BYTES:
            raise self.problem(f"{name} has {prod(sizes):,} numbers, more than the limit")
        array: Array = self._file.get_tensor(name)
        if finite and not np.isfinite(array).all():
            raise self.problem(f"{name} contains a number that is not finite")
        return array
