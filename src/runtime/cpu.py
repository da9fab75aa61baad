"""Whether the fast INT8 kernels of this CPU are correct for weights of the full range.

ONNX Runtime multiplies uint8 activations by int8 weights. On x86 without VNNI its fast kernels add two such products in 16
bits (vpmaddubsw), which saturate: 2 * 255 * 127 > 32,767. There `open_session` selects slower kernels that are
correct. With weights of 7 bits (2 * 255 * 63 = 32,130) the fast kernels are correct too: model_int8_reduced.onnx, which is served
where it was exported. With VNNI, and on ARM, the sums have 32 bits, and the full range is correct and fast.
https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html
"""

from __future__ import annotations

import platform
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
X86 = frozenset({"x86_64", "amd64", "x86", "i386", "i686"})
VNNI = frozenset({"avx512_vnni", "avx_vnni"})


def cpu_flags() -> frozenset[str]:
    """The CPU feature flags that Linux reports; empty on other systems."""
    try:
        lines = CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(flags.partition(":")[2].split())


def has_wide_sums() -> bool:
    """Whether sums of 8-bit products have 32 bits in the fast kernels. False for an x86 CPU without detected VNNI."""
    return platform.machine().lower() not in X86 or bool(cpu_flags() & VNNI)
