"""Guards that ship their weights in public packages, run on the texts that the guard is run on.

catalogue.py     the peers and the claims of their documentation
process.py       scorers: a peer, whose package runs in a separate process, and the guard
worker.py        the separate process
confinement.py   its restrictions
adapters.py      one function per package that returns its score function; only the worker imports it
comparison.py    thresholds, rates and the cache of scores
"""
