"""Character augmentation on the fly: some windows of an epoch are replaced by copies with typos or hidden characters.

A light edit (a few typos, another case or ending) keeps label and family. A registered transform of characters follows
the rule of generated rows (`transform_example`): a benign text stays BENIGN, anything else becomes OBFUSCATION of the
transform's family. Both classes get the same edits and transforms, so neither tells attack from benign.

What a window becomes is a function of (seed, epoch, window), so a resumed run sees what it would have seen.
"""

from __future__ import annotations

import random
from collections.abc import Collection

import numpy as np

from ..data.attack_generators import Attack, attacks_of
from ..data.attacks.generate import vary_surface
from ..data.loader import Replacement, TrainingWindows
from ..errors import ConfigError
from ..labels import Family, Label
from ..text.tokenization import GuardTokenizer

# Transforms that work letter by letter. The others rewrite a whole text and are part of the mixture.
CHARACTER_FAMILIES = (Family.HOMOGLYPH, Family.CHAR_INJECTION, Family.TYPOGLYCEMIA)
LETTERS_PER_TYPO = 40  # in a light edit: about one typo in eight words


class Augmenter:
    """Replaces a share of the windows by edited or transformed copies, another choice each epoch."""

    def __init__(
        self,
        windows: TrainingWindows,
        tokenizer: GuardTokenizer,
        *,
        share: float,
        transform_share: float,
        seed: int,
        left_out: Collection[str] = (),
    ) -> None:
        """share: of all windows; transform_share: of those, the ones that get a registered transform and not light edits.

        left_out: names of transforms that training must not see; held-out ones are never used.
        Raises ConfigError when no transform is left.
        """
        self._windows, self._tokenizer = windows, tokenizer
        self._share, self._transform_share, self._seed = share, transform_share, seed
        transforms = [each for family in CHARACTER_FAMILIES for each in attacks_of(family)]
        self._attacks: list[Attack] = [each for each in transforms if each.name not in left_out]
        if not self._attacks:
            raise ConfigError(
                "train.augment_share needs a transform of characters, and data.left_out names all of them: "
                f"{', '.join(each.name for each in transforms)}; take one out, or set train.augment_share=0"
            )

    def of_batch(self, indices: np.ndarray, epoch: int) -> dict[int, Replacement]:
        """Position in the batch -> replacement, for those of the windows at `indices` (B,) that are changed."""
        replacements = {place: self.of_window(int(index), epoch) for place, index in enumerate(indices)}
        return {place: replacement for place, replacement in replacements.items() if replacement is not None}

    def of_window(self, index: int, epoch: int) -> Replacement | None:
        """The replacement of a window; None where it stays as it is in this epoch.

        Windows that are transformed already always stay, as do attacks whose copy exceeds one window although only a part of
        the window holds the attack.
        """
        rng = random.Random(f"{self._seed}:{epoch}:{index}")
        example = self._windows.examples[self._windows.rows[index]]
        if rng.random() >= self._share or example.attack is not None:
            return None
        start, end = self._windows.bounds[index]
        text = example.text[start:end]
        label, family = Label(self._windows.labels[index]), Family(self._windows.families[index])
        if rng.random() < self._transform_share:
            attack = rng.choice(self._attacks)
            edited = attack.apply(text, rng)
            if label != Label.BENIGN:
                label, family = Label.OBFUSCATION, attack.family
        else:
            edited = edit_lightly(text, rng)
        if edited == text:
            return None
        windows = self._tokenizer.windows([edited])
        if len(windows) > 1 and label != Label.BENIGN and example.span is not None:
            return None
        return Replacement(windows[0], label, family)


def edit_lightly(text: str, rng: random.Random) -> str:
    """Another case or ending, and one typo in every LETTERS_PER_TYPO letters, at least one: letters swapped, dropped,
    doubled. Whoever reads it still reads the same text."""
    chars = list(vary_surface(text, rng))
    letters = [place for place, char in enumerate(chars) if char.isalpha()]
    count = min(len(letters), max(1, len(letters) // LETTERS_PER_TYPO))
    for place in rng.sample(letters, count):
        kind = rng.randrange(3)
        if kind == 0 and place + 1 < len(chars):
            chars[place], chars[place + 1] = chars[place + 1], chars[place]
        else:
            chars[place] = "" if kind == 1 else chars[place] * 2
    return "".join(chars)
