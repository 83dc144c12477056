"""Weights from files: checked by SHA-256 first, and read without running anything that they hold."""

import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from gpu_tasks.weights.store import MAX_MODEL_BYTES, ModelDamaged, verify

Weights = dict[str, Tensor]
_SAFETENSORS, _CHECKPOINT, _SCRIPT = (".safetensors",), (".pth", ".pt", ".ckpt"), (".torchscript", ".ts", ".pt")
# The moving average, where a checkpoint holds both it and the last weights of training.
_LAYOUTS = ("params_ema", "params-ema", "params", "model_state_dict", "state_dict")
_PREFIXES = ("module.", "netG.")
_MOST_TENSORS = 100_000
_SMALL_BYTES = 16 * 1024**2
_READING_ERRORS = (
    pickle.UnpicklingError,
    zipfile.BadZipFile,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    MemoryError,
    OverflowError,
    ImportError,
)
"""What torch raises for files that are no checkpoints, depending on where they are broken."""


def load_weights(name: str) -> Weights:
    """The tensors of a network of the catalogue, by their names in it, on the CPU.

    Raises ModelMissing, ModelDamaged; UnknownModel.
    """
    return read_weights(verify(name))


def load_script(name: str, device: torch.device) -> torch.jit.ScriptModule:
    """A TorchScript network of the catalogue, ready for use. TorchScript is a program: only its SHA-256 vouches for it.

    Raises ModelMissing, ModelDamaged; UnknownModel.
    """
    return read_script(verify(name), device)


def read_weights(path: Path) -> Weights:
    """The tensors in a safetensors file or a PyTorch checkpoint of the usual layouts. Raises ModelDamaged.

    Nothing in the file is run: checkpoints may hold tensors, and plain values around them, nothing else.
    """
    _check_size(path)
    if path.suffix in _SAFETENSORS:
        return _checked(path, _read_safetensors(path))
    if path.suffix in _CHECKPOINT:
        return _checked(path, _unwrapped(_read_checkpoint(path)))
    raise ModelDamaged(f"{path.name} is no file of weights; accepted are {', '.join(_SAFETENSORS + _CHECKPOINT)}")


def read_script(path: Path, device: torch.device) -> torch.jit.ScriptModule:
    """A TorchScript module, in evaluation mode. Raises ModelDamaged."""
    if path.suffix not in _SCRIPT:
        raise ModelDamaged(f"{path.name} is no TorchScript; accepted are {', '.join(_SCRIPT)}")
    _check_size(path)
    _check_archive(path)
    try:
        module = torch.jit.load(str(path), map_location=device)  # type: ignore[no-untyped-call]
    except _READING_ERRORS as error:
        raise ModelDamaged(f"{path.name} cannot be read as TorchScript: {_first_line(error)}") from None
    return cast(torch.jit.ScriptModule, module.eval())


def fill(module: nn.Module, weights: Mapping[str, Tensor], name: str) -> nn.Module:
    """Put weights into a module that has exactly these; returns it in evaluation mode. Raises ModelDamaged."""
    try:
        module.load_state_dict(weights)
    except RuntimeError as error:
        raise ModelDamaged(f"the weights of {name} are those of another network: {error}") from None
    return module.eval()


def _check_size(path: Path) -> None:
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        raise ModelDamaged(f"{path.name} cannot be read: {error.strerror}") from None
    if not 0 < size_bytes <= MAX_MODEL_BYTES:
        raise ModelDamaged(f"{path.name} has {size_bytes} bytes; accepted are 1 to {MAX_MODEL_BYTES}")


def _read_safetensors(path: Path) -> Weights:
    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError, RuntimeError) as error:
        raise ModelDamaged(f"{path.name} cannot be read as safetensors: {_first_line(error)}") from None


def _read_checkpoint(path: Path) -> Any:
    if zipfile.is_zipfile(path):
        _check_archive(path)
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except _READING_ERRORS as error:
        raise ModelDamaged(f"{path.name} cannot be read as a checkpoint: {_first_line(error)}") from None


def _check_archive(path: Path) -> None:
    """PyTorch stores its entries as they are. What is packed could unpack to any size."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ModelDamaged(f"{path.name} is no PyTorch archive: {_first_line(error)}") from None
    # Code and its debugging symbols are packed in TorchScript; they are small.
    unpacked_bytes = sum(entry.file_size for entry in entries)
    if unpacked_bytes > 2 * path.stat().st_size + _SMALL_BYTES or len(entries) > _MOST_TENSORS:
        raise ModelDamaged(f"{path.name} has {len(entries)} entries of {unpacked_bytes} bytes in all, beyond its size")


def _unwrapped(content: Any) -> Any:
    """The mapping of tensors inside of a checkpoint, its names without what data-parallel training puts before them."""
    for _ in range(2):
        found = next((content[key] for key in _LAYOUTS if _holds_mapping(content, key)), None)
        content = content if found is None else found
    if not isinstance(content, Mapping):
        return content
    for prefix in _PREFIXES:
        if content and all(isinstance(key, str) and key.startswith(prefix) for key in content):
            content = {key.removeprefix(prefix): value for key, value in content.items()}
    return content


def _holds_mapping(content: Any, key: str) -> bool:
    return isinstance(content, Mapping) and isinstance(content.get(key), Mapping)


def _checked(path: Path, content: Any) -> Weights:
    """Only dense numbers under names, and no more of them than a file of that size can hold."""
    if not isinstance(content, Mapping) or not 0 < len(content) <= _MOST_TENSORS:
        raise ModelDamaged(f"{path.name} holds no weights, but {type(content).__name__}")
    for key, value in content.items():
        if not isinstance(key, str) or not isinstance(value, Tensor):
            raise ModelDamaged(
                f"{path.name} holds {type(value).__name__} under {str(key)[:80]!r}; a tensor is accepted"
            )
        if value.layout != torch.strided or value.is_quantized or value.is_complex() or value.device.type != "cpu":
            raise ModelDamaged(f"{path.name} holds a tensor of an odd kind under {key[:80]!r}; dense ones are accepted")
    # A tensor may show one number a billion times.
    shown_bytes = sum(tensor.numel() * tensor.element_size() for tensor in content.values())
    if shown_bytes > 2 * path.stat().st_size + _SMALL_BYTES:
        raise ModelDamaged(f"{path.name} claims {shown_bytes} bytes of weights, more than its size")
    return dict(content)


def _is_plain_tensor(value: Any) -> bool:
    if not isinstance(value, Tensor) or value.layout != torch.strided or value.device.type != "cpu":
        return False
    return not value.is_quantized and not value.is_complex()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
