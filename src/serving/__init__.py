"""The guard as an HTTP service: `python -m src.serving`, or `uvicorn api:app`. Needs requirements-serve.txt."""
