"""Small vocabularies and what Hugging Face's tokenizers make of texts with them: test data of `internal/scoring/subword`.

    python -m ideaslab.golden_vocab FOLDER

Everything is trained on the made-up texts of `golden_texts`. Folders:

    cased/      WordPiece, vocab.txt, the normaliser of cased models
    unusual/    WordPiece, tokenizer.json: lower case that keeps accents, no Chinese splitting, no cleaning,
                special tokens, prefix and longest word of its own
    xlmr/       SentencePiece's own Unigram model with its usual table of normal forms, read as XLM-RoBERTa's
    metaspace/  Unigram, tokenizer.json: no table, blanks without splitting at white space, bytes for what is unknown

In each, golden.jsonl.gz holds `{"text", "ids"}`, without special tokens. A text never becomes a special token, as
in the program: the reference is asked with special tokens that no text can spell. code_points.json holds sums of
what is made of every code point.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import itertools
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sentencepiece
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import XLMRobertaTokenizer

from .golden_texts import clean_texts, drafts, tokenizer_texts

_BLANK = "\u2581"


def training_texts() -> list[str]:
    """Return all made-up texts that are not merely long."""
    texts = [*tokenizer_texts(), *clean_texts(), *(part for draft in drafts() for part in draft)]
    return [text for text in texts if 0 < len(text) < 2000]


def golden_texts() -> list[str]:
    """Return the texts of the golden files: the shipped model's, and what only Unigram minds."""
    extra = [
        "<s> </s> <pad> <unk> <mask> <0x41>", f"{_BLANK}{_BLANK}a {_BLANK} b{_BLANK}", "a  b   c    d", "  ends  ",
        "\u00b2\u0301 \ufb01\u0301 \u210c\u0301 e\u0301", "\r\n\r\n", "\u0600a \u0605\u0301", "a\u0000b",
        "\uff76\uff9e \u1100\u1161\u11a8 \ud55c", "\U0001d400\U0001d401 \u2160\u2171 \u3392", "\u0e33 \u0eb3 \u0f77",
        "word " * 400, "\U0001f1e6" * 99, "\u0301" * 500, "a\u0301" * 5000, "\u0915\u094d" * 300,
    ]
    return tokenizer_texts() + extra


def points() -> Iterator[int]:
    """Yield the code points of the planes that have characters, but for surrogates."""
    return itertools.chain(range(0xD800), range(0xE000, 0x40000), range(0xE0000, 0xE1000))


def _sum(lines: Iterable[str]) -> str:
    total = hashlib.sha256()
    for line in lines:
        total.update(f"{line}\n".encode())
    return total.hexdigest()


def bert_sums() -> list[dict[str, Any]]:
    """Return, for each of sixteen ways to set BERT's normaliser, the sum over every code point c of the line
    of c in hexadecimal and the words that "a" + c + "b" becomes."""
    cut = pre_tokenizers.BertPreTokenizer()
    sums = []
    for clean, chinese, strip, lower in itertools.product([True, False], repeat=4):
        options = {"clean_text": clean, "handle_chinese_chars": chinese, "strip_accents": strip, "lowercase": lower}
        normaliser = normalizers.BertNormalizer(**options)
        lines = (
            " ".join([f"{c:x}", *(w for w, _ in cut.pre_tokenize_str(normaliser.normalize_str(f"a{chr(c)}b")))])
            for c in points()
        )
        sums.append({**options, "sha256": _sum(lines)})
    return sums


def charsmap_sum(tokenizer: Tokenizer) -> str:
    """Return the sum over every code point c of the line of c in hexadecimal and the normal form of
    "a" + c + "b" + U+00B2 + c."""
    return _sum(f"{c:x} {tokenizer.normalizer.normalize_str(f'a{chr(c)}b{chr(0xB2)}{chr(c)}')}" for c in points())


def unforgeable(tokenizer: Tokenizer, special: Iterable[str]) -> Tokenizer:
    """Return `tokenizer` with special tokens that no text can spell, and nothing around a text."""
    document = json.loads(tokenizer.to_str())
    names = set(special)
    document["added_tokens"], document["post_processor"] = [], None
    document["truncation"] = document["padding"] = None
    if document["model"]["type"] == "Unigram":
        document["model"]["vocab"] = [
            [f"\0{piece}" if piece in names else piece, score] for piece, score in document["model"]["vocab"]
        ]
    return Tokenizer.from_str(json.dumps(document))


def write_golden(folder: Path, tokenizer: Tokenizer) -> None:
    """Write golden.jsonl.gz."""
    rows = ({"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids} for text in golden_texts())
    lines = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
    (folder / "golden.jsonl.gz").write_bytes(gzip.compress(lines.encode(), 9, mtime=0))


def cased(folder: Path) -> None:
    """Write a cased WordPiece vocabulary as vocab.txt."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(strip_accents=False, lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        training_texts(),
        trainers.WordPieceTrainer(vocab_size=1500, special_tokens=special, limit_alphabet=600, show_progress=False),
    )
    pieces = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    (folder / "vocab.txt").write_text("".join(f"{piece}\n" for piece, _ in pieces), encoding="utf-8")
    write_golden(folder, unforgeable(tokenizer, special))


def unusual(folder: Path) -> None:
    """Write a WordPiece tokenizer.json in which every switch differs from BERT's own."""
    tokenizer = Tokenizer(
        models.WordPiece(unk_token="<unk>", continuing_subword_prefix="@@", max_input_chars_per_word=20)
    )
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=True
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["<s>", "</s>", "<pad>", "<unk>"]
    tokenizer.train_from_iterator(
        training_texts(),
        trainers.WordPieceTrainer(
            vocab_size=1500, special_tokens=special, limit_alphabet=600, show_progress=False,
            continuing_subword_prefix="@@",
        ),
    )
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    write_golden(folder, unforgeable(tokenizer, special))


def train_sentencepiece(texts: Iterable[str], vocab_size: int, **options: Any) -> bytes:
    """Return a Unigram model in SentencePiece's own format."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=model, vocab_size=vocab_size, model_type="unigram",
        num_threads=1, minloglevel=2, hard_vocab_limit=False, **options,
    )
    return model.getvalue()


def xlmr(folder: Path) -> str:
    """Write SentencePiece's model, and return the sum of its normal forms."""
    content = train_sentencepiece(training_texts(), 1500, character_coverage=0.98, normalization_rule_name="nmt_nfkc")
    (folder / "sentencepiece.bpe.model.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "sentencepiece.bpe.model").write_bytes(content)
        reader = XLMRobertaTokenizer.from_pretrained(scratch)
    tokenizer = unforgeable(reader.backend_tokenizer, reader.all_special_tokens)
    write_golden(folder, tokenizer)
    return charsmap_sum(tokenizer)


def metaspace(folder: Path) -> None:
    """Write a Unigram tokenizer.json that has no table and spells what is unknown in bytes."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Strip(left=False, right=True), normalizers.Replace("``", '"')]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_BLANK, prepend_scheme="always")
    special = ["<s>", "</s>", "<pad>", "<unk>"]
    tokenizer.train_from_iterator(
        training_texts(),
        trainers.UnigramTrainer(
            vocab_size=2600, special_tokens=special, unk_token="<unk>", show_progress=False
        ),
    )
    document = json.loads(tokenizer.to_str())
    document["model"]["byte_fallback"] = True
    rare = {chr(c) for c in range(0x3000, 0x30000)}  # leave some characters to the bytes
    vocab = [entry for entry in document["model"]["vocab"] if not rare & set(entry[0])]
    document["model"]["vocab"] = vocab + [[f"<0x{b:02X}>", 0.0] for b in range(256)]
    tokenizer = Tokenizer.from_str(json.dumps(document))
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    write_golden(folder, unforgeable(tokenizer, special))


def main(arguments: list[str]) -> int:
    """Write every folder under the one that is named."""
    out = Path(arguments[0])
    for name in ("cased", "unusual", "xlmr", "metaspace"):
        (out / name).mkdir(parents=True, exist_ok=True)
    cased(out / "cased")
    unusual(out / "unusual")
    metaspace(out / "metaspace")
    sums = {"charsmap": xlmr(out / "xlmr"), "bert": bert_sums()}
    (out / "code_points.json").write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
