"""Two processes in two network namespaces, joined by one cable, meet by torchrun's rendezvous and train as one run."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("distributed_driver.py")
ADDRESSES = ("10.253.7.1", "10.253.7.2")
PORT = 29471


@pytest.fixture
def hosts() -> Iterator[list[str]]:
    """Names of two namespaces that reach each other under ADDRESSES, and nothing else."""
    names = [f"guard{os.getpid()}{letter}" for letter in "ab"]
    cables = [f"g{os.getpid()}{letter}" for letter in "ab"]
    with contextlib.ExitStack() as made:
        try:
            for name in names:
                subprocess.run(["ip", "netns", "add", name], check=True, capture_output=True, text=True)
                made.callback(subprocess.run, ["ip", "netns", "delete", name], check=False)
            ends = [word for name, cable in zip(names, cables, strict=True) for word in ("name", cable, "netns", name)]
            first, second = ends[:4], ends[4:]
            subprocess.run(
                ["ip", "link", "add", *first, "type", "veth", "peer", *second], check=True, capture_output=True, text=True
            )
            for name, cable, address in zip(names, cables, ADDRESSES, strict=True):
                for command in (f"address add {address}/24 dev {cable}", f"link set {cable} up", "link set lo up"):
                    subprocess.run(["ip", "-n", name, *command.split()], check=True, capture_output=True, text=True)
        except FileNotFoundError:
            pytest.skip("no command `ip`, which makes network namespaces (package iproute2)")
        except subprocess.CalledProcessError as error:
            pytest.skip(f"network namespaces cannot be made here (they need root): {error.stderr.strip()}")
        yield list(zip(names, cables, ADDRESSES, strict=True))


def test_two_hosts_meet_and_share_each_step(hosts, tiny_encoder_dir, tmp_path):
    """The process of each host counts windows of its own in every step, and one of them writes the result.

    `is_host` has to be said: torch compares the endpoint with what the host's own name resolves to, which is another address.
    """
    running = []
    for name, cable, address in hosts:
        launch = [
            "-m",
            "torch.distributed.run",
            "--nnodes",
            "2",
            "--nproc_per_node",
            "1",
            "--rdzv_backend",
            "c10d",
            "--rdzv_endpoint",
            f"{ADDRESSES[0]}:{PORT}",
            "--rdzv_id",
            "guard",
            "--local_addr",
            address,
            "--rdzv_conf",
            f"is_host={int(address == ADDRESSES[0])},read_timeout=300",
        ]
        running.append(
            subprocess.Popen(
                [
                    "ip",
                    "netns",
                    "exec",
                    name,
                    sys.executable,
                    *launch,
                    str(DRIVER),
                    str(tiny_encoder_dir),
                    str(tmp_path),
                    "0",
                    "0",
                ],
                env=os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "GLOO_SOCKET_IFNAME": cable},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    try:
        outputs = [process.communicate(timeout=600)[0] for process in running]
    finally:
        for process in running:
            process.kill()
    assert [process.returncode for process in running] == [0, 0], "\n".join(outputs)[-3000:]
    counted = [
        {line["step"]: set(line["counted"]) for line in map(json.loads, path.read_text().splitlines())}
        for path in sorted(tmp_path.glob("windows_0_*.jsonl"))
    ]
    assert len(counted) == 2 and counted[0].keys() == counted[1].keys()
    assert all(counted[0][step] and counted[0][step].isdisjoint(counted[1][step]) for step in (1, 2, 3))
    assert (tmp_path / "weights.safetensors").exists()
