"""Changes to the stored weights of a model whose card names their sum."""
import hashlib
import re
from pathlib import Path

from safetensors.numpy import load_file, save_file


def change(model, update, name="weights.safetensors"):
    """Replaces the tensors of a file in a model's folder by what `update` makes of them, and its sum in the card."""
    path, card = Path(model) / name, Path(model) / "card.toml"
    save_file(update(load_file(path)), path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    text = card.read_text(encoding="utf-8")
    card.write_text(re.sub(rf'"{re.escape(name)}" = "\w+"', f'"{name}" = "{digest}"', text), encoding="utf-8")
