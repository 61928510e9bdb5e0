"""ideaslab: prepares data, trains, checks and packs the idea-scoring model.

Each step is one function behind one command (see `__main__`). The package knows
nothing about the web program that loads its result; what the two share is the
folder described in `models/README.md`.
"""
