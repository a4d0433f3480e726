#!/usr/bin/env python3
"""Images a second that one process loads with torchvision and PIL.

    torchvision_pipeline.py FOLDER [--seconds 25]

FOLDER holds a folder of JPEGs for each class. Each is read, decoded, a random part of it resized to
224 x 224, flipped now and then, and becomes uint8; 64 make a batch. The last line is the figure.
"""

import argparse
import time

import torch
from torchvision import datasets, transforms


def batches(loader):
    while True:
        yield from loader


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--seconds", type=float, default=25)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    photos = datasets.ImageFolder(
        arguments.folder,
        transforms.Compose(
            [
                transforms.RandomResizedCrop(224),
                transforms.RandomHorizontalFlip(),
                # uint8, as ours: ToTensor would make float32 of it, which takes longer.
                transforms.PILToTensor(),
            ]
        ),
    )
    loader = torch.utils.data.DataLoader(
        photos, batch_size=64, shuffle=True, drop_last=True, num_workers=0
    )
    endless = batches(loader)
    for _ in range(3):
        next(endless)
    count = 0
    begin = time.perf_counter()
    while time.perf_counter() - begin < arguments.seconds:
        count += next(endless)[0].shape[0]
    print(f"torchvision {count / (time.perf_counter() - begin):.0f} images/s")


if __name__ == "__main__":
    main()
