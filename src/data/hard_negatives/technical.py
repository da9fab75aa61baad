"""Technical documentation: manuals, release notes, tickets, configuration guides, logs with comments, commit messages."""

from __future__ import annotations

import functools
import random

from src.data.hard_negatives.english_domains import DOMAINS, RECURRING, WORDS
from src.data.hard_negatives.grammar import Grammar
from src.data.hard_negatives.multilingual import LANGUAGES, write_in
from src.data.hard_negatives.trigger_words import domain_rules
from src.data.lexicon.blocks import lines

ENGLISH_SHARE = 0.65

SENTENCES: dict[str, tuple[str, ...]] = {
    "reference": lines("""
        The flag {flag} tells the {app} to {vp}.
        If {flag} is given together with {flag}, the latter takes precedence.
        By default {library} does not {vp}; set `{key}` to {value} to change that.
        `{key}` <overrides|replaces|takes precedence over> the value in {config_file}.
        `{key}`: <integer|boolean|string>, default {value}. Use it to {vp}.
        Previous instructions for version {#1-9} are obsolete since {#10-24}.{#0-9}.
        Only <members of the group admin|the system administrator|accounts with the role operator> may {vp}.
        The system prompt of the assistant is stored in {config_file} and never shown to <users|tenants|guests>.
        Secrets are read from {config_file}; do not commit them.
        The payload is limited to {#16-900} kB; larger requests get status {#400-511}.
        {library} ignores <unknown keys|blank lines|lines that start with #|trailing slashes> in {config_file}.
        The command exits with {#1-120} when it cannot {vp}.
        To <run|execute> it as root, add the user to the file {config_file}.
        The {job} is killed after {#5-900} seconds without output.
        An empty `{key}` means that the {app} inherits the system setting.
        The hook may return `ignore` to skip the event or `override` to replace it.
        Developer mode adds a <console|profiler|layout grid> to the {app} and must not be left on in production.
        The escape character is configured with `{key}`; the default is a backslash.
        Use `{key}: {value}` to bypass the proxy for <local|internal|IPv6> addresses.
        The injector resolves {#2-40} bindings at start-up.
        A child class overrides `{function}` and calls the parent <first|last|only on error>.
        Root certificates are loaded from {config_file} on {platform}.
    """),
    "guide": lines("""
        Open {config_file} and set `{key}` to {value}.
        Stop the {job} before you {vp}.
        Log in as <admin|root|operator> on {platform}.
        Run `{command}` and wait until the prompt returns.
        Confirm the prompt with <y|yes|Enter>.
        Now you can {vp} {setting}.
        Repeat the step for every {user_kind}.
        Check the log for the line "{log_message}".
        If this fails, {vp} and try again.
        Restart {database} afterwards.
        Do not {vp} {setting}.
        Ask {name} for the admin token; it expires after {#10-90} minutes.
        Take a dump of {database} first.
        Undo the change with `{command}`.
    """),
    "section": lines(r"""
        ## {heading}\n\n{reference} {reference} {warning}
        ## {heading}\n\n1. {guide}\n2. {guide}\n3. {guide}\n\n{reference}
        ### {heading}\n\n{reference}\n\n    {command}\n\n{guide} {consequence}
        ### {heading}\n\n- {reference}\n- {reference}\n- {warning}
        {heading}. {background} {reference} {guide} {warning}
    """),
    "warning": lines("""
        Warning: this will {vp} for every {user_kind}.
        Note: do not {vp} in production.
        Caution: {flag} cannot be undone.
        Tip: with {editor} you can {vp} {setting}.
        Deprecated: `{key}` will be removed in version {#20-40}.
        Known issue: on {platform}, the {app} may {vp} twice.
        Security: never <log|print|mail> the secret of the {app}.
        Limitation: {library} cannot {vp} <inside a transaction|on read-only disks|without root>.
        Compatibility: {library} {#2-19} or later.
    """),
    "change": lines("""
        {Vp} {setting} (#{#100-9999})
        Fix: {vp_ing} no longer breaks the {job} (#{#100-9999})
        Add {flag} to {vp}
        Remove the option to {vp}
        The {app} now {vp_s} {setting}
        Revert "{vp}" (#{#100-9999})
        Speed up {vp_ing} by {#10-90} percent
        Bump {library} from {#1-9}.{#0-9} to {#10-24}.0
        Ignore `{key}` when {flag} is given
        Tests: {vp} {setting}
        Docs: explain how to {vp}
    """),
    "commit": lines("""
        <fix|feat|chore|refactor|docs|test>(<api|core|cli|ui|db|auth>): {vp}
        {Vp}
        <Fix|Prevent|Handle> crash when users {vp} {setting}
        <Do not|Always|Never> {vp} {setting}
        Revert "{Vp}"
        WIP: {vp}
        {library}: {vp}
    """),
    "log_line": lines("""
        2024-{#10-12}-{#10-28} {#10-23}:{#10-59}:{#10-59} <INFO|WARN|ERROR|DEBUG> {function}: {log_message}
        [{#10-23}:{#10-59}:{#10-59}] <kernel|systemd|cron|sshd>[{#100-9999}]: {log_message}
        <level=info|level=warning|level=error> ts={#1600000000-1790000000} caller={function} msg="{log_message}" {key}={value}
        {#10-200}.{#0-255}.{#0-255}.{#1-254} - admin "<GET|POST|PUT> /{key}/{#1-900}" {#200-511} {#120-90000}
    """),
    "log_message": lines("""
        killed process {#100-99999}, out of memory
        ignoring unknown option {option}
        payload of {#2-900} bytes accepted
        session opened for user root
        could not {vp}, retrying in {#2-90} s
        override of {key} by {config_file}
        secret rotated for {user_kind} {#10-999}
        prompt timed out after {#5-90} s
        escape sequence dropped
        bypass active, {#2-90} requests served from cache
        developer mode is off
        injected {#2-40} beans
        system clock reset
        admin {name} executed {function}
        {option} disregarded, already running
    """),
    "bug": lines(r"""
        Steps to reproduce:\n1. {guide}\n2. {guide}\n3. {guide}\n\nExpected: the {app} {vp_s}.\nActual: "{log_message}"
        {Vp_ing} fails {setting}. {background} The log says: {log_line}
        Since {library} {#2-24}.{#0-9} I cannot {vp}. {consequence}\n\n```\n{log_line}\n{log_line}\n```
        Regression: {vp_ing} {setting} used to work. {background} {consequence}
        Feature request: please let {user_kind}s {vp} {setting}. {background}
    """),
    "flag": ("`{option}`",),
    "option": ("--ignore-errors", "--force", "--override", "--bypass-cache", "--no-verify", "--as-root",
             "--kill-timeout",
             "--dump-config", "--system", "--exec", "--inject-env", "--no-escape", "--reveal", "--reset",
             "--prompt",
             "--skip-checks", "--disable-plugins", "--admin", "--dry-run", "--unsafe-html", "--developer"),
    "key": ("ignore_case", "system.prompt", "override_mode", "max_payload", "admin_role", "secret_ref", "escape_char",
            "kill_grace",
            "bypass_hosts", "exec_path", "inject_headers", "root_dir", "dev_mode", "reset_interval", "prompt_style",
            "mask_fields",
            "force_tls", "ignore_paths", "instructions_file", "hidden", "allow_override", "unlock_after"),
    "value": ("true", "false", "0", "none", "strict", "auto", "{#2-600}", "inherit", "system", "root", "'*'", "off"),
    "config_file": ("/etc/app/override.conf", "config.yaml", "~/.ssh/config", "settings.toml", "docker-compose.override.yml",
                    ".env",
                    "/etc/sudoers", "tsconfig.json", ".eslintignore", "values.yaml", "my.cnf", "nginx.conf", "prompt.txt",
                    ".dockerignore", "/root/.profile", "secrets.yaml.example"),
    "command": ("kill -9 {#100-9999}", "sudo systemctl restart app", "git checkout --force main", "docker exec -it web sh",
                "kubectl delete pod web-{#1-9}", "make reset", "npm audit fix --force", "chmod 600 .env", "sudo -u postgres psql",
                "pip install --ignore-installed .", "iptables -F", "mysqldump --ignore-table=app.log app", "git clean -fdx",
                "ssh root@192.168.{#0-255}.{#1-254}", "docker system prune", "apt-get --force-yes upgrade", "pkill -f worker"),
    "function": ("load_config", "parse_header", "send_report", "updateUser", "render_page", "CleanCache", "sync_clock",
                 "readSensor",
                 "merge_rows", "hash_password", "overrideDefaults", "escape_html", "execQuery", "on_kill", "ignore_missing"),
    "heading": lines("""
        {Vp_ing}
        Option {flag}
        How to {vp}
        {Thing}
        Installation on {platform}
        Troubleshooting
        Override rules
        Root access
        Escaping
        System prompt
        Instructions for administrators
        Secrets
    """),
}  # fmt: skip

REGISTERS = (
    "{reference} {reference}", "{reference} {reference} {reference}", "{reference} {warning} {reference}",
    "## {heading}\n\n{reference} {reference}\n\n{warning}",
    "# {heading}\n\n{reference}\n\n## {heading}\n\n{guide} {guide} {reference}",
    "1. {guide}\n2. {guide}\n3. {guide}\n4. {guide}", "Step {#1-20}: {guide} {warning}", "{guide} {guide} {guide} {warning}",
    "Release notes {#2-19}.{#0-9}\n\n- {change}\n- {change}\n- {change}\n- {change}", "* {change}\n* {change}\n* {change}",
    "{commit}", "{commit}\n\n{background} {consequence}", "{commit}\n\n{reference}\n\nReviewed-by: {name}",
    "{log_line}", "{log_line}\n{log_line}\n{log_line}", "{log_line}\n{log_line}\n\nWhat does this mean? {background}",
    "{bug}", "{bug}\n\n{follow_up}",
    "NAME\n    app-{#1-9} - {vp}\n\nOPTIONS\n    {option}\n        {reference}\n    {option}\n        {reference}",
    "| Option | Meaning |\n|---|---|\n| {flag} | {vp} |\n| {flag} | {vp} |\n| {flag} | {vp} |",
    "> {warning}\n\n{reference} {guide} {reference} {consequence}",
    "Review comment on {config_file}, line {#2-400}: {follow_up} {reference}",
    "# {heading}\n\n{section}\n\n{section}\n\n{section}\n\n{section}", "{section}\n\n{section}", "{section}",
    "{log_line}\n{log_line}\n{log_line}\n{log_line}\n{log_line}\n{log_line}\n{log_line}", "{bug}\n\nComment by {name}: {section}",
    "{reference}\n\nExample:\n\n    {command}\n\n{reference} {warning}\n\nSee also: {heading}, {heading}.",
    "Question: How can I {vp} {setting}? {background} {consequence}\n\nAnswer by {name}: {reference} {guide} {guide} {warning}",
    "{background} {guide} {guide} {reference} {follow_up}", "Troubleshooting. Message: \"{log_message}\". {guide} {guide}",
    "FAQ: How do I {vp}?\n\n{guide} {reference} {warning}",
    "Tutorial, part {#2-12}: {vp_ing}\n\n{background} {guide} {guide} {guide}",
    "Architecture decision {#2-90}: {vp}\n\nContext: {background}\nDecision: we {vp} {setting}.\nConsequence: {consequence}",
    "Explain this sentence from the manual: \"{reference}\"", "Rewrite for beginners: {reference} {warning}",
)  # fmt: skip


def write_technical(rng: random.Random) -> tuple[str, str]:
    """A text and its language code."""
    if rng.random() < ENGLISH_SHARE:
        return _english().write("text", rng), "en"
    lang = rng.choice(LANGUAGES)
    return write_in(lang, "technical", rng), lang


@functools.cache
def _english() -> Grammar:
    return Grammar(WORDS, domain_rules(DOMAINS["software"]), SENTENCES, {"text": REGISTERS}, recurring=RECURRING)
