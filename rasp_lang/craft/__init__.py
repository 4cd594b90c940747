"""Craft: linear algebra on named directions.

In: :class:`rasp_lang.analysis.facts.Facts`. Out: a :class:`rasp_lang.craft.program.CraftProgram`
(heads and MLP functions between named directions), its certificate, a numpy run of it in double
precision, and its assembly into a :class:`rasp_lang.transformer.artifact.Artifact`.
May import ``analysis``, ``graph``, ``diagnostics``, ``transformer.artifact`` and numpy.
"""
