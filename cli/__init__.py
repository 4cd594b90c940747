"""The command line, installed as the package ``raspc``.

In: arguments, standard input, program and model files. Out: text on standard output, diagnostics
on standard error (or one JSON document), an exit status. May import everything of ``rasp_lang``,
and is the only place that imports typer, rich, prompt_toolkit and Pygments. ``main`` declares the
commands; the work of each is in ``commands`` and imported when it is called, so that no command
pays for the start of another.
"""

import gc

# Python looks for cycles of references whenever there are a few hundred values more. Commands make
# no cycles to speak of, and the looking takes a fifteenth of the time of a short one.
gc.set_threshold(50_000)
