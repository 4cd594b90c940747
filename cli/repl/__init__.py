"""The REPL: statements in, what the 2021 REPL would show out.

``conversation`` decides what is said and knows no terminal; ``reader`` splits what is typed or
piped into statements; ``terminal`` adds line editing, history, colours and completion where
prompt_toolkit is installed. May import ``rasp_lang`` and ``raspc``'s output modules.
"""
