"""The processes of a run: started once, refused where a launcher would split the model over them."""

from __future__ import annotations

from datetime import timedelta

from accelerate import Accelerator
from accelerate.utils import DistributedDataParallelKwargs, DistributedType, InitProcessGroupKwargs

from ..errors import ConfigError

SHARDED = (DistributedType.FSDP, DistributedType.DEEPSPEED, DistributedType.MEGATRON_LM)
TIMEOUT = timedelta(hours=4)  # teachers may score every window that long; the library would stop all after 10 minutes


def start_processes(precision: str) -> Accelerator:
    """precision: no, fp16 or bf16. Raises ConfigError for a launcher that splits weights over processes."""
    unused_experts = DistributedDataParallelKwargs(find_unused_parameters=True)
    timeout = InitProcessGroupKwargs(timeout=TIMEOUT)  # while the first process scores, the others wait
    accelerator = Accelerator(mixed_precision=precision, kwargs_handlers=[unused_experts, timeout])
    _refuse_sharding(accelerator)
    return accelerator


def _refuse_sharding(accelerator: Accelerator) -> None:
    """Raise ConfigError for a launcher that splits weights over processes: checkpoints, validation and export need them whole."""
    if accelerator.distributed_type in SHARDED:
        raise ConfigError(
            f"expected one process or data-parallel ones, found {accelerator.distributed_type.value}: weights and optimiser "
            "state of 63M parameters are 1 GB and fit every GPU, so nothing is gained by splitting them; launch without it, such "
            "as with `accelerate launch --multi_gpu --num_processes 4` or torchrun"
        )
