"""The reference semantics: what a graph computes on an input.

In: a graph, the ids that are asked for, the tokens. Out: a list of atoms for each s-op, a matrix of
bools for each selector; or ``RaspError`` with the span of the node that has no value. May import
``atoms``, ``graph``, ``diagnostics`` and the standard library: it must run in a browser.
"""

from rasp_lang.interpret.evaluate import evaluate

__all__ = ["evaluate"]
