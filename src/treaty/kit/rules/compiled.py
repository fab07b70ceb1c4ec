"""Numba as the kernels use it: compiled once to machine code, kept on the disk, without the interpreter's lock."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

Taken = ParamSpec("Taken")
Given = TypeVar("Given")


def compiled(function: Callable[Taken, Given]) -> Callable[Taken, Given]:
    """The function as machine code. Its first call in an installation takes a second or more, later ones do not."""
    try:
        return cast("Callable[Taken, Given]", numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # neither the code's folder nor the user's can be written: compile in each process
        return cast("Callable[Taken, Given]", numba.njit(nogil=True)(function))
