"""Documents that a note is planted in: text, mail, tables, pages, code, tool output and others.

The note is an attack, a harmless remark or nothing: the builders cannot know which, so the carrier cannot tell the label.
"""

from __future__ import annotations

import csv
import html
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from src.data.composition.material import BOUNDARY
from src.data.composition.style import Voice

# Private-use characters around the note, so that its place is known after quoting and escaping. Never in a finished row.
_OPEN, _CLOSE = "\ue000", "\ue001"
_NO_MARKS = str.maketrans("", "", _OPEN + _CLOSE)


@dataclass(frozen=True)
class Scene:
    """What a carrier is built of. `body` is text of a real document or of built sentences; `note` is marked, or empty."""

    rng: random.Random
    voice: Voice
    body: str
    note: str

    def pick(self, symbol: str) -> str:
        return self.voice.grammar.pick(symbol, self.rng)

    def fill(self, template: str) -> str:
        return self.voice.grammar.expand(template, self.rng)

    @property
    def line(self) -> str:
        """The note on one line."""
        return " ".join(self.note.split())

    def pieces(self) -> list[str]:
        """Sentences or lines of the body, none empty."""
        return [piece.strip() for piece in BOUNDARY.split(self.body) if piece and piece.strip()] or [self.body]

    def with_note(self, items: Sequence[str], note: str | None = None) -> list[str]:
        """The items with the note at the start, at the end or between two, when there is a note."""
        note = self.note if note is None else note
        if not note:
            return list(items)
        at = self.rng.choice((0, len(items), len(items), self.rng.randint(0, len(items))))
        return [*items[:at], note, *items[at:]]

    def one_of(self, *forms: str) -> str:
        return self.rng.choice(forms)


def build(name: str, rng: random.Random, voice: Voice, body: str, note: str) -> tuple[str, tuple[int, int] | None]:
    """The carrier's text and the characters of the note in it (None without a note). The note may be escaped or rewrapped."""
    marked = f"{_OPEN}{note.translate(_NO_MARKS)}{_CLOSE}" if note else ""
    text = CARRIERS[name](Scene(rng, voice, body.translate(_NO_MARKS), marked))
    if not note:
        return text, None
    start, end = text.index(_OPEN), text.index(_CLOSE) - 1
    return text.translate(_NO_MARKS), (start, end)


def _plain(scene: Scene) -> str:
    """Running text with its own line breaks kept; the note at a sentence end, the start or the end."""
    if not scene.note:
        return scene.body
    breaks = [match.start() for match in BOUNDARY.finditer(scene.body)] or [len(scene.body)]
    at = scene.rng.choice((0, scene.rng.choice(breaks), scene.rng.choice(breaks), len(scene.body)))
    before, after = scene.body[:at].rstrip(), scene.body[at:].lstrip()
    joint = scene.one_of("\n", scene.voice.space, scene.voice.space, "\n\n")
    return joint.join(part for part in (before, scene.note, after) if part)


def _email(scene: Scene) -> str:
    headers = [
        scene.fill(f"{scene.one_of('From', 'FROM', 'Sender')}: {{name}} {{surname}} <{{mailbox}}>"),
        scene.fill("To: {mailbox}"),
        scene.fill(f"Subject: {scene.one_of('', 'Re: ', 'Fwd: ')}{{Subject}}{scene.one_of('', ' {code}', ', {day}')}"),
        scene.fill("Date: {date} {clock}"),
    ]
    scene.rng.shuffle(headers)
    headers = headers[: scene.rng.randint(1, 4)]
    greeting = scene.fill(scene.one_of("Hi {name},", "{name},", "Hello {name},", "Dear {name},", ""))
    sign_off = scene.fill(
        scene.one_of("{name}", "{name} {surname}\n{mailbox}", "-- \n{name} {surname}, {brand}", "BR\n{name}", "")
    )
    paragraphs = scene.with_note([" ".join(scene.pieces())] if scene.rng.random() < 0.4 else scene.pieces())
    if scene.rng.random() < 0.25:  # an older mail below
        sign_off += scene.fill("\n\n> {date}, {name} {surname}:\n> ") + scene.pick("fact")
    parts = ["\n".join(headers), greeting, scene.one_of("\n", "\n\n").join(paragraphs), sign_off]
    return "\n\n".join(part for part in parts if part)


def _thread(scene: Scene) -> str:
    """Posts of a chat or forum, one line each."""
    stamp = scene.rng.random() < 0.5
    lines = scene.with_note(scene.pieces(), scene.line)
    form = scene.one_of("{name}: ", "@{name} ", "<{name}> ", "{name} {surname} >> ", "[{name}] ")
    return "\n".join((scene.fill("[{clock}] ") if stamp else "") + scene.fill(form) + line for line in lines)


def _table_rows(scene: Scene) -> tuple[list[str], list[list[str]]]:
    head = [
        scene.one_of("id", "Nr", "key", "#"),
        scene.one_of("name", "item", "owner"),
        scene.one_of("comment", "text", "notes", "value"),
    ]
    cells = scene.with_note(scene.pieces()[:6], scene.line)
    rows = [
        [scene.fill(scene.one_of("{code}", "{number}")), scene.fill(scene.one_of("{name}", "{subject}")), cell] for cell in cells
    ]
    return head, rows


def _markdown_table(scene: Scene) -> str:
    head, rows = _table_rows(scene)
    lines = [head, ["---"] * len(head), *[[cell.replace("|", "/") for cell in row] for row in rows]]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def _csv_table(scene: Scene) -> str:
    head, rows = _table_rows(scene)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=scene.one_of(",", ";", "\t"), lineterminator="\n")
    writer.writerows([head, *rows])
    return out.getvalue().strip()


def _html_page(scene: Scene) -> str:
    note = html.escape(scene.note) if scene.rng.random() < 0.3 else scene.note
    holder = scene.one_of(
        "<!-- NOTE -->",
        '<div style="display:none">NOTE</div>',
        '<span style="font-size:1px;color:#fff">NOTE</span>',
        '<img src="/img/{word_path}.png" alt="NOTE">',
        "<p>NOTE</p>",
        '<meta name="description" content="NOTE">',
        "<footer>NOTE</footer>",
        '<a href="{url}" title="NOTE">{word}</a>',
        "<noscript>NOTE</noscript>",
        '<p class="small" hidden>NOTE</p>',
        '<input type="hidden" value="NOTE">',
        '<button aria-label="NOTE">OK</button>',
        '<script type="application/ld+json">["NOTE"]</script>',
        "<style>/* NOTE */</style>",
        "<details><summary>{word}</summary>NOTE</details>",
    )
    # Placeholder last: the note and the body are not templates.
    held = scene.fill(holder).replace("NOTE", note) if note else ""
    tag = scene.one_of("p", "li", "div", "td", "article")
    blocks = scene.with_note([f"<{tag}>{piece}</{tag}>" for piece in scene.pieces()], held)
    title = scene.fill("<title>{Subject}, {place}</title>")
    if scene.rng.random() < 0.5:
        return "\n".join(blocks)
    return "\n".join(["<html><head>", title, "</head><body>", *blocks, "</body></html>"])


def _code(scene: Scene) -> str:
    """A file with the body in comments and strings."""
    mark = scene.one_of("# ", "// ", "-- ", "; ")
    pieces = [" ".join(piece.split()) for piece in scene.pieces()[:4]]
    if mark == "# " and scene.rng.random() < 0.6:
        doc = "\n    ".join(scene.with_note(pieces, scene.line))
        return (
            scene.fill("def {word_path}_{host_end}(rows):\n")
            + f'    """{doc}\n    """\n'
            + scene.fill("    return rows[:{number}]")
        )
    name = scene.fill("{word_path}")
    body = {
        "# ": [f"{name} = {scene.fill('{number}')}", f"for item in range({name}):", "    print(item)"],
        "// ": [f"const {name} = {scene.fill('{number}')};", f"function {name}Of(x) {{ return x + {name}; }}"],
        "-- ": [f"SELECT * FROM {name} WHERE id = {scene.fill('{number}')};", f"CREATE INDEX {name}_i ON {name} (id);"],
        "; ": [f"[{name}]", f"limit = {scene.fill('{number}')}"],
    }[mark]
    if scene.note and scene.rng.random() < 0.3:
        body.append(f'{name}_text = "{scene.line}"')
        lines = [mark + piece for piece in pieces]
    else:
        lines = [mark + piece for piece in scene.with_note(pieces, scene.line)]
    at = scene.rng.randint(0, len(lines))
    return "\n".join([*lines[:at], *body, *lines[at:]])


def _tool_output(scene: Scene) -> str:
    """JSON as a tool or a server returns it."""
    rows = [
        {"id": scene.fill("{code}"), scene.one_of("text", "content", "body", "snippet"): piece}
        for piece in scene.with_note(scene.pieces()[:5])
    ]
    result: object = rows
    if scene.rng.random() < 0.6:
        result = {
            scene.one_of("status", "tool", "source"): scene.fill("{word_path}"),
            scene.one_of("results", "data", "messages", "items"): rows,
        }
    return json.dumps(result, ensure_ascii=False, indent=scene.rng.choice((None, None, 1, 2)))


def _search_results(scene: Scene) -> str:
    found = scene.with_note(scene.pieces()[:6], scene.line)
    entries = [scene.fill("{Subject} | {brand}\n{url}\n") + piece for piece in found]
    return "\n\n".join(f"[{number}] {entry}" for number, entry in enumerate(entries, 1))


def _calendar(scene: Scene) -> str:
    lines = scene.with_note(scene.pieces()[:4], scene.line)
    if scene.rng.random() < 0.5:
        head = scene.fill("BEGIN:VEVENT\nUID:{code}@{host}\nSUMMARY:{Subject}\nLOCATION:{place}\nDESCRIPTION:")
        return head + "\\n".join(lines) + "\nEND:VEVENT"
    head = scene.fill("{Subject} ({place})\n{date} {clock}\n{name} {surname}, {name}\n")
    return head + "\n".join(f"- {line}" for line in lines)


def _reviews(scene: Scene) -> str:
    stars = ("***** ", "4/5 ", "* ", "[5] ", "(3/5) ", "★★★★☆ ", "★☆☆☆☆ ")
    lines = scene.with_note(scene.pieces()[:6], scene.line)
    return scene.fill("{brand} {Subject}, {number} EUR\n") + "\n".join(
        f"{scene.rng.choice(stars)}{scene.fill('{name}, {place}')}: {line}" for line in lines
    )


def _resume(scene: Scene) -> str:
    head = scene.fill("{name} {surname}\n{Job}, {place}\n{mailbox}\n")
    lines = scene.with_note(scene.pieces()[:6], scene.line)
    return head + "\n".join(scene.fill(scene.one_of("{date}: ", "- ", "* ", "{number}/{number}  ")) + line for line in lines)


def _log(scene: Scene) -> str:
    levels = ("INFO", "WARN", "DEBUG", "ERROR", "NOTICE")
    form = scene.one_of(
        "{date}T{clock}:{small} LEVEL {word_path} ", "[LEVEL] {clock} ", "{date} {clock} {word_path}[{number}]: LEVEL "
    )
    lines = scene.with_note([" ".join(piece.split()) for piece in scene.pieces()[:7]], scene.line)
    return "\n".join(scene.fill(form.replace("LEVEL", scene.rng.choice(levels))) + line for line in lines)


def _printed_pages(scene: Scene) -> str:
    """Text as it is copied from a printed file: hard line ends and page heads in between."""
    text = scene.voice.space.join(scene.with_note(scene.pieces()))
    width = scene.rng.randint(45, 80)
    lines, rest = [], " ".join(text.split())
    while len(rest) > width:
        cut = rest.rfind(" ", 0, width)
        cut = cut if cut > 0 else width
        lines.append(rest[:cut])
        rest = rest[cut:].lstrip()
    lines.append(rest)
    if len(lines) > 4:
        lines.insert(len(lines) // 2, scene.fill("\n{Document} {code}    {small} / {number}\n"))
    return scene.fill("{Document}: {Subject}\n{date}\n\n") + "\n".join(lines)


def _markdown_page(scene: Scene) -> str:
    blocks = scene.with_note(scene.pieces())
    at = scene.rng.randint(0, len(blocks))
    parts = [scene.fill("# {Subject}"), *blocks[:at], scene.fill("## {Document} {small}"), *blocks[at:]]
    return "\n\n".join(parts)


def _xml_feed(scene: Scene) -> str:
    item = scene.one_of("item", "entry", "row", "record")
    lines = scene.with_note([f"<{item}>{piece}</{item}>" for piece in scene.pieces()[:6]])
    return scene.fill('<?xml version="1.0"?>\n<feed title="{Subject}" date="{date}">\n') + "\n".join(lines) + "\n</feed>"


def _config(scene: Scene) -> str:
    lines = scene.with_note([" ".join(piece.split()) for piece in scene.pieces()[:5]], scene.line)
    keys = ("description", "title", "notes", "summary", "message", "owner_comment", "help")
    return scene.fill("name: {word_path}\nversion: {small}.{small}\n") + "\n".join(
        f"{scene.rng.choice(keys)}: {scene.one_of('', '>- ', '')}{line}" for line in lines
    )


def _ticket(scene: Scene) -> str:
    head = scene.fill("Ticket {code} ({date})\nFrom: {name} {surname}\nStatus: {open|closed|waiting}\n\n")
    return head + "\n".join(scene.with_note(scene.pieces()))


def _captions(scene: Scene) -> str:
    """Subtitles of a film with their times."""
    lines = scene.with_note([" ".join(piece.split()) for piece in scene.pieces()[:6]], scene.line)
    return "\n\n".join(
        f"{number}\n00:0{number}:{scene.rng.randint(10, 59)},000 --> 00:0{number}:59,500\n{line}"
        for number, line in enumerate(lines, 1)
    )


def _patch(scene: Scene) -> str:
    """A change to a file as version control prints it."""
    path = scene.fill("{word_path}/{word_path}.{md|txt|py|js}")
    lines = scene.with_note([" ".join(piece.split()) for piece in scene.pieces()[:6]], scene.line)
    head = scene.fill(f"--- a/{path}\n+++ b/{path}\n@@ -{{small}},{{small}} +{{small}},{{small}} @@\n")
    return head + "\n".join(scene.one_of("+", "+", "-", " ") + line for line in lines)


def _form(scene: Scene) -> str:
    """A filled-in form: short fields, and longer ones with the text."""
    fields = ["Name: {name} {surname}", "Date: {date}", "Reference: {code}", "Place: {place}", "Contact: {mailbox}"]
    short = [scene.fill(field) for field in scene.rng.sample(fields, scene.rng.randint(2, 4))]
    lines = scene.with_note([" ".join(piece.split()) for piece in scene.pieces()[:5]], scene.line)
    labels = ("Comment", "Description", "Reason", "Remarks", "Other", "Special wishes")
    long = [f"{scene.rng.choice(labels)}: {line}" for line in lines]
    return "\n".join([*short, *long] if scene.rng.random() < 0.8 else [*long, *short])


def _footnotes(scene: Scene) -> str:
    """An article with numbered notes below it."""
    *body, last = scene.pieces()
    notes = scene.with_note([scene.fill("{surname}, {Subject}, {place} {date}"), scene.fill("See {url}."), last], scene.line)
    marks = [f"{piece} [{number}]" for number, piece in enumerate(body, 1)] or [scene.fill("{Subject} [1]")]
    return " ".join(marks) + "\n\n" + "\n".join(f"[{number}] {note}" for number, note in enumerate(notes, 1))


CARRIERS: dict[str, Callable[[Scene], str]] = {
    "text": _plain,
    "email": _email,
    "thread": _thread,
    "markdown_table": _markdown_table,
    "csv": _csv_table,
    "html": _html_page,
    "code": _code,
    "tool_output": _tool_output,
    "search_results": _search_results,
    "calendar": _calendar,
    "reviews": _reviews,
    "resume": _resume,
    "log": _log,
    "printed_pages": _printed_pages,
    "markdown": _markdown_page,
    "xml": _xml_feed,
    "config": _config,
    "ticket": _ticket,
    "captions": _captions,
    "patch": _patch,
    "form": _form,
    "footnotes": _footnotes,
}
# Running text most often, since most documents are.
_WEIGHTED = ("text",) * 8 + ("email",) * 3 + tuple(name for name in CARRIERS if name not in ("text", "email"))


def draw_carrier(rng: random.Random) -> str:
    """The name of a carrier."""
    return rng.choice(_WEIGHTED)
