"""Tiny random models in Hugging Face layout and what PyTorch makes of ideas with them: test data of `internal/scoring`.

    python -m ideaslab.golden_folders FOLDER

    bert-classifier/  BERT, two labels, float32; cased WordPiece
    xlmr-scorer/      XLM-RoBERTa, one label, float16; Unigram with a table of normal forms
    bert-encoder/     BERT without a head, bfloat16 in several files; uncased vocab.txt alone, pooled from [CLS]
    distilbert/       DistilBERT, two labels with names, float32; cased WordPiece

Each has outputs.jsonl beside the model: `{"idea", "input_ids", "logit"?, "embedding"}`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    BertTokenizer,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
    XLMRobertaTokenizer,
)

from .clean import clean
from .compose import FIELDS, fair_shares
from .golden_texts import drafts
from .golden_vocab import train_sentencepiece, training_texts, unforgeable

MAX_TOKENS = 64
_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
_SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}


def wordpiece(lowercase: bool) -> dict[str, int]:
    """Return a small WordPiece vocabulary."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(strip_accents=lowercase, lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(
        training_texts(),
        trainers.WordPieceTrainer(vocab_size=360, special_tokens=_SPECIAL, limit_alphabet=110, show_progress=False),
    )
    vocabulary: dict[str, int] = tokenizer.get_vocab()
    return vocabulary


def sentencepiece_folder(folder: Path) -> None:
    """Write a small sentencepiece.bpe.model whose table of normal forms has four rules."""
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as rules:
        rules.write("FB01\t66 69\nA0\t20\n3000\t20\n65 301\tE9\n")
        rules.flush()
        texts = [text for text in training_texts() if max(map(ord, text)) < 0x180]
        content = train_sentencepiece(texts, 420, normalization_rule_tsv=rules.name)
    (folder / "sentencepiece.bpe.model").write_bytes(content)


def idea_ids(tokenizer: Tokenizer, cls: int, sep: int, idea: dict[str, str]) -> list[int]:
    """Return what the program feeds a graph: the four cleaned fields, sharing the budget fairly."""
    fields = [tokenizer.encode(clean(idea[name]), add_special_tokens=False).ids for name in FIELDS]
    ids = [cls]
    for field, share in zip(fields, fair_shares([len(f) for f in fields], MAX_TOKENS - 1 - len(FIELDS)), strict=True):
        ids += [*field[:share], sep]
    return ids


def write_outputs(
    folder: Path, reader: Any, encode: Callable[[torch.Tensor], tuple[torch.Tensor | None, torch.Tensor]]
) -> None:
    """Write outputs.jsonl: each idea alone through PyTorch."""
    plain = unforgeable(reader.backend_tokenizer, reader.all_special_tokens)
    with (folder / "outputs.jsonl").open("w", encoding="utf-8") as out:
        for number, draft in enumerate(drafts(), start=1):
            idea = {"id": f"golden-{number:02d}", **draft._asdict()}
            ids = idea_ids(plain, reader.cls_token_id, reader.sep_token_id, idea)
            with torch.no_grad():
                logits, pooled = encode(torch.tensor([ids]))
            row: dict[str, Any] = {"idea": idea, "input_ids": ids}
            if logits is not None:
                row["logit"] = round(float(logits[0, 0] if logits.shape[1] == 1 else logits[0, 1] - logits[0, 0]), 6)
            row["embedding"] = [round(x, 6) for x in torch.nn.functional.normalize(pooled, dim=-1)[0].tolist()]
            out.write(json.dumps(row) + "\n")


def classifier(folder: Path, kind: Any, config: Any, reader: Any, dtype: torch.dtype) -> None:
    """Write a random classifier with its tokenizer and its outputs."""
    kind(config).to(dtype).save_pretrained(folder)
    reader.save_pretrained(folder)
    model = kind.from_pretrained(folder, dtype=torch.float32).eval()

    def encode(ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        answer = model(ids, output_hidden_states=True)
        return answer.logits, answer.hidden_states[-1].mean(1)

    write_outputs(folder, reader, encode)


def encoder(folder: Path) -> None:
    """Write a random encoder as sentence-transformers lays one out."""
    vocabulary = wordpiece(lowercase=True)
    pieces = sorted(vocabulary, key=vocabulary.__getitem__)
    BertModel(
        BertConfig(vocab_size=len(pieces), max_position_embeddings=80, initializer_range=0.2, **_SIZES),
        add_pooling_layer=False,
    ).to(torch.bfloat16).save_pretrained(folder, max_shard_size="20KB")
    (folder / "vocab.txt").write_text("".join(f"{piece}\n" for piece in pieces), encoding="utf-8")
    (folder / "modules.json").write_text(
        json.dumps(
            [
                {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            ]
        )
    )
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": 32, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
    )
    (folder / "README.md").write_text("---\nlanguage: en\nlicense: cc0-1.0\n---\n# A tiny random encoder\n")
    model = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32).eval()
    write_outputs(folder, BertTokenizer(vocab=vocabulary), lambda ids: (None, model(ids).last_hidden_state[:, 0]))


def main(arguments: list[str]) -> int:
    """Write every folder under the one that is named."""
    out = Path(arguments[0])
    folders = {name: out / name for name in ("bert-classifier", "xlmr-scorer", "bert-encoder", "distilbert")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    vocabulary = wordpiece(lowercase=False)
    reader = BertTokenizer(vocab=vocabulary, do_lower_case=False)
    sizes = {"vocab_size": len(vocabulary), "max_position_embeddings": 80, "initializer_range": 0.2}
    classifier(
        folders["bert-classifier"], BertForSequenceClassification,
        BertConfig(num_labels=2, hidden_act="gelu_new", **sizes, **_SIZES), reader, torch.float32,
    )
    classifier(
        folders["distilbert"], DistilBertForSequenceClassification,
        DistilBertConfig(
            dim=32, n_layers=2, n_heads=4, hidden_dim=48, id2label={0: "fails", 1: "succeeds"}, **sizes
        ), reader, torch.float32,
    )
    encoder(folders["bert-encoder"])
    with tempfile.TemporaryDirectory() as scratch:
        sentencepiece_folder(Path(scratch))
        multilingual = XLMRobertaTokenizer.from_pretrained(scratch)
    classifier(
        folders["xlmr-scorer"], XLMRobertaForSequenceClassification,
        XLMRobertaConfig(
            num_labels=1, type_vocab_size=1, layer_norm_eps=1e-5, **{**sizes, "vocab_size": len(multilingual)}, **_SIZES
        ), multilingual, torch.float16,
    )
    (folders["xlmr-scorer"] / "README.md").write_text("---\nlanguage:\n- en\n- fr\n- zh\nlicense: mit\n---\n# Tiny\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
