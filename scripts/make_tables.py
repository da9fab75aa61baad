"""Write the three tables of the paper, results/tables.md and tables.tex, from the files of a run and configs/published.yaml.

    python scripts/make_tables.py --run outputs/release

Every number has a note: the command that measured it or, with a dagger, who published it and how. Cells without a measurement say
so.
"""

import argparse
from pathlib import Path

from src.errors import run_main
from src.files import write_text
from src.reporting.paper_tables import TABLE_SOURCES, paper_tables, tables_latex, tables_markdown
from src.reporting.references import load_published
from src.reporting.results import read_run
from src.run import DEFAULT_OUTPUT_DIR, RunPaths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=DEFAULT_OUTPUT_DIR, metavar="DIR", help="output directory of a run")
    paths = RunPaths(parser.parse_args().run)
    files = read_run(paths, TABLE_SOURCES)
    tables = paper_tables(files, load_published())
    write_text(paths.tables_md, tables_markdown(tables))
    write_text(paths.tables_tex, tables_latex(tables))
    for reason in files["missing"].values():
        print(f"not in the tables: {reason}")
    print(f"written: {paths.tables_md}, {paths.tables_tex}")


if __name__ == "__main__":
    run_main(main)
