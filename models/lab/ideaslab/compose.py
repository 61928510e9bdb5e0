"""From four cleaned fields to the ids the encoder reads.

    [CLS] title [SEP] problem [SEP] solution [SEP] team [SEP]

The budget is shared max-min fairly: nobody is cut to make room for a longer
field, and what a short field leaves goes to the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from .clean import clean

FIELDS = ("title", "problem", "solution", "team")
MAX_TOKENS = 256


def load_tokenizer(vocab: Path) -> Tokenizer:
    """Return Hugging Face's fast BERT WordPiece over `vocab`, lower-casing and stripping accents.

    No special token is registered, so a text that spells "[SEP]" cannot forge a field border.
    """
    tokenizer = Tokenizer(WordPiece.from_file(str(vocab), unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True
    )
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


def fair_shares(lengths: Sequence[int], budget: int) -> list[int]:
    """Return how many tokens each field keeps: min(length, level) with the level as high as fits.

    Tokens left over because the level is whole go one each to the earliest fields that want more.
    """
    low, high = 0, max([budget, *lengths])
    while low < high:
        level = (low + high + 1) // 2
        if sum(min(n, level) for n in lengths) <= budget:
            low = level
        else:
            high = level - 1
    shares = [min(n, low) for n in lengths]
    left = budget - sum(shares)
    for i, n in enumerate(lengths):
        if left > 0 and n > shares[i]:
            shares[i] += 1
            left -= 1
    return shares


class Composer:
    """Turns ideas into input ids with one vocabulary and one length limit."""

    def __init__(self, vocab: Path, max_tokens: int = MAX_TOKENS) -> None:
        self.tokenizer = load_tokenizer(vocab)
        self.max_tokens = max_tokens
        self.cls = self._special("[CLS]")
        self.sep = self._special("[SEP]")

    def _special(self, token: str) -> int:
        found = self.tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(f"vocabulary lacks {token}")
        return int(found)

    def field_ids(self, text: str) -> list[int]:
        """Return the WordPiece ids of one text as given: no cleaning, no special tokens."""
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def ids(self, idea: Mapping[str, str]) -> list[int]:
        """Clean the four fields of `idea` (a missing one is empty) and return the model's input ids."""
        fields = [self.field_ids(clean(idea.get(name) or "")) for name in FIELDS]
        budget = self.max_tokens - 1 - len(FIELDS)
        shares = fair_shares([len(f) for f in fields], budget)
        out = [self.cls]
        for ids, share in zip(fields, shares, strict=True):
            out += ids[:share]
            out.append(self.sep)
        return out
