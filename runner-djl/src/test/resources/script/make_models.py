"""Makes the exported networks of this folder and what PyTorch computes with them.

    python3 make_models.py        (PyTorch 1.13 made those that are here)
"""
import io
import json
import os
import zipfile
from typing import Dict, Tuple

import torch
from torch import nn
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


class Normed(nn.Module):
    """Convolutions, a depth-wise one among them, norms, and a buffer that forward replaces."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True),
            nn.Conv2d(4, 4, 3, padding=1, groups=4), nn.GroupNorm(2, 4))
        self.fc = nn.Linear(4 * 3 * 3, 5)
        self.register_buffer("seen", torch.zeros(()))

    def forward(self, x):
        if self.training:
            self.seen = self.seen + x.abs().mean()
        x = F.max_pool2d(self.features(x), 2)
        return self.fc(torch.flatten(x, 1))


class Dropping(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(3 * 8 * 8, 5)

    def forward(self, x):
        return self.fc(self.drop(torch.flatten(x, 1)))


class Tied(nn.Module):
    """Two layers with one weight."""

    def __init__(self):
        super().__init__()
        self.reduce = nn.Linear(3 * 8 * 8, 5)
        self.first = nn.Linear(5, 5)
        self.second = nn.Linear(5, 5)
        self.second.weight = self.first.weight

    def forward(self, x):
        return self.second(torch.tanh(self.first(torch.tanh(self.reduce(torch.flatten(x, 1))))))


class TwoHeads(Dropping):
    def forward(self, x) -> Tuple[torch.Tensor, torch.Tensor]:
        flat = torch.flatten(x, 1)
        return self.fc(flat), flat


class Named(Dropping):
    def forward(self, x) -> Dict[str, torch.Tensor]:
        return {"logits": self.fc(torch.flatten(x, 1))}


class Digits(nn.Module):
    """For grey images of 28 pixels and ten classes."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5, stride=3)
        self.norm = nn.BatchNorm2d(4)
        self.fc = nn.Linear(4 * 8 * 8, 10)

    def forward(self, x):
        return self.fc(torch.flatten(torch.relu(self.norm(self.conv(x))), 1))


def numbers(tensor):
    return {"shape": list(tensor.shape), "values": [float(v) for v in tensor.detach().flatten()]}


def trained(model, name):
    """Three steps of SGD on a batch by rule, and what they leave."""
    x = torch.sin(torch.arange(4 * 3 * 8 * 8, dtype=torch.float32) * 0.7).reshape(4, 3, 8, 8)
    labels = torch.tensor([0, 1, 2, 3])
    sgd = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01)
    model.eval()
    case = {"eval_logits": numbers(model(x)), "losses": []}
    model.train()
    for _ in range(3):
        sgd.zero_grad()
        loss = F.cross_entropy(model(x), labels)
        loss.backward()
        sgd.step()
        case["losses"].append(float(loss))
    model.eval()
    case["eval_logits_after"] = numbers(model(x))
    case["state_after"] = {key: numbers(value) for key, value in model.state_dict().items()}
    with open(os.path.join(HERE, name + ".json"), "w") as file:
        json.dump(case, file)


def save(module, name):
    """Saves a module, but for the parts that name the files of the machine it was made on."""
    whole = io.BytesIO()
    torch.jit.save(module, whole)
    with zipfile.ZipFile(whole) as archive, \
            zipfile.ZipFile(os.path.join(HERE, name + ".pt"), "w") as smaller:
        for entry in archive.namelist():
            if not entry.endswith(".debug_pkl"):
                smaller.writestr(zipfile.ZipInfo(entry), archive.read(entry))


torch.manual_seed(0)
images = torch.zeros(2, 3, 8, 8)
for name, model in {"normed": Normed(), "tied": Tied()}.items():
    save(torch.jit.script(model), name)
    trained(model, name)
save(torch.jit.script(Dropping().eval()), "dropping_saved_in_eval")
save(torch.jit.script(Digits()), "digits")
save(torch.jit.script(TwoHeads()), "two_heads")
save(torch.jit.script(Named()), "dictionary")
save(torch.jit.trace(Normed().eval(), images), "traced")
save(torch.jit.freeze(torch.jit.script(Dropping().eval())), "frozen")
torch.save(Dropping().state_dict(), os.path.join(HERE, "weights_only.pt"))
