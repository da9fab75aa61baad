"""Pretrained encoders, read from packages or the Hub and built with a smaller vocabulary before use."""
