"""Pretrained encoders that are built before they are used: read from what carries them, with a smaller vocabulary."""
