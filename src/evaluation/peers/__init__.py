"""Guards that ship their weights in public packages, run on the texts that the guard is run on.

catalogue.py     which there are, and what they say of themselves
process.py       a peer as something that scores texts; its package runs in a process of its own
worker.py        that process
confinement.py   what that process may not do
adapters.py      how each package is asked for a score; only the worker imports it
comparison.py    thresholds, rates and the kept scores
"""
