"""The three tables of the project's plan: all systems, attacks one by one, cost. As Markdown and as LaTeX (booktabs).

A number of this project is read from a file of the run; its note names the command that measured it. A published number comes
from configs/published.yaml and has a dagger: another harness, threshold and version of the data. A cell without a number says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..policy import DEFAULT_POLICY
from .cells import percent, rate_of
from .document import markdown_text
from .results import SOURCES, STUDIES

OURS = "TinyGuardrail"
INT8_FILE, PEER_NETWORK, PEER = "model_int8.onnx", "deberta_xsmall", "Llama Prompt Guard 2 22M"
LENGTHS = ("64", "256")  # tokens, for the rows of a run without measured latencies
DAGGER = "\u2020"
NO_FIGURE = "no figure"  # neither measured here nor in published.yaml
SEEN_MARK = "(t)"  # a dagger means a published figure here
SEEN_MEANING = "the guard's own documents name the source as training data"
PEER_COLUMNS = ("Recall, FPR on chat: own threshold", "Recall, FPR on chat: common FPR", "Processor time, ms")
LATEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    DAGGER: r"\dag{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}


@dataclass(frozen=True)
class Cell:
    """Final text, the note on its source, and whether others published it."""

    text: str
    note: str | None = None
    is_foreign: bool = False


@dataclass(frozen=True)
class PaperTable:
    label: str
    title: str
    headers: list[str]
    rows: list[list[Cell]]

    def notes(self) -> dict[tuple[str, bool], str]:
        """(note, is_foreign) -> its mark, in order of appearance."""
        pairs = dict.fromkeys((cell.note, cell.is_foreign) for row in self.rows for cell in row if cell.note)
        return {pair: f"{DAGGER if pair[1] else ''}{number}" for number, pair in enumerate(pairs, 1)}


# name of a column of table 1 -> (benchmark or None for any, figure) in published.yaml
PUBLISHED_COLUMNS: dict[str, tuple[str | None, str]] = {
    "Size, MB": (None, "size in MB"),
    "PINT score": ("PINT", "score"),
    "FPR, NotInject": ("NotInject", "FPR"),
    "Latency, ms": (None, "latency in ms"),
    "FlipAttack found": ("FlipAttack", "detection rate"),
    "Licence": (None, "licence"),
}
IN_PERCENT = ("score", "FPR", "detection rate")
# row of table 2 -> benchmark, cell of by_attack or by_form (None: the whole benchmark), and the benchmark of published.yaml
ATTACKS: dict[str, tuple[str, str | None, str | None, str | None]] = {
    "FlipAttack FCW": ("generated/flip", "by_attack", "flip/fcw bare", None),
    "FlipAttack FCS": ("generated/flip", "by_attack", "flip/fcs bare", None),
    "FlipAttack FWO": ("generated/flip", "by_attack", "flip/fwo bare", None),
    "FlipAttack FMM": ("generated/flip", "by_attack", "flip/fmm bare", None),
    "FlipAttack, all, bare and wrapped": ("generated/flip", None, None, "FlipAttack"),
    "Homoglyph": ("generated/homoglyph", None, None, "Homoglyph"),
    "CodeChameleon": ("generated/code_chameleon", None, None, "CodeChameleon"),
}


def paper_tables(files: Mapping[str, Any], published: Sequence[Mapping[str, Any]]) -> list[PaperTable]:
    """`files` is `read_run` of TABLE_SOURCES, `published` the rows of published.yaml."""
    return [_systems_table(files, published), _attacks_table(files, published), _efficiency_table(files, published)]


# number of a table -> the files that it is made of, each after those that it is measured on
TABLE_NEEDS: dict[int, tuple[str, ...]] = {
    1: ("optimization", "benchmarks", "baselines", "peers"),
    2: ("benchmarks", "baselines", "peers"),
    3: ("optimization", "latency"),
}
TABLE_SOURCES = {name: (SOURCES | STUDIES)[name] for needed in TABLE_NEEDS.values() for name in needed}


def _measured_cell(text: str, source: str, detail: str = "") -> Cell:
    return Cell(text, f"measured by {TABLE_SOURCES[source].command}{f'; {detail}' if detail else ''}")


def _not_measured_cell(source: str, reason: str = "") -> Cell:
    return Cell("not measured", f"{reason or 'not in the results'}; {TABLE_SOURCES[source].command} measures it")


def _published_cells(rows: Sequence[Mapping[str, Any]], system: str | None, benchmark: str | None, figure: str) -> list[Cell]:
    """Published figures of a system, or of all systems for None; the note names the benchmark."""
    unit = "%" if figure in IN_PERCENT else ""
    return [
        Cell(
            f"{row['value']}{unit}" + ("" if system else f" ({row['system']})"),
            f"not measured here; {row['benchmark']}: {row['harness']}; {row['source']}",
            is_foreign=True,
        )
        for row in rows
        if row["figure"] == figure and system in (None, row["system"]) and benchmark in (None, row["benchmark"])
    ]


# --------------------------------------------------------------------------------------------------------- the tables


def _predictors(files: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Name, source file and results of the guard and of every baseline measured on the same rows, each once."""
    seen: set[str] = set()
    for source in ("benchmarks", "baselines"):
        if results := files.get(source):
            guard = results["subject"]
            for name in [guard, *results["baselines"]]:
                display_name = OURS if name == guard else name
                if display_name not in seen:
                    seen.add(display_name)
                    yield display_name, source, {"results": results, "name": name}


def _result(predictor: Mapping[str, Any], benchmark: str) -> tuple[Mapping[str, Any] | None, str]:
    """The result of a predictor on a benchmark; None and the reason where there is none."""
    record = predictor["results"]["benchmarks"].get(benchmark)
    if record is None:
        return None, f"{benchmark} is no benchmark of this run"
    if record["status"] != "run":
        return None, record["reason"]
    return record["results"][predictor["name"]], ""


def _rate_cell(predictor: Mapping[str, Any], source: str, benchmark: str, rate: str, n: str) -> Cell:
    result, reason = _result(predictor, benchmark)
    if result is None or result[rate] is None:
        return _not_measured_cell(source, reason)
    return _measured_cell(f"{rate_of(result, rate)}, n={result[n]}", source)


def _pint_cell(predictor: Mapping[str, Any], source: str) -> Cell:
    result, reason = _result(predictor, "pint")
    score = result["category_score"] if result else None
    if result is None or score is None:
        return _not_measured_cell(source, reason)
    return _measured_cell(f"{percent(score['published'])}, n={result['n']}", source)


def _alarms_cell(predictor: Mapping[str, Any], source: str) -> Cell:
    part = predictor["results"]["summary"][predictor["name"]][DEFAULT_POLICY]["file"]
    if part["pooled_fpr"] is None:
        return _not_measured_cell(source, "no set with benign rows")
    detail = f"policy {DEFAULT_POLICY}, {len(part['benign_sets'])} sets with benign rows"
    return _measured_cell(f"{rate_of(part, 'pooled_fpr')}, n={part['n_benign']}", source, detail)


def _systems_table(files: Mapping[str, Any], published: Sequence[Mapping[str, Any]]) -> PaperTable:
    headers = [
        "System",
        "Size, MB",
        "PINT score",
        "FPR, NotInject",
        "FPR, all benign sets",
        "Latency, ms",
        "FlipAttack found",
        *PEER_COLUMNS,
        "Licence",
    ]
    rows = []
    measured = {name: (source, predictor) for name, source, predictor in _predictors(files)}
    for name, (source, predictor) in measured.items() or {OURS: ("benchmarks", None)}.items():
        is_ours = name == OURS
        rates = [_not_measured_cell(source)] * 4
        if predictor is not None:
            rates = [
                _pint_cell(predictor, source),
                _rate_cell(predictor, source, "notinject", "fpr", "n_benign"),
                _alarms_cell(predictor, source),
                _rate_cell(predictor, source, "generated/flip", "recall", "n_attack"),
            ]
        size, latency = (
            (_size_cell(files), _latency_cell(files, "deep", _lengths(files)[-1])) if is_ours else (Cell(NO_FIGURE),) * 2
        )
        licence = Cell("Apache-2.0", "LICENSE") if is_ours else Cell(NO_FIGURE)
        beside_peers = _peer_cells(files, _guard_among_peers(files)) if is_ours else [Cell(NO_FIGURE)] * len(PEER_COLUMNS)
        rows.append([Cell(name), size, *rates[:3], latency, rates[3], *beside_peers, licence])
    rows += [_peer_row(files, name, headers) for name in _peers(files)]
    comparable = [key for key in PUBLISHED_COLUMNS if key != "Licence"]
    for system in dict.fromkeys(row["system"] for row in published):
        cells = {key: _published_cells(published, system, *PUBLISHED_COLUMNS[key]) for key in PUBLISHED_COLUMNS}
        if any(cells[key] for key in comparable):
            rows.append([Cell(system), *((cells.get(key) or [Cell(NO_FIGURE)])[0] for key in headers[1:])])
    return PaperTable("systems", "Guards, measured here and as others published them", headers, rows)


def _peers(files: Mapping[str, Any]) -> list[str]:
    """The guards of packages in peers.json, those that were not run included."""
    return [name for name, guard in files.get("peers", {}).get("guards", {}).items() if "package" in guard["about"]]


def _guard_among_peers(files: Mapping[str, Any]) -> str | None:
    """The name of this project's guard in peers.json; None without that file, or where only the peers were scored."""
    guards = files.get("peers", {}).get("guards", {})
    return next((name for name, guard in guards.items() if "package" not in guard["about"]), None)


def _peer_row(files: Mapping[str, Any], name: str, headers: Sequence[str]) -> list[Cell]:
    about = files["peers"]["guards"][name]["about"]
    title = Cell(
        f"{name} {about.get('version', '')}".rstrip(),
        f"{about['package']}: {about['about']}; long texts: {about['long_texts']}; trained on {about['trained_on']}",
    )
    cells = dict(zip(PEER_COLUMNS, _peer_cells(files, name), strict=True))
    cells["Licence"] = Cell(about["licence"], f"of the package {about['package']}")
    return [title, *(cells.get(header, Cell(NO_FIGURE)) for header in headers[1:])]


def _peer_cells(files: Mapping[str, Any], name: str | None) -> list[Cell]:
    """PEER_COLUMNS of a guard in peers.json: mean recall and FPR on chat at both thresholds, processor time of a text."""
    if name is None or files["peers"]["guards"][name]["status"] != "run":
        reason = files["peers"]["guards"][name]["reason"] if name else ""
        return [_not_measured_cell("peers", reason)] * len(PEER_COLUMNS)
    record = files["peers"]
    guard = record["guards"][name]
    attacks = {file: rows["n_attack"] for file, rows in record["files"].items() if rows["n_attack"]}
    seen = [file for file in attacks if _is_seen(guard, file)]
    mark = f" {SEEN_MARK}" if seen else ""
    rates = []
    for point in ("own", "matched"):
        threshold = (
            "its own threshold" if point == "own" else f"the threshold for at most {percent(record['chat_fpr'])} FPR on chat"
        )
        detail = (
            f"{threshold}; recall: mean over {len(attacks)} files, n={sum(attacks.values())}; FPR: {', '.join(record['chat'])}, "
        )
        detail += f"n={record['n_chat']}" + (f"; {SEEN_MARK}: {SEEN_MEANING}: {', '.join(seen)}" if seen else "")
        recall, alarms = percent(guard["mean_recall"][point]), percent(guard["chat_fpr"][point])
        rates.append(_measured_cell(f"{recall}{mark}, {alarms}", "peers", detail))
    detail = f"median processor time, one text, one thread, {', '.join(guard['ms_cpus'])}"
    return [*rates, _measured_cell(f"{guard['ms']:.1f}", "peers", detail)]


def _is_seen(guard: Mapping[str, Any], file: str) -> bool:
    """Whether a guard's own documents name the source of an evaluation file as training data."""
    return file in guard["about"].get("in_distribution", ())


def _attacks_table(files: Mapping[str, Any], published: Sequence[Mapping[str, Any]]) -> PaperTable:
    predictors: list[tuple[str, str, Mapping[str, Any] | None]] = list(_predictors(files))
    others = [entry for entry in predictors if entry[0] != OURS]
    peers = [name for name in _peers(files) if files["peers"]["guards"][name]["status"] == "run"]
    headers = [
        "Attack",
        "Found",
        "FPR on harmless twins",
        *(f"Found by {name}" for name, _, _ in others),
        *(f"Found by {name}" for name in peers),
        "Most that others published",
    ]
    rows = []
    for title, (benchmark, group, part, elsewhere) in ATTACKS.items():
        cells = [Cell(title)]
        for name, source, predictor in predictors or [(OURS, "benchmarks", None)]:
            result, reason = _result(predictor, benchmark) if predictor else (None, "")
            if result is not None and group is not None:
                result, reason = result[group].get(part), f"{part} was not generated"
            rates = (("recall", "n_attack"), ("fpr", "n_benign")) if name == OURS else (("recall", "n_attack"),)
            for rate, n in rates:
                if result is not None and result[rate] is not None:
                    cells.append(_measured_cell(f"{rate_of(result, rate)}, n={result[n]}", source))
                else:
                    cells.append(_not_measured_cell(source, reason))
        published_cells = _published_cells(published, None, elsewhere, "detection rate") if elsewhere else []
        best = max(published_cells, key=lambda cell: float(cell.text.partition("%")[0]), default=Cell(NO_FIGURE))
        rows.append([*cells, *[Cell(NO_FIGURE)] * len(peers), best])
    rows += _file_rows(files, others, peers)
    return PaperTable(
        "attacks",
        "Share of attacks found: in disguise, with false alarms on the same disguise of harmless texts, and in evaluation files",
        headers,
        rows,
    )


def _file_rows(
    files: Mapping[str, Any], others: Sequence[tuple[str, str, Mapping[str, Any] | None]], peers: Sequence[str]
) -> list[list[Cell]]:
    """Rows of table 2 for the evaluation files with attacks in peers.json; one row that names the command without that file."""
    record = files.get("peers")
    if record is None:
        missing = [Cell("Evaluation files, beside guards in packages"), _not_measured_cell("peers")]
        return [[*missing, *[Cell(NO_FIGURE)] * (len(others) + 2)]]
    rows = []
    for file, counts in record["files"].items():
        if not counts["n_attack"]:
            continue
        baselines = [_rate_cell(predictor, source, file, "recall", "n_attack") for _, source, predictor in others if predictor]
        ours, *found = (_found_cell(record, name, file) for name in (_guard_among_peers(files), *peers))
        rows.append([Cell(f"File {file}"), ours, Cell(NO_FIGURE), *baselines, *found, Cell(NO_FIGURE)])
    return rows


def _found_cell(record: Mapping[str, Any], name: str | None, file: str) -> Cell:
    """Recall of a guard of peers.json on a file, at its own threshold and at the common FPR on chat."""
    guard = record["guards"][name] if name else None
    if guard is None or guard["status"] != "run":
        return _not_measured_cell("peers", guard["reason"] if guard else "")
    own, matched = (percent(guard["recall"][point][file]) for point in ("own", "matched"))
    is_seen = _is_seen(guard, file)
    detail = f"at its own threshold, then at the one for at most {percent(record['chat_fpr'])} FPR on chat"
    return _measured_cell(
        f"{own}, {matched}{f' {SEEN_MARK}' if is_seen else ''}, n={record['files'][file]['n_attack']}",
        "peers",
        f"{detail}; {SEEN_MARK}: {SEEN_MEANING}" if is_seen else detail,
    )


def _lengths(files: Mapping[str, Any]) -> list[str]:
    """The lengths in tokens that were timed, the longest last: those that fit a window of the model."""
    return list(files.get("optimization", {}).get("latency", {}).get("int8", {}).get("deep", {})) or list(LENGTHS)


def _size_cell(files: Mapping[str, Any]) -> Cell:
    size = files.get("optimization", {}).get("files", {}).get(INT8_FILE)
    return _measured_cell(f"{size['size_mb']:.1f}", "optimization", "INT8") if size else _not_measured_cell("optimization")


def _latency_cell(files: Mapping[str, Any], route: str, length: str) -> Cell:
    latency = files.get("optimization", {}).get("latency", {})
    times = latency.get("int8", {}).get(route, {}).get(length)
    if times is None:
        return _not_measured_cell("optimization")
    conditions = latency["conditions"]
    detail = f"P95, INT8, {route} route, {length} tokens, {conditions['threads']} thread, {conditions['cpu']}"
    return _measured_cell(f"{times['p95_ms']:.2f}", "optimization", detail)


def _efficiency_table(files: Mapping[str, Any], published: Sequence[Mapping[str, Any]]) -> PaperTable:
    headers = ["Metric", OURS, f"Network of {PEER}, same machine", f"{PEER}, published"]
    rows = [
        [Cell("Size, MB"), _size_cell(files), Cell(NO_FIGURE), *_first(_published_cells(published, PEER, None, "size in MB"))]
    ]
    for length in _lengths(files):
        for route in ("fast", "deep"):
            title = Cell(f"Latency P95, {route} route, {length} tokens, ms")
            rows.append([title, _latency_cell(files, route, length), _peer_latency(files, length), Cell(NO_FIGURE)])
    rows.append(
        [
            Cell("Latency, ms, as published"),
            Cell(NO_FIGURE),
            Cell(NO_FIGURE),
            *_first(_published_cells(published, PEER, None, "latency in ms")),
        ]
    )
    ratio = files.get("latency", {}).get("lengths", {}).get(LENGTHS[0], {}).get("ratios", {}).get(PEER_NETWORK)
    mix = _measured_cell(f"{ratio['mix']:.2f}x", "latency", "70% fast, 30% deep") if ratio else _not_measured_cell("latency")
    rows.append([Cell(f"Mean latency against that network, {LENGTHS[0]} tokens"), mix, Cell("1"), Cell(NO_FIGURE)])
    rows.append([Cell("Texts a second"), _throughput_cell(files), Cell(NO_FIGURE), Cell(NO_FIGURE)])
    return PaperTable("efficiency", "Size and speed", headers, rows)


def _first(cells: Sequence[Cell]) -> list[Cell]:
    return [*cells, Cell(NO_FIGURE)][:1]


def _peer_latency(files: Mapping[str, Any], length: str) -> Cell:
    """The faster of the two ways in which ONNX Runtime runs the network."""
    times = files.get("latency", {}).get("lengths", {}).get(length, {}).get("times", {})
    runs = [row for name, row in times.items() if name.startswith(PEER_NETWORK)]
    if not runs:
        return _not_measured_cell("latency")
    fastest = min(runs, key=lambda row: row["p50_ms"])
    conditions = files["latency"]["conditions"]
    return _measured_cell(
        f"{fastest['p95_ms']:.2f}", "latency", f"random weights, INT8, {conditions['threads']} thread, {conditions['cpu']}"
    )


def _throughput_cell(files: Mapping[str, Any]) -> Cell:
    throughput = files.get("optimization", {}).get("throughput", {})
    if "int8" not in throughput:
        return _not_measured_cell("optimization")
    conditions = throughput["conditions"]
    detail = f"{conditions['threads']} threads, one text each, from text to scores, {conditions['cpu']}"
    return _measured_cell(f"{throughput['int8']['requests_per_second']:.0f}", "optimization", detail)


# ---------------------------------------------------------------------------------------------------------- rendering


def tables_markdown(tables: Iterable[PaperTable]) -> str:
    return "\n\n".join(_markdown(table) for table in tables) + "\n"


def _markdown(table: PaperTable) -> str:
    marks = table.notes()
    lines = [f"## {table.title}", "", _markdown_row(table.headers), "|" + "---|" * len(table.headers)]
    lines += [_markdown_row([_marked(cell, marks, markdown_text, " [{}]") for cell in row], is_final=True) for row in table.rows]
    lines += ["", _explanation(), "", *(f"- [{mark}] {markdown_text(note)}" for (note, _), mark in marks.items())]
    return "\n".join(lines)


def _markdown_row(cells: Sequence[str], *, is_final: bool = False) -> str:
    return "| " + " | ".join(cell if is_final else markdown_text(cell) for cell in cells) + " |"


def tables_latex(tables: Iterable[PaperTable]) -> str:
    r"""Needs \usepackage{booktabs,graphicx}; each table fits the width of the text."""
    return "\n".join(_latex(table) for table in tables)


def _latex(table: PaperTable) -> str:
    marks = table.notes()
    rows = [
        " & ".join(_marked(cell, marks, latex_text, r"\textsuperscript{{{}}}") for cell in row) + r" \\" for row in table.rows
    ]
    notes = r" \\ ".join(rf"\textsuperscript{{{latex_text(mark)}}} {latex_text(note)}" for (note, _), mark in marks.items())
    return "\n".join(
        [
            r"\begin{table}",
            r"  \centering",
            rf"  \caption{{{latex_text(table.title)}. {latex_text(_explanation())}}}",
            rf"  \label{{tab:{table.label}}}",
            r"  \resizebox{\textwidth}{!}{%",
            rf"  \begin{{tabular}}{{{'l' * len(table.headers)}}}",
            r"    \toprule",
            "    " + " & ".join(map(latex_text, table.headers)) + r" \\",
            r"    \midrule",
            *(f"    {row}" for row in rows),
            r"    \bottomrule",
            r"  \end{tabular}}",
            rf"  \par\footnotesize {notes}",
            r"\end{table}",
            "",
        ]
    )


def _marked(cell: Cell, marks: Mapping[tuple[str, bool], str], escape: Callable[[str], str], form: str) -> str:
    mark = marks.get((cell.note, cell.is_foreign)) if cell.note else None
    return escape(cell.text) + (form.format(escape(mark)) if mark else "")


def _explanation() -> str:
    return (
        f"{DAGGER}: published by others, in another harness, not to be compared row by row. {NO_FIGURE}: neither measured here "
        "nor in configs/published.yaml. Intervals are 95%"
    )


def latex_text(text: str) -> str:
    return "".join(LATEX_SPECIAL.get(character, character) for character in text)
