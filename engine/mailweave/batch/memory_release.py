"""Memory that was needed for a while, given back to the system."""

from __future__ import annotations

import ctypes


def release_memory() -> None:
    """Returns what is free in the heaps of C and of Arrow: what a stage or a shard has left adds up otherwise.

    Does nothing where the C library has no such door.
    """
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
