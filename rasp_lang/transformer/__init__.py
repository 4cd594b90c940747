"""The transformer: a compiled model as data, as a file and as something that runs.

In: an :class:`~rasp_lang.transformer.artifact.Artifact` or the ``.npz`` file that holds one. Out:
the file, or a :class:`~rasp_lang.transformer.model.Model` that answers inputs.

May import ``diagnostics``, ``graph`` (for the type of atoms) and numpy. Only ``haiku_model``
imports jax and haiku, and only a model that runs on them imports ``haiku_model``.
"""
