"""Render results/report.md and report.html from the JSON files that the stages wrote.

python scripts/make_report.py --config configs/quick.yaml
"""

from src.cli import parse_config, run_main
from src.files import write_text
from src.reporting.report import caveats, collect, render_html, render_markdown
from src.run import RunPaths


def main() -> None:
    paths = RunPaths.of(parse_config(__doc__))
    report = collect(paths)
    write_text(paths.report_md, render_markdown(report))
    write_text(paths.report_html, render_html(report))
    for line in caveats(report):
        print(line)


if __name__ == "__main__":
    run_main(main)
