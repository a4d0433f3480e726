#!/usr/bin/env python3
"""Joins result files into one table, with each peer's speed relative to DJL's EasyTrain.

    benchmarks/join_tables.py benchmarks/results/*.json
"""

import json
import sys


def main():
    rows = []
    for name in sys.argv[1:]:
        with open(name) as f:
            rows += json.load(f)
    kinds = sorted({(r["model"], r["batch"], r["threads"]) for r in rows})
    print(f"{'model':<16}{'batch':>6}{'threads':>9}  {'peer':<28}{'ms':>10}{'images/s':>11}{'/easytrain':>12}{'/pytorch':>10}")
    for kind in kinds:
        group = [r for r in rows if (r["model"], r["batch"], r["threads"]) == kind]
        base = {r["peer"]: r["ms"] for r in group}
        for r in group:
            peer_type = "bf16" if "bf16" in r["peer"] else "fp32"
            pytorch = min(
                (ms for peer, ms in base.items() if peer.startswith("PYTORCH") and peer_type in peer),
                default=None,
            )
            easy = base.get("EASY_TRAIN")
            print(
                f"{kind[0]:<16}{kind[1]:>6}{kind[2]:>9}  {r['peer']:<28}{r['ms']:>10.3f}{r['images_per_s']:>11.1f}"
                f"{easy / r['ms'] if easy else float('nan'):>12.3f}"
                f"{pytorch / r['ms'] if pytorch else float('nan'):>10.3f}"
            )


if __name__ == "__main__":
    main()
