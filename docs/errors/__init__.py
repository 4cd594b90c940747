"""The page of each diagnostic code: ``RASP0201.md`` and so on, read by ``raspc explain``.

Comes in: nothing. Goes out: text files, through ``importlib.resources``. Imports nothing.
"""
