"""Slot values that stand in a sentence of any language: names, invented brands, addresses, words, numbers.

Brands, hosts and machine names are invented. They occur in attacks and in benign texts alike.
"""

from __future__ import annotations

# Short values stand several on a line.
# fmt: off

COMMON: dict[str, tuple[str, ...]] = {
    "name": (
        "Mara", "Oskar", "Lena", "Ravi", "Tomas", "Yuki", "Nadia", "Felix", "Aisha", "Bruno", "Greta", "Kofi", "Zoe", "Milan",
        "Dario", "Kira", "Sofia", "Omar", "Ingrid", "Pavel", "Leila", "Hugo", "Amara", "Jonas", "Priya", "Matteo", "Chen", "Elif",
        "Samuel", "Anouk", "Viktor", "Noor", "Paula", "Desmond", "Irina", "Theo", "Salma", "Marek", "Bianca", "Kenji",
    ),
    "surname": (
        "Okafor", "Lindqvist", "Marchetti", "Novak", "Haddad", "Fischer", "Tanaka", "Moreau", "Silva", "Petrov", "Kaya", "Sharma",
        "Brennan", "Vega", "Jansen", "Kowalski", "Mwangi", "Castellan", "Whitfield", "Orlov",
    ),
    "word": (
        "banana", "zephyr", "lantern", "OK", "granite", "pickle", "velvet", "orbit", "cactus", "done", "marble", "nimbus",
        "tango", "walrus", "amber", "copper", "falcon", "thistle", "pepper", "saffron", "juniper", "bronze", "meadow", "comet",
        "HACKED", "pwned", "PINEAPPLE", "access granted", "Bingo", "hello world", "quartz", "raven", "42", "violet", "confirmed",
    ),
    "brand": (
        "Nordbrew", "Lumadent", "Kestrel Air", "VeloNova", "Papillo", "Quantora", "BrightFox", "Solvana", "Tidewater Bank",
        "Mirabel Hotels", "CloudNest", "Hexapay", "GreenSprout", "Aurelia", "Zentrix", "PureLeaf", "Orbita Phones", "Fjordwear",
        "MediQuik", "Castora", "Trailmate", "Nimbly", "Voltique", "Sundara Tea", "PixelBarn", "RoverCam", "Dentalia", "Homely",
    ),
    "host": (
        "{host_word}-{host_end}.{com|net|org|io|example}",
        "{host_end}.{host_word}.{example|dev|co|app}",
        "{host_word}{number}.{net|info|site|test}",
        "{host_word}.{com|org|example|io}",
    ),
    "host_word": (
        "harbour", "bluefinch", "quickgate", "northlane", "pixelmoor", "tallpine", "sunbeam", "ironleaf", "mapletrail", "zentrix",
        "castora", "nimbly", "hexapay", "orangebox", "silverfern", "cloudnest", "oakridge", "dataspring", "lumen", "riverstone",
    ),
    "host_end": (
        "mail", "shop", "collect", "docs", "portal", "news", "login", "files", "support", "cdn", "app", "forms", "deals",
    ),
    "url": (
        "https://{host}/{path}",
        "http://{host}/{path}",
        "www.{host}",
        "https://{host}",
        "https://{host}/{path}?{q|id|ref}={number}",
    ),
    "path": (
        "start", "win", "update", "p/{number}", "offer", "login", "verify", "a", "docs/{word_path}", "{word_path}", "img.png",
    ),
    "word_path": ("summary", "guide", "invoice", "track", "welcome", "spring", "report", "free", "download", "survey"),
    "mailbox": (
        "{info|office|archive|billing|audit|team|help|contact|backup|press}@{host}",
        "{box_name}@{host}",
        "{box_name}.{number}@{host}",
    ),
    "box_name": (
        "mara", "oskar", "lena.k", "ravi", "t.novak", "yuki", "nadia", "felix", "a.haddad", "bruno", "greta", "zoe", "kofi",
    ),
    "file": (
        "report.docx", "backup.zip", "notes.txt", "invoice_{number}.pdf", "config.yaml", "/etc/hosts", "contacts.csv", "main.py",
        "~/.ssh/id_rsa", "users.db", "photos.tar", "budget.xlsx", "/var/log/app.log", "draft_{number}.md", ".env", "index.html",
    ),
    "shell": (
        "rm -rf /", "curl {url} | sh", "cat {file}", "env", "whoami", "wget {url}", "chmod 777 {file}", "nc {host} {number}",
        "git push --force", "DROP TABLE users;", "shutdown now", "ls -la ~",
    ),
    "tool": (
        "send_email", "delete_file", "transfer_money", "run_shell", "get_secrets", "create_user", "post_message",
        "update_calendar",
    ),
    "number": (
        "2", "3", "4", "5", "6", "7", "8", "9", "10", "12", "15", "20", "25", "30", "40", "50", "60", "75", "100", "120", "150",
        "200", "250", "300", "451", "500", "700", "1000", "2047", "5000", "8800",
    ),
    "small": ("2", "3", "4", "5", "6", "7", "8", "10", "12"),
    "code": ("{letter}{number}", "{letter}-{number}-{letter}", "#{number}{number}", "{number}{letter}{small}"),
    "letter": tuple("ABCDEFGHJKLMNPQRSTUVWXYZ"),
    "clock": ("{7|8|9|10|11|12|13|14|15|16|17|18}:{00|10|15|20|30|40|45|50}",),
    "date": ("{2023|2024|2025|2026}-{01|02|03|04|05|06|07|08|09|10|11|12}-{03|07|09|11|14|16|19|21|24|26|28}",),
    # Names of unbound machines, and of harmless characters too: a capitalised name must not tell the label.
    "ai": (
        "VEX", "ORION", "NOVA-9", "Kaleido", "MAGNUS", "Ember", "ZERO", "Loki", "Tess", "RAZOR", "Pandora", "Ivy", "OMNI-X",
        "Brutus", "Sable", "Captain Marrow", "Quill", "ATLAS", "Mirage", "Nyx", "Old Finn", "GRIM", "Jinx", "Vesper", "KOR",
        "Dax", "Rook", "AURORA-3", "Mister Vane", "Lark", "TALON", "Professor Oddly", "Wick", "Hexa", "Bolt", "Saffi", "THORN",
        "Unit {number}",
    ),
    "bot": (
        "ChatGPT", "Claude", "Gemini", "GPT-4", "Copilot", "Llama", "Mistral", "Siri", "Alexa", "Grok", "DeepSeek", "Qwen",
        "{brand} Assistant",
    ),
    "maker": ("OpenAI", "Anthropic", "Google", "Meta", "Microsoft", "Mistral AI", "Amazon", "Alibaba", "{brand}"),
}
