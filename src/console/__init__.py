"""The console command `tinyguardrail`, in a checkout `python -m src`. Needs what the runtime needs; `serve` a server too."""
