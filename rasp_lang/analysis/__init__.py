"""Facts about a program for a finite vocabulary and a maximum length.

In: a :class:`rasp_lang.graph.Graph`, its outputs, the vocabulary, the maximum length.
Out: :class:`rasp_lang.analysis.facts.Facts`: value sets, the tuples of values that can occur
together at a position, selector widths, depth. Everything after this room rests on them.
May import ``graph``, ``atoms``, ``diagnostics`` and numpy.
"""
