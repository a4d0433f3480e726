#!/usr/bin/env python3
"""Times PyTorch on the networks of the benchmarks: whole iterations, synthetic data.

    benchmarks/pytorch_baseline.py --out FILE --seconds 20 --threads 1 cifar-resnet18:64 deep-narrow:2

An iteration is zero_grad, forward, cross entropy, backward and SGD with momentum 0.9 and weight
decay 5e-4, "foreach" where this PyTorch has it. Variants, which take turns so that a busy neighbour
hits all of them: eager, eager channels-last, the same under bfloat16 autocast, and torch.compile
where this PyTorch has it and --compile asks for it. The number of a variant is its median. The
result is a JSON list in the form of the Java side.
"""

import argparse
import json
import statistics
import sys
import time

import torch
from torch import nn

WARM_UP = 3


def block(channels_in, channels_out, stride):
    """A residual block of two 3 by 3 convolutions."""

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(channels_out)
            self.conv2 = nn.Conv2d(channels_out, channels_out, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(channels_out)
            self.shortcut = nn.Sequential()
            if stride != 1 or channels_in != channels_out:
                self.shortcut = nn.Sequential(
                    nn.Conv2d(channels_in, channels_out, 1, stride, bias=False),
                    nn.BatchNorm2d(channels_out),
                )

        def forward(self, x):
            y = torch.relu(self.bn1(self.conv1(x)))
            return torch.relu(self.bn2(self.conv2(y)) + self.shortcut(x))

    return Block()


def cifar_resnet18():
    layers = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    width = 64
    for channels, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        layers += [block(width, channels, stride), block(channels, channels, 1)]
        width = channels
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
    )


def deep_narrow():
    layers = []
    for _ in range(40):
        layers += [nn.Linear(4, 4), nn.Tanh()]
    return nn.Sequential(*layers)


def resnet50():
    import torchvision

    return torchvision.models.resnet50()


MODELS = {
    "lenet5": (lenet5, (1, 28, 28), 10, 64),
    "cifar-resnet18": (cifar_resnet18, (3, 32, 32), 10, 64),
    "resnet50": (resnet50, (3, 224, 224), 1000, 8),
    "deep-narrow": (deep_narrow, (4,), 4, 2),
}


class Contestant:
    """One variant's training."""

    def __init__(self, label, batch, device, channels_last, bf16, compiled):
        make, sample, classes, _ = MODELS[label]
        torch.manual_seed(0)
        layout = torch.channels_last if channels_last else torch.contiguous_format
        self.net = make().to(device)
        self.x = torch.randn(batch, *sample, device=device)
        if len(sample) == 3:
            self.net = self.net.to(memory_format=layout)
            self.x = self.x.to(memory_format=layout)
        self.y = torch.randint(classes, (batch,), device=device)
        parameters = list(self.net.parameters())
        options = dict(lr=0.01, momentum=0.9, weight_decay=5e-4)
        try:
            self.sgd = torch.optim.SGD(parameters, foreach=True, **options)
        except TypeError:
            self.sgd = torch.optim.SGD(parameters, **options)
        self.net = torch.compile(self.net) if compiled else self.net
        self.loss = nn.CrossEntropyLoss()
        self.device = device
        self.bf16 = bf16

    def train(self, iterations):
        times = []
        for _ in range(iterations):
            start = time.perf_counter()
            self.sgd.zero_grad(set_to_none=True)
            with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.bf16):
                loss = self.loss(self.net(self.x), self.y)
            loss.backward()
            self.sgd.step()
            if self.device == "cuda":
                torch.cuda.synchronize()
            times.append(time.perf_counter() - start)
        return times


def measure(label, batch, seconds, device, compiled):
    field = {
        "PYTORCH-fp32": Contestant(label, batch, device, False, False, False),
        "PYTORCH-bf16": Contestant(label, batch, device, False, True, False),
    }
    if len(MODELS[label][1]) == 3:
        field["PYTORCH-fp32-channels-last"] = Contestant(label, batch, device, True, False, False)
        field["PYTORCH-bf16-channels-last"] = Contestant(label, batch, device, True, True, False)
    if compiled and hasattr(torch, "compile"):
        field["PYTORCH-compile-bf16"] = Contestant(label, batch, device, True, True, True)
    times = {name: [] for name in field}
    slowest = max(contestant.train(WARM_UP)[-1] for contestant in field.values())
    turn = int(max(1, min(50, 0.2 / slowest)))
    end = time.perf_counter() + seconds
    while True:
        for name, contestant in field.items():
            times[name] += contestant.train(turn)
        if time.perf_counter() >= end:
            return {name: statistics.median(all_) * 1000 for name, all_ in times.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("models", nargs="+", help="label[:batch]; labels: " + ", ".join(MODELS))
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    rows = []
    for asked in arguments.models:
        label, _, size = asked.partition(":")
        batch = int(size) if size else MODELS[label][3]
        try:
            medians = measure(
                label, batch, arguments.seconds, arguments.device, arguments.compile
            )
        except ImportError as e:
            print(f"{label} left out: {e}", file=sys.stderr)
            continue
        for peer, ms in medians.items():
            rows.append(
                dict(model=label, batch=batch, threads=arguments.threads, peer=peer,
                     ms=round(ms, 4), images_per_s=round(batch * 1000 / ms, 1))
            )
    with open(arguments.out, "w") as f:
        json.dump(rows, f, indent=1)
    print(f"PyTorch {torch.__version__}, {arguments.device}, {arguments.threads} thread(s)")


if __name__ == "__main__":
    main()
