"""Lists past one machine: the same rules as Spark SQL, the same renderer on Spark's workers.

What goes to a worker is data: the texts of the campaign's folder and their digest. Its Python compiles them
once and keeps them; no code is ever pickled.
"""

from mailweave.spark.rendering import render
from mailweave.spark.run import run
from mailweave.spark.session import start

__all__ = ["render", "run", "start"]
