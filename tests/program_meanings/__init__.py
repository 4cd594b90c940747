"""What each shipped program computes, said again in plain Python.

``MEANINGS[name](tokens)`` gives the list that the program's output is on those tokens. Nothing of
``rasp_lang`` is used: it is an independent check of the programs and of the interpreter. There is
a module for each chapter.
"""

from importlib import import_module
from pathlib import Path

from program_meanings.common import MEANINGS

__all__ = ["MEANINGS"]

for _path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
    import_module(f"program_meanings.{_path.stem}")
