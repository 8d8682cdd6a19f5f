"""Give a checkpoint more layers, which pass on what they get until training makes something of them.

python tests/tiny/grow.py OLD.pt NEW.pt 1 2      # a new layer after each of the old layers 1 and 2, counted from 0
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from model import Shape
from torch import Tensor
from train import Learner, make_optimizers

State = dict[str, Any]
BLOCKS = "tiny.blocks."


def origins(layers: int, after: list[int]) -> list[int | None]:
    """For each layer of the grown model the old one that it is, or None."""
    wanted = Counter(after)
    order: list[int | None] = []
    for index in range(layers):
        order += [index, *[None] * wanted[index]]
    return order


def old_name(name: str, order: list[int | None]) -> str | None:
    """The parameter that a parameter of the grown model was; None in a new layer."""
    if not name.startswith(BLOCKS):
        return name
    layer, rest = name.removeprefix(BLOCKS).split(".", 1)
    origin = order[int(layer)]
    return None if origin is None else f"{BLOCKS}{origin}.{rest}"


def parts(learner: Learner) -> tuple[list[str], list[str]]:
    """The names of what Muon and Adam train, in their order."""
    names = {id(parameter): name for name, parameter in learner.named_parameters()}
    muon, adam = make_optimizers(learner)
    return [names[id(p)] for p in muon.params], [names[id(p)] for p in adam.param_groups[0]["params"]]


def grow(state: State, after: list[int]) -> State:
    """A new checkpoint, momenta included; `out` and `down` of a new layer are zero, so it computes the same."""
    shape = Shape(**state["shape"])
    order = origins(shape.layers, after)
    old = Learner(shape, compiled=False)
    new = Learner(replace(shape, layers=len(order)), compiled=False)
    weights = {f"tiny.{name}": value for name, value in state["model"].items()}
    weights |= {f"heads.{name}": value for name, value in state["heads"].items()}
    sizes: dict[str, Tensor] = dict(new.named_parameters())
    new.load_state_dict({name: weights.get(old_name(name, order), sizes[name].detach()) for name in sizes})
    muon = dict(zip(parts(old)[0], state["muon"], strict=True))
    adam = dict(zip(parts(old)[1], state["adam"]["state"].values(), strict=True))
    hidden, rest = parts(new)
    moments = {i: adam.get(old_name(name, order)) or fresh(adam, sizes[name]) for i, name in enumerate(rest)}
    (group,) = state["adam"]["param_groups"]
    return {
        "shape": asdict(new.tiny.shape),
        "model": new.tiny.state_dict(),
        "heads": new.heads.state_dict(),
        "muon": [muon.get(old_name(name, order), torch.zeros_like(sizes[name])) for name in hidden],
        "adam": {"state": moments, "param_groups": [{**group, "params": list(moments)}]},
        "meta": state["meta"],
    }


def fresh(adam: dict[str, State], size: Tensor) -> State:
    """Of a new norm: no momentum, and the mean size of the gradients of old norms, so that it starts at their pace."""
    norms = [state for name, state in adam.items() if name.startswith(BLOCKS)]
    mean = torch.stack([state["exp_avg_sq"].mean() for state in norms]).mean()
    return {"step": norms[0]["step"].clone(), "exp_avg": torch.zeros_like(size),
            "exp_avg_sq": mean.expand_as(size).clone()}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("after", type=int, nargs="+")
    args = parser.parse_args()
    torch.save(grow(torch.load(args.old, weights_only=True), args.after), args.new)


if __name__ == "__main__":
    main()
