#!/usr/bin/env python3
"""Times PyTorch on the networks of the benchmarks: whole iterations, synthetic data.

    benchmarks/pytorch_baseline.py --out FILE --seconds 20 --threads 1 cifar-resnet18:64 deep-narrow:2

An iteration is zero_grad, forward, cross entropy, backward and SGD with momentum 0.9 and weight
decay 5e-4, "foreach" where this PyTorch has it. Variants, which take turns so that a busy neighbour
hits all of them: eager, eager channels-last, the same under bfloat16 autocast, and torch.compile
where this PyTorch has it and --compile asks for it; --only picks some by parts of their names. The
number of a variant is its median. On a GPU, cuDNN chooses its algorithms by trial and float32
convolutions use TF32, as ours do; there a turn between two waits for the device gives one number.
The result is a JSON list in the form of the Java side. --profile FILE writes a trace of ten
iterations of each variant instead, for benchmarks/gpu/profile_trace.py.
"""

import argparse
import json
import os
import statistics
import sys
import time

import torch
from torch import nn

WARM_UP = 3
PROFILED = 10


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
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )


def deep_narrow():
    layers = []
    for _ in range(40):
        layers += [nn.Linear(4, 4), nn.Tanh()]
    return nn.Sequential(*layers)


def bottleneck(channels_in, width, stride):
    """A residual block of a 1 by 1, a 3 by 3, which has the stride, and a 1 by 1 convolution."""

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(channels_in, width, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(width)
            self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(4 * width)
            self.relu = nn.ReLU(inplace=True)
            self.shortcut = nn.Sequential()
            if stride != 1 or channels_in != 4 * width:
                self.shortcut = nn.Sequential(
                    nn.Conv2d(channels_in, 4 * width, 1, stride, bias=False),
                    nn.BatchNorm2d(4 * width),
                )

        def forward(self, x):
            y = self.relu(self.bn1(self.conv1(x)))
            y = self.relu(self.bn2(self.conv2(y)))
            return self.relu(self.bn3(self.conv3(y)) + self.shortcut(x))

    return Block()


def resnet50():
    """torchvision's, without torchvision, which a machine with PyTorch need not have."""
    layers = [
        nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2, 1),
    ]
    channels = 64
    for width, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for i in range(blocks):
            layers.append(bottleneck(channels, width, stride if i == 0 else 1))
            channels = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))


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

    def iteration(self):
        self.sgd.zero_grad(set_to_none=True)
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.bf16):
            loss = self.loss(self.net(self.x), self.y)
        loss.backward()
        self.sgd.step()

    def wait(self):
        if self.device == "cuda":
            torch.cuda.synchronize()

    def warm_up(self):
        """Makes all ready; returns the seconds of an iteration then."""
        for _ in range(WARM_UP):
            self.iteration()
        self.wait()
        start = time.perf_counter()
        for _ in range(WARM_UP):
            self.iteration()
        self.wait()
        self.estimate = (time.perf_counter() - start) / WARM_UP
        return self.estimate

    def turn(self, slowest):
        """Trains for a while; returns times of iterations, on a GPU one that is their mean."""
        if self.device == "cpu":
            times = []
            for _ in range(int(max(1, min(50, 0.2 / slowest)))):
                start = time.perf_counter()
                self.iteration()
                times.append(time.perf_counter() - start)
            return times
        iterations = int(max(10, min(200, 1.5 / self.estimate)))
        self.wait()
        start = time.perf_counter()
        for _ in range(iterations):
            self.iteration()
        self.wait()
        return [(time.perf_counter() - start) / iterations]

    def profile(self, file):
        """Writes a trace of some iterations."""
        from torch.profiler import ProfilerActivity, profile

        activities = [ProfilerActivity.CPU]
        if self.device == "cuda":
            activities.append(ProfilerActivity.CUDA)
        with profile(activities=activities) as recording:
            for _ in range(PROFILED):
                self.iteration()
            self.wait()
        recording.export_chrome_trace(file)


def variants(label, compiled, only):
    """The names that were asked for, with channels-last, bfloat16 and compiled of each."""
    chosen = {"PYTORCH-fp32": (False, False, False), "PYTORCH-bf16": (False, True, False)}
    if len(MODELS[label][1]) == 3:
        chosen["PYTORCH-fp32-channels-last"] = (True, False, False)
        chosen["PYTORCH-bf16-channels-last"] = (True, True, False)
    if compiled and hasattr(torch, "compile"):
        chosen["PYTORCH-compile-fp32"] = (True, False, True)
        chosen["PYTORCH-compile-bf16"] = (True, True, True)
    parts = only.split(",") if only else [""]
    return {name: how for name, how in chosen.items() if any(part in name for part in parts)}


def field_of(label, batch, arguments):
    """The contestants of a model, warm; what can't run here is left out with its reason."""
    field = {}
    for name, how in variants(label, arguments.compile, arguments.only).items():
        try:
            contestant = Contestant(label, batch, arguments.device, *how)
            contestant.warm_up()
            field[name] = contestant
        except Exception as e:  # whatever a compiler or a full GPU may throw
            reason = (str(e).strip() or repr(e)).split("\n")[0]
            print(f"{label} {name} left out: {reason}", file=sys.stderr)
    return field


def measure(field, seconds):
    times = {name: [] for name in field}
    slowest = max(contestant.estimate for contestant in field.values())
    end = time.perf_counter() + seconds
    while True:
        for name, contestant in field.items():
            times[name] += contestant.turn(slowest)
        if time.perf_counter() >= end:
            return {name: statistics.median(all_) * 1000 for name, all_ in times.items()}


def write(rows, file):
    with open(file + ".part", "w") as f:
        json.dump(rows, f, indent=1)
    os.replace(file + ".part", file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", help="the file to write; needed unless --profile is given")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--only", help="variants whose names hold one of these, divided by commas")
    parser.add_argument("--profile", metavar="FILE")
    parser.add_argument("models", nargs="+", help="label[:batch]; labels: " + ", ".join(MODELS))
    arguments = parser.parse_args()
    if not (arguments.out or arguments.profile):
        parser.error("--out or --profile is needed")
    if arguments.device == "cuda" and not torch.cuda.is_available():
        sys.exit(f"PyTorch {torch.__version__} can use no GPU here; leave out --device cuda")
    torch.set_num_threads(arguments.threads)
    torch.backends.cudnn.benchmark = True
    rows = []
    for asked in arguments.models:
        label, _, size = asked.partition(":")
        batch = int(size) if size else MODELS[label][3]
        field = field_of(label, batch, arguments)
        if arguments.profile:
            for contestant in field.values():
                contestant.profile(arguments.profile)
            continue
        for peer, ms in (measure(field, arguments.seconds) if field else {}).items():
            rows.append(
                dict(model=label, batch=batch, threads=arguments.threads, device=arguments.device,
                     peer=peer, ms=round(ms, 4), images_per_s=round(batch * 1000 / ms, 1))
            )
        # After each model, so that a run that is cut short leaves what it had.
        write(rows, arguments.out)
    print(f"PyTorch {torch.__version__}, {arguments.device}, {arguments.threads} thread(s)")


if __name__ == "__main__":
    main()
