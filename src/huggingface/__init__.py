"""The guard as a model of the transformers library. Importing this package registers it; no remote code is involved.

    import src.huggingface
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

    tokenizer = AutoTokenizer.from_pretrained(DIR)
    model = AutoModelForSequenceClassification.from_pretrained(DIR)
    classify = pipeline("text-classification", model=model, tokenizer=tokenizer)

DIR is a directory written by `scripts/save_pretrained.py`. The model is the network alone: one window of a text in, four logits
out. `src.runtime.Guard` adds decoded views, the maximum over the windows of a long text and alarm thresholds.
"""

from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

from .configuration import TinyGuardrailConfig
from .modeling import TinyGuardrailForSequenceClassification, TinyGuardrailOutput
from .tokenization import TinyGuardrailTokenizer

__all__ = [
    "TinyGuardrailConfig",
    "TinyGuardrailForSequenceClassification",
    "TinyGuardrailOutput",
    "TinyGuardrailTokenizer",
]

AutoConfig.register(TinyGuardrailConfig.model_type, TinyGuardrailConfig)
AutoTokenizer.register(TinyGuardrailConfig, TinyGuardrailTokenizer)
AutoModelForSequenceClassification.register(TinyGuardrailConfig, TinyGuardrailForSequenceClassification)
