"""The HTTP service as an ASGI application, for servers that load one by name:

    uvicorn api:app --host 0.0.0.0 --port 8000 --http h11

`python api.py` does the same as `python -m src.serving`. Environment variables hold the settings: src/serving/settings.py.
"""

from src.errors import run_main
from src.serving.__main__ import main
from src.serving.app import app_from_environment

if __name__ == "__main__":
    run_main(main)
else:
    app = app_from_environment()
