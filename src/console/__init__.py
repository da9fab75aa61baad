"""The console command `tinyguardrail`; in a checkout `python -m src`. Needs the runtime packages; `serve` needs a server, too."""
