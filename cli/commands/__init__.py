"""One module a command: from its arguments to an :class:`raspc.answer.Answer`, or a ``RaspError``.

In: the values that the argument parser read. Out: an answer; nothing is printed here. May import
``rasp_lang`` and the rest of ``raspc`` except ``main``; what is slow to import (numpy, jax, rich)
only inside functions that need it.
"""
