"""The HTTP service, for servers that load an application by its name:

    uvicorn api:app --host 0.0.0.0 --port 8000 --http h11

`python api.py` is `python -m src.serving`. Settings are environment variables: src/serving/settings.py.
"""

from src.errors import run_main
from src.serving.__main__ import main
from src.serving.app import app_from_environment

if __name__ == "__main__":
    run_main(main)
else:
    app = app_from_environment()
