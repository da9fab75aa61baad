# The guard as an HTTP service: docs/serving.md.
#
#     docker build --tag tinyguardrail .
#
# What is built here is the wheel of this checkout, with release/ in it where there is one. .dockerignore says what the build sees.

FROM python:3.11.14-slim-bookworm AS build
WORKDIR /build
# Pins first: this layer is made again only when they change. Wheels alone, so no compiler is needed and none of their code runs.
COPY requirements-runtime.txt requirements-serve.txt ./
RUN python -m venv --without-pip /opt/guard \
    && pip --python /opt/guard/bin/python install --no-cache-dir --only-binary :all: --requirement requirements-serve.txt
COPY . .
# `pip check`: the pins above are within the ranges that the wheel asks for.
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels ./ \
    && pip --python /opt/guard/bin/python install --no-cache-dir --no-deps /wheels/*.whl \
    && pip --python /opt/guard/bin/python check

FROM python:3.11.14-slim-bookworm
COPY --from=build /opt/guard /opt/guard
# ONNX Runtime reports its use to its makers unless it is told not to.
ENV PATH=/opt/guard/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ORT_DISABLE_TELEMETRY=1
WORKDIR /tmp
# A number, not a name: Kubernetes can then see that it is not root (runAsNonRoot).
USER 10001:10001
EXPOSE 8000
# The image has no curl. Ready, not only alive: the guard is loaded and its canary prompts passed.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
ENTRYPOINT ["tinyguardrail"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
