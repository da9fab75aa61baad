# The guard as an HTTP service: docs/serving.md.
#
#     docker build --tag tinyguardrail .
#
# The build installs the wheel of this checkout, with release/ in it if it exists. .dockerignore selects the files of the build.

FROM python:3.11.14-slim-bookworm AS build
WORKDIR /build
# Pins first: this layer is rebuilt only when they change. Only wheels, so the build needs no compiler and runs no package code.
COPY requirements-runtime.txt requirements-serve.txt ./
RUN python -m venv --without-pip /opt/guard \
    && pip --python /opt/guard/bin/python install --no-cache-dir --only-binary :all: --requirement requirements-serve.txt
COPY . .
# `pip check` verifies that the pins above are within the ranges that the wheel requires.
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels ./ \
    && pip --python /opt/guard/bin/python install --no-cache-dir --no-deps /wheels/*.whl \
    && pip --python /opt/guard/bin/python check

FROM python:3.11.14-slim-bookworm
COPY --from=build /opt/guard /opt/guard
# Disables the usage reports that ONNX Runtime otherwise sends to its makers.
ENV PATH=/opt/guard/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ORT_DISABLE_TELEMETRY=1
WORKDIR /tmp
# A numeric user, so that Kubernetes can verify that it is not root (runAsNonRoot).
USER 10001:10001
EXPOSE 8000
# Python, because the image has no curl. /readyz also checks that the guard is loaded and that its canary prompts passed.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
ENTRYPOINT ["tinyguardrail"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
