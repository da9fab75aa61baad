"""Peak rates of the machine: the best rate of a matrix product, measured in the process that reports a share of it."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import onnx
import torch

from src.runtime.artifact import graph_session

NUM_RUNS = 20  # of each product; the fastest one is the peak
PRECISIONS = {"bf16": torch.bfloat16, "fp16": torch.float16}
MATMUL = """<ir_version: 10, opset_import: ["": 23]>
product (float[1024, 1024] a, float[1024, 1024] b) => (float[1024, 1024] c) { c = MatMul(a, b) }"""
INT8_SHAPES = ((128, 384, 1536), (256, 1536, 384), (512, 2048, 2048))  # rows, inner size, columns


def peak_flops(mixed_precision: str, *, is_cuda: bool) -> float:
    """Operations per second of a large square matrix product in this precision, with the threads that torch has now."""
    size, device = (8192, "cuda") if is_cuda else (1024, "cpu")
    a, b = torch.randn(2, size, size, device=device, dtype=PRECISIONS.get(mixed_precision, torch.float32))

    def product() -> None:
        torch.mm(a, b)
        if is_cuda:
            torch.cuda.synchronize()

    return 2 * size**3 / _fastest(product)


def peak_onnxruntime_flops() -> float:
    """The same in FP32 on one thread of ONNX Runtime, which multiplies twice as fast as torch on some CPUs."""
    session = graph_session(onnx.parser.parse_model(MATMUL).SerializeToString())
    a, b = np.random.default_rng(0).standard_normal((2, 1024, 1024), dtype=np.float32)
    return 2 * 1024**3 / _fastest(lambda: session.run(None, {"a": a, "b": b}))


def peak_int8_ops() -> float:
    """Operations per second of the best of some INT8 products on the CPU (oneDNN), without any quantisation."""
    rates = []
    for rows, inner, columns in INT8_SHAPES:
        a, b = torch.ones(rows, inner, dtype=torch.int8), torch.ones(inner, columns, dtype=torch.int8)
        rates.append(2 * rows * inner * columns / _fastest(lambda a=a, b=b: torch._int_mm(a, b)))
    return max(rates)


def _fastest(run: Callable[[], object]) -> float:
    """Seconds of the fastest of some runs."""
    seconds = []
    for _ in range(NUM_RUNS):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return min(seconds)
