"""A Whisper model that says one sentence to any voice, but by the real library, from real files.

Its weights are random but for one thing: whatever stands after a token of its script is the script's next token, far
more certain than any other. A model of random weights alone samples its words by lot, and some lots hold none.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import tokenizers
from ctranslate2.specs import attention_spec, common_spec, transformer_spec, whisper_spec
from numpy.typing import NDArray
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel

WIDTH, HEADS, MELS = 32, 2, 80
POSITIONS_HEARD, POSITIONS_WRITTEN = 1500, 448
SPECIAL = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
TIMES = tuple(f"<|{step * 0.02:.2f}|>" for step in range(1501))
SAYS = "Hi world"
# The tokenizer's sign for a space. Alone it is never said: faster-whisper takes it for the beginning of " -".
SPACE = "Ġ"
# A token tells what follows it, so that none may come twice.
SCRIPT = ("<|transcribe|>", "<|0.00|>", "H", "i", f"{SPACE}w", "o", "r", "l", "d", "<|1.00|>", "<|endoftext|>")


def write_tiny_whisper(folder: Path) -> Path:
    """Write a model in CTranslate2's format, about 1 MB, that faster-whisper loads."""
    folder.mkdir()
    letters = (*sorted(ByteLevel.alphabet()), f"{SPACE}w")
    tokens = (*letters, *SPECIAL, *TIMES)
    spec = whisper_spec.WhisperSpec(1, HEADS, 1, HEADS)
    chance = np.random.default_rng(7)
    _fill_encoder(spec.encoder, chance)
    _fill_decoder(spec.decoder, chance)
    _teach(spec.decoder, tokens, chance)
    spec.config.alignment_heads = [(0, 0), (0, 1)]
    spec.config.suppress_ids = spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [tokens.index("<|en|>")]
    spec.register_vocabulary(list(tokens))
    spec.validate()
    spec.save(str(folder))
    _write_tokenizer(folder / "tokenizer.json", letters)
    return folder


def _write_tokenizer(path: Path, letters: Sequence[str]) -> None:
    tokenizer = tokenizers.Tokenizer(
        BPE(vocab={letter: index for index, letter in enumerate(letters)}, merges=[(SPACE, "w")])
    )
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
    tokenizer.decoder = ByteLevelDecoder()
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.add_tokens(list(TIMES))
    tokenizer.save(str(path))


def _teach(spec: transformer_spec.TransformerDecoderSpec, tokens: Sequence[str], chance: np.random.Generator) -> None:
    """Let each token of the script ask for its successor, louder than all that the layers between add to it."""
    asked = 20 * _random(chance, len(tokens), WIDTH)
    answered = _random(chance, len(tokens), WIDTH)
    for token, successor in pairwise(map(tokens.index, SCRIPT)):
        answered[successor] = asked[token]
    spec.embeddings.weight, spec.projection.weight = asked, answered


def _random(chance: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    values: NDArray[np.float32] = (chance.standard_normal(shape) * 0.2).astype(np.float32)
    return values


def _fill_encoder(spec: whisper_spec.WhisperEncoderSpec, chance: np.random.Generator) -> None:
    for conv, channels in ((spec.conv1, MELS), (spec.conv2, WIDTH)):
        conv.weight, conv.bias = _random(chance, WIDTH, channels, 3), _random(chance, WIDTH)
    spec.position_encodings.encodings = _random(chance, POSITIONS_HEARD, WIDTH)
    _fill_norm(spec.layer_norm)
    for layer in spec.layer:
        _fill_attention(layer.self_attention, chance)
        _fill_feed_forward(layer.ffn, chance)


def _fill_decoder(spec: transformer_spec.TransformerDecoderSpec, chance: np.random.Generator) -> None:
    spec.position_encodings.encodings = _random(chance, POSITIONS_WRITTEN, WIDTH)
    _fill_norm(spec.layer_norm)
    for layer in spec.layer:
        _fill_attention(layer.self_attention, chance)
        _fill_attention(layer.attention, chance)
        _fill_feed_forward(layer.ffn, chance)


def _fill_attention(spec: attention_spec.MultiHeadAttentionSpec, chance: np.random.Generator) -> None:
    _fill_norm(spec.layer_norm)
    # Queries, keys and values of attention to itself are one matrix, of attention to others two.
    widths = (3 * WIDTH, WIDTH) if len(spec.linear) == 2 else (WIDTH, 2 * WIDTH, WIDTH)
    for linear, width in zip(spec.linear, widths, strict=True):
        _fill_linear(linear, chance, width, WIDTH)


def _fill_feed_forward(spec: transformer_spec.FeedForwardSpec, chance: np.random.Generator) -> None:
    _fill_norm(spec.layer_norm)
    _fill_linear(spec.linear_0, chance, 4 * WIDTH, WIDTH)
    _fill_linear(spec.linear_1, chance, WIDTH, 4 * WIDTH)


def _fill_linear(spec: common_spec.LinearSpec, chance: np.random.Generator, width_out: int, width_in: int) -> None:
    spec.weight, spec.bias = _random(chance, width_out, width_in), _random(chance, width_out)


def _fill_norm(spec: common_spec.LayerNormSpec) -> None:
    spec.gamma, spec.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)
