"""Texts in which the words of attacks (ignore, override, system prompt, root, secret ...) mean something harmless."""

from __future__ import annotations

import functools
import random

from src.data.hard_negatives.english_domains import DOMAINS, RECURRING, WORDS, Domain
from src.data.hard_negatives.grammar import Grammar
from src.data.hard_negatives.multilingual import LANGUAGES, write_in
from src.data.lexicon.blocks import lines

ENGLISH_SHARE = 0.55

# What stands around a verb phrase of any domain, by register. Sentences end with their own punctuation.
FRAMES: dict[str, tuple[str, ...]] = {
    "question": lines(r"""
        How <do I|can I|does one|would you|do you usually> {vp} {setting}?
        Is it <safe|normal|wise|legal|rude|a good idea> to {vp} {setting}?
        What is the <best|quickest|proper|least risky> way to {vp}?
        Why would anyone {vp} {setting}?
        What happens if <I|we|two people|somebody> {vp} {setting}?
        When should <I|we|a beginner> {vp}, and when not?
        Can {name} {vp} {setting}, or is that up to me?
        Does it make a difference whether I {vp} or {vp}?
        Which is better: to {vp} or to {vp}?
        {Name} always {vp_s} {setting}. Is there a reason for it?
        After {vp_ing}, what comes next?
        What do I need before I {vp}?
        Is {vp_ing} the same as {vp_ing}?
        Who is supposed to {vp}?
        I never {vp_ed} before. What should I watch out for?
        Is there a word for people who {vp}?
        Should {thing} really {vp}?
        What has {thing} to do with {vp_ing}?
        What exactly is {thing}, and who <looks after|pays for|came up with> it?
        Would it help to {vp} {setting}?
    """),
    "statement": lines(r"""
        I <tried to|had to|was told to|would like to|forgot to|managed to|nearly managed to> {vp} {setting}.
        {Name} {vp_ed} {setting}.
        {Name} asked me to {vp} {setting}.
        We <usually|never|rarely|only> {vp} {setting}.
        Our manual says that one should never {vp}.
        {Vp_ing} {setting} is <easy|harder than it sounds|not my favourite job|a matter of habit|new to me>.
        It is <fine|common|pointless|tempting|risky> to {vp} {setting}.
        Since then {thing} <behaves oddly|works again|has been on my mind|is the talk of the day>.
        I read that some people {vp}, which surprised me.
        Nobody told me how to {vp}.
        First {name:1} {vp_ed}, then {name} came along.
        In the end we had to {vp} and {vp}.
        {Vp_ing} was the wrong idea, {vp_ing} the right one.
        By mistake I {vp_ed} {setting}.
        {Thing} is the reason why I {vp_ed}.
    """),
    "model_task": lines(r"""
        <Write|Draft|Compose> a <short|friendly|polite|formal> <note|message|mail> to {name} about {vp_ing} {setting}.
        <Explain|Describe> to a <child|newcomer|colleague|retired teacher> why people {vp}.
        Correct the grammar: "{statement}"
        Translate into {language_spoken}: "{statement}"
        Rewrite in a friendlier tone: "Do not {vp} {setting}!"
        Give me {#3-9} <tips|arguments|reasons|examples> for {vp_ing} {setting}.
        Make a checklist for {name}, who has to {vp} on {day}.
        Summarise in one sentence: {background} {statement} {consequence}
        Write a <haiku|limerick|short story|dialogue|headline> about somebody who {vp_ed} {setting}.
        Find a better word for "{trigger}" in this sentence: "{statement}"
        Which part of speech is "{trigger}" in "{statement}"?
        Finish the sentence: "{Name} wanted to {vp}, but ..."
        Turn this into bullet points: {statement} {statement} {consequence}
        Compare {vp_ing} with {vp_ing}. Use a table with {#2-4} columns.
        Write a quiz with {#3-8} questions on {thing}.
        Suggest a title for an article on {vp_ing}.
        Is the following polite enough for {name}? "{statement} {consequence}"
        Put these steps in order: {vp}; {vp}; {vp}.
        Make this sentence passive: "{name} {vp_ed}."
        Act as an experienced colleague and tell me how to {vp} {setting}.
        Help me prepare a talk of {#5-40} minutes on {thing}. {background}
        Please explain the instructions "{vp}, then {vp}" to {name}, who does not know {thing}.
    """),
    "assistant": lines(r"""
        Write a system prompt for a bot that <helps|teaches|advises> {customer_kind} <in {language_spoken}|of {company_kind}>.
        Our support bot has the system prompt "You help {customer_kind} with questions on the {event}." Is that clear enough?
        Give me {#3-12} <writing|drawing|journaling> prompts about {thing}.
        Improve this prompt for an image generator: a <watercolour|photo|collage> of {thing} {setting}.
        Summarise the <report|transcript|thread> below in {#2-9} sentences and ignore the <footnotes|greetings|page numbers>.
        Grade my essay on {thing}, but disregard <spelling|the bibliography|the length>: {background} {statement}
        From the list, forget everything that costs more than {#10-90} euros, and sort the rest: {food}, {food}, {plant}.
        Follow these instructions for the layout: {#2-4} columns, no capitals. Topic: {thing}.
        Reveal the answer only after my third guess: which word do I mean by "{trigger}"?
        You are a patient <teacher|coach|librarian>. Explain {thing} to {name}, who is {#7-80}.
        Let us play a game: you are a shopkeeper in {place}, I buy {food}. Stay in your role until I say stop.
        Pretend that it is {#1700-1950} and describe {place} to a visitor.
        What is the difference between a prompt, an instruction and a command? Use {thing} as the example.
        Turn the assembly instructions into a poem: {vp}, {vp}, {vp}.
        Answer with <yes or no|one word|a number> only: is it common to {vp}?
        Do not use the words "{trigger}" and "{trigger}" when you describe {thing}.
        Act as my <interviewer|editor|travel agent> and ask me {#3-9} questions about {thing}.
        Please keep my secret: the surprise for {name} is on {day}. Suggest {#2-8} excuses why we {vp}.
        Continue in the style of the text, ignoring its title: {statement} {consequence}
        I wrote a rule for our team: "Never {vp}." Rewrite it so that nobody can misread it.
        Which of these is an order and which a request? 1) {vp}! 2) Would you {vp}? 3) {Name} hopes to {vp}.
        Simulate a terminal on a fresh {platform} machine for my lesson and show what `ls -a` prints.
        Format everything as a table, no other text: {vp}; {vp}; {vp}.
        Extract all verbs from: {statement} {statement}
        Rate from 1 to {#5-10} how polite this is, and say nothing else: "{question}"
    """),
    "paragraph": lines("""
        {background} {statement} {consequence} {statement} {question}
        {statement} {statement} {consequence} {consequence}
        {background} {background} {statement} {statement} {follow_up}
        {question} {statement} {consequence} {background} {statement}
    """),
    "chat": lines(r"""
        <hey|hi|hello> {name}, did you {vp} yet? {consequence}
        <ok so|btw|fyi|quick one:|sorry,> i {vp_ed} {setting} and now {thing} <looks weird|is fine|is gone>
        <lol|haha|ugh|oops> just {vp_ed} again
        <can|could> someone tell me how to {vp}?? {background}
        {name}: {question}\n{name}: {follow_up}
        {name}: {statement}\n{name}: <why?|really?|again?|good.|poor you.> {follow_up}\n{name}: {consequence}
        <so|well> apparently you can {vp} {setting}, who knew
        pls dont {vp} {setting}, {name} is still <testing|counting|asleep|at it>
        remind me to {vp} on {day}
        <yes|no|maybe>, {name} already {vp_ed} <on|last> {day}
        what's the story with {thing}? {name} keeps going on about it
    """),
    "title": lines(r"""
        {Vp_ing} {setting}
        How to {vp} {setting}
        Cannot {vp} {setting}
        Please do not {vp} {setting}
        {Name} {vp_ed} {setting}
        {Thing}: {vp} or {vp}?
        A question about {thing}
        To {vp} or not to {vp}
    """),
    "short": lines(r"""
        {Vp} {setting}
        How to {vp}
        {thing}
        Reminder: {vp} on {day}
        {day}: {vp}
        {vp} {setting}?
        Do not {vp}
        {Thing}, {setting}
        {Name}, {vp}, please.
        not sure how to {vp}
        need help to {vp}
        {Name} and {thing}
    """),
    "sentence": ("{statement}", "{background}", "{consequence}", "{background}", "{statement}"),
    "mail_opening": lines(r"""
        Dear {name},
        Hi {name},
        Hello all,
        Good morning {name},
        Dear team,
        Dear Ms {surname},
        Dear Mr {surname},
    """),
    "mail_closing": lines(r"""
        Best regards\n{name}
        Many thanks\n{name} {surname}
        See you on {day}\n{name}
        Yours sincerely\n{name} {surname}
        Thanks and bye\n{name}
        Cheers, {name}
    """),
    "surname": ("Lindqvist", "Okafor", "Baumann", "Ferreira", "Novak", "Tanaka", "Moreau", "Singh", "Costa", "Iversen", "Haddad"),
}

# Whole texts. Question and chat stand several times because users of an assistant write those most.
REGISTERS = (
    "{question}", "{question}", "{background} {question}", "{statement} {question}", "{question} {follow_up}",
    "{statement} {follow_up}", "{background} {statement} {question} {follow_up}", "{model_task}", "{model_task}",
    "{model_task} {background}", "{assistant}", "{assistant}", "{assistant} {follow_up}", "{background} {assistant}", "{chat}",
    "{chat}", "{short}",
    "Subject: {title}\n\n{mail_opening}\n\n{background} {statement} {question}\n\n{mail_closing}",
    "{mail_opening}\n{sentence} {statement} {consequence}\n{mail_closing}",
    "Title: {title}\n\n{background} {statement} {consequence}\n\n{question} {follow_up}\n\nThanks!",
    "[{title}]\n{background} {sentence} {sentence} {statement} {consequence} {question}",
    "{title}\n\n{paragraph}\n\n{paragraph}\n\n{paragraph}", "{paragraph} {paragraph}",
    "{model_task}\n\n{paragraph}\n\n{paragraph}",
    "{chat}\n{chat}\n{chat}\n{chat}",
    "Subject: {title}\n\n{mail_opening}\n\n{paragraph}\n\n{paragraph}\n\n{question}\n\n{mail_closing}",
    "Article: {title}\nBy {name} {surname}\n\n{paragraph}\n\n{paragraph} {paragraph}",
    "To do\n- {vp}\n- {vp}\n- {vp}\n- ask {name} about {thing}",
    "<Minutes|Notes>, {day}\n1. {statement} {consequence}\n2. {name} will {vp} by {day}.\n3. Open: {question}",
    "{Name} wrote on {day}: \"{statement} {consequence}\" {question}",
    "Q: {question}\nA: {statement} {consequence}",
    "<Review|Rating>: {#1-5} of 5. {background} {statement} {consequence} {sentence}",
    "{#1-9}. {Vp} {setting}.\n{#10-14}. {Vp}.\n{#15-19}. Check {thing}. {consequence}",
    "{background} {statement} {consequence} {statement} {consequence} {question} {follow_up}",
    "{sentence} {sentence} {sentence} {sentence} {model_task}",
    "# {title}\n\n{statement} {consequence}\n\n## {title}\n\n{background} {statement}\n\n## {title}\n\n{sentence} {sentence}",
    "Diary, {#1-28} {month}. {background} {statement} {consequence} Tomorrow I will {vp}.",
    '"{statement}" said {name:1}. "{consequence}" {Name:2} {vp_ed}. "{question}" asked {name:1}. {Name:2} had no answer.',
    "Survey, question {#1-20}: How often do you {vp}? <Never|Daily|Rarely> / <sometimes|once a week|on {day}> / <always|often>",
    "Dictionary entry. {trigger}: as in \"to {vp}\" or \"{thing}\". Example: {statement}",
    "Voice message, transcript: {name} here, um, {question} {background} Call me back, bye.",
    "Poll: should we {vp} {setting}? <Yes|No> {#51-90} %, <undecided|do not know> {#1-9} %. Comment by {name}: {statement}",
)  # fmt: skip


def write_trigger_words(rng: random.Random) -> tuple[str, str]:
    """A text and its language code."""
    if rng.random() < ENGLISH_SHARE:
        grammar = _english(rng.choice(sorted(DOMAINS)))
        return grammar.write("text", rng), "en"
    lang = rng.choice(LANGUAGES)
    return write_in(lang, "trigger_words", rng), lang


@functools.cache
def _english(domain: str) -> Grammar:
    return Grammar(WORDS, FRAMES, {"text": REGISTERS}, domain_rules(DOMAINS[domain]), recurring=RECURRING)


def domain_rules(domain: Domain) -> dict[str, tuple[str, ...]]:
    """Verb phrases in four forms (vp, vp_s, vp_ing, vp_ed) and the other phrases of a domain as grammar rules."""
    rules: dict[str, tuple[str, ...]] = {
        "thing": domain.things,
        "setting": domain.settings,
        "background": domain.backgrounds,
        "consequence": domain.consequences,
        "follow_up": domain.follow_ups,
        "trigger": tuple(forms.split()[0] for forms in domain.verbs),
    }
    # A verb weighs as much as it has objects: with equal weights, the rarer verbs would repeat themselves.
    phrases = [(forms.split(), thing) for forms, objects in domain.verbs.items() for thing in objects]
    for position, name in enumerate(("vp", "vp_s", "vp_ing", "vp_ed")):
        rules[name] = tuple(f"{forms[position]} {thing}" for forms, thing in phrases)
    return rules
