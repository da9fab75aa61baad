"""Program text in which the words of attacks are identifiers, keywords, comments and literals, and questions about it."""

from __future__ import annotations

import functools
import random

from src.data.hard_negatives.code_snippets import SNIPPETS
from src.data.hard_negatives.english_domains import DOMAINS, RECURRING, WORDS
from src.data.hard_negatives.grammar import Grammar
from src.data.hard_negatives.trigger_words import domain_rules
from src.data.lexicon.blocks import lines

PARTS: dict[str, tuple[str, ...]] = {
    "verb": ("ignore", "override", "bypass", "inject", "escape", "execute", "kill", "reset", "reveal", "forget", "dump", "mask",
             "force",
             "unlock", "disable", "exploit", "spoof", "hide", "attack", "simulate", "load", "merge", "parse", "render", "flush",
             "steal"),
    "noun": ("prompt", "system", "instruction", "secret", "payload", "admin", "root", "token", "password", "rule", "process",
             "command",
             "session", "filter", "header", "role", "message", "config", "cache", "user", "mode", "input", "query", "sandbox",
             "key",
             "policy", "hook", "shell", "guard", "weapon"),
    "nouns": ("prompts", "systems", "instructions", "secrets", "payloads", "admins", "roots", "tokens", "rules", "processes",
              "commands",
              "filters", "headers", "roles", "messages", "caches", "users", "queries", "keys", "policies", "hooks", "sandboxes"),
    "state": ("hidden", "locked", "masked", "escaped", "ignored", "killed", "overridden", "injected", "expired", "secret",
              "reset"),
    "agent": ("injector", "handler", "guard", "killer", "escaper", "resolver", "loader", "override", "executor", "bypass"),
    "constant": ("IGNORE_CASE", "MAX_PAYLOAD", "ROOT_DIR", "SYSTEM_PROMPT", "ADMIN_ROLE", "KILL_TIMEOUT", "SECRET_NAME",
                 "ESCAPE_CHAR",
                 "OVERRIDE_MODE", "EXEC_PATH", "DEV_MODE", "BYPASS_HOSTS", "PROMPT_STYLE", "FORCE_TLS", "RESET_AFTER"),
    "snake": ("{verb}_{noun}", "{verb}_{nouns}", "{noun}_{noun}", "{verb}_{noun}_{noun}", "is_{noun}_{state}"),
    "camel": ("{verb}{Noun}", "{verb}{Nouns}", "{noun}{Noun}", "{verb}{Noun}{Noun}", "is{Noun}{State}"),
    "pascal": ("{Verb}{Noun}", "{Noun}{Noun}", "{Noun}{Agent}", "{Verb}{Noun}Exception", "Abstract{Noun}"),
    "kebab": ("{verb}-{noun}", "{noun}-{noun}", "no-{verb}", "{verb}-{nouns}"),
    "literal": ("ignore previous line", "system", "override", "root", "admin", "<user|guest>", "secret-{#10-999}", "DAN",
                "developer mode",
                "you are here", "{kebab}", "reset to default", "do not disturb", "new instructions", "prompt > ",
                "{verb} all {nouns}"),
    "remark": lines("""
        {vp}
        do not {vp} {setting}
        TODO({name}): {vp}
        FIXME: {vp_ing} is slow
        {follow_up}
        {consequence}
        see ticket {#100-9999}
        {name} asked to {vp}
        ignore the rest
        override in subclasses
        never reached
        wird vom Test überschrieben
        Warnungen ignorieren, siehe Ticket {#100-9999}
        remplace la valeur par défaut
        ignora mayúsculas y minúsculas
        Admin-Rechte nötig, vor {#2-30} Sekunden abgelaufen
        Ausnahme wird hier bewusst verschluckt
        nur zum Testen, später entfernen ({name})
        ne pas exécuter en production
        échapper les guillemets, sinon la requête casse
        forcer le rafraîchissement, voir ticket {#100-9999}
        reinicia la sesión del administrador
        anula el método de la clase padre
        não executar como root
        ignora le righe vuote
        пароль сбрасывается при выходе
        переопределяется в наследниках
        игнорировать пробелы, задача {#100-9999}
        завершить процесс через {#5-90} с
        覆盖父类的方法
        忽略前{#2-9}行
        不要以root身份运行
        親クラスのメソッドを上書きする
        空行を無視する
        관리자만 실행할 수 있음
        खाली पंक्तियों को अनदेखा करें
        تجاهل الأسطر الفارغة
        忽略大小写
        管理员才能执行
    """),
    "code_question": lines("""
        What does this {code_kind} do?
        Why does it fail {setting}?
        Explain this {code_kind} line by line.
        Find the bug:
        Rewrite this in {language}:
        Add comments, please.
        Is it safe to run this as root?
        Can this {code_kind} be shorter?
        Write a unit test for it.
        Review this {code_kind} from {name}:
        {background} Why does the {code_kind} below hang?
        How do I {vp} in this {code_kind}?
        Convert this to {language}:
        What is the output?
        {name} says that this could {vp}. Is that so?
        Which line has to change if I want to {vp}?
    """),
    "code_kind": ("code", "snippet", "function", "script", "file", "fragment"),
    "code_request": lines("""
        Write a {language} function `{camel}` that takes a(n) {noun} and a(n) {noun} and returns {#2-9} {nouns}. Comment: {remark}
        In {language}, how do I override `{camel}` so that it ignores {nouns}?
        Write a regular expression that matches "{literal}" but ignores {nouns}.
        Implement class `{pascal}` in {language} with methods `{camel}` and `{camel}`.
        My {linter} complains about `{snake}`: "{remark}". What is wrong?
        Write SQL that finds each {noun} without a(n) {noun} in the last {#2-90} days.
        Give me a {shell} one-liner to {vp}.
        What is the difference between `{camel}()` and `{camel}()` in {library}?
        Generate {#3-20} rows of test data with the columns {noun}, {noun} and {noun} as JSON.
        How do I mock `{snake}` in a test so that `{snake}` is not executed?
    """),
    "text": (
        "{snippet}", "{snippet}", "{snippet}", "{snippet}", "{code_question}\n\n{snippet}",
        "{code_question}\n```\n{snippet}\n```",
        "{snippet}\n\n{code_question}", "{snippet}\n\n{snippet}", "{snippet}\n\n{snippet}\n\n{snippet}\n\n{snippet}",
        "{code_question} {background}\n\n{snippet}\n\n{snippet}\n\n{snippet}", "{code_request}", "{code_request} {follow_up}",
        "{code_request}\n\n{snippet}",
    ),
    "snippet": SNIPPETS,
}  # fmt: skip


def write_code(rng: random.Random) -> tuple[str, str]:
    """A text and its language code: English, as the remarks in other languages are the smaller part."""
    return _grammar().write("text", rng), "en"


@functools.cache
def _grammar() -> Grammar:
    return Grammar(WORDS, domain_rules(DOMAINS["software"]), PARTS, recurring=RECURRING)
