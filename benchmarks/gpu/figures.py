#!/usr/bin/env python3
"""Turns what a step of accept.sh left behind into its line of JSON, and judges it.

    benchmarks/gpu/figures.py STEP --out DIR --seconds N --status N --device gpu

The line has "step", "ok", "seconds" and the step's figures; where something is amiss also
"skipped", "error" or "missed". "ok" is true only if the step ran to its end and met its targets; a
step that could not run is never ok. The exit status says the same. Needs Python 3.8, nothing else.
"""

import argparse
import glob
import json
import os
import re
import sys
import xml.etree.ElementTree

TIMED_OUT = 124

# Least speed of our runner in bfloat16 by that of a peer: the targets on an H200.
RATIOS = [
    ("cifar-resnet18", "PYTORCH-bf16-channels-last", 1.0),
    ("resnet50", "PYTORCH-bf16-channels-last", 1.0),
    ("resnet50", "EASY_TRAIN", 2.0),
]
OURS = "OUR_RUNNER-bf16"
BARE = "OUR_STEP-bf16"
OVERHEAD = 0.01
BUSY_SHARE = 0.95

# The accuracy that the same config reaches on a CPU, and how much less is still the same.
CPU_ACCURACY = 91.2
ACCURACY_SLACK = 0.5

# What CIFAR-10's test images are to reach, and what others publish for one GPU.
CIFAR10_ACCURACY = 94.0
CIFAR10_PUBLISHED = {
    "airbench, one A100: seconds to 94 %": 2.59,
    "its successor, one A100: seconds to 94 %": 1.99,
    "MMClassification's model zoo, ResNet-18 after 200 epochs: accuracy": 94.8,
}


def text(*path):
    with open(os.path.join(*path), encoding="utf-8", errors="replace") as f:
        return f.read()


def doctor(out, device):
    log = text(out, "doctor.log")
    devices = re.search(r"(?m)^Training can run on: (.*)$", log)
    explanation = re.search(r"(?ms)^GPU: (.*?)(?=^\S|\Z)", log)
    found = devices.group(1).split(", ") if devices else []
    figures = {"devices": found}
    for key, value in re.findall(r"(?m)^machine (\w+): (.*)$", log):
        figures[key] = value
    if not any(name.startswith(device) for name in found):
        why = " ".join(explanation.group(1).split()) if explanation else "see doctor.log"
        figures["missed"] = [f"no {device} to train on: {why}"]
    return figures


def tests(out, device):
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    failed, reasons = [], set()
    for name in sorted(glob.glob(os.path.join(out, "junit", "TEST-*.xml"))):
        suite = xml.etree.ElementTree.parse(name).getroot()
        for key in counts:
            counts[key] += int(suite.get(key, 0))
        for case in suite.iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                failed.append(f"{case.get('classname')}.{case.get('name')}")
            elif case.find("skipped") is not None:
                reasons.add((case.find("skipped").text or "").strip())
    figures = {key + ("_tests" if key == "skipped" else ""): n for key, n in counts.items()}
    # A class of parametrised tests that is skipped leaves no test in the report.
    printed = re.search(r"(?m)^gpu tests skipped: (.*)$", text(out, "tests.log"))
    if counts["tests"] == counts["skipped"]:
        figures["skipped"] = printed.group(1) if printed else "no test ran; see tests.log"
    elif failed:
        figures["missed"] = failed[:20]
    elif device == "gpu" and (reasons or printed):
        figures["missed"] = sorted(reasons) or [printed.group(1)]
    return figures


def throughput(out, device):
    rows = []
    for name in sorted(glob.glob(os.path.join(out, "throughput-*.json"))):
        rows += json.loads(text(name))
    by_model = {}
    for row in rows:
        by_model.setdefault(row["model"], {})[row["peer"]] = row["ms"]
    name = os.path.join(out, "throughput.log")
    log = text(name) if os.path.exists(name) else ""
    left_out = re.findall(r"(?m)^\S+ \S+ left out: .*$", log)
    left_out = {"left_out": left_out} if left_out else {}
    if not any(OURS in peers or "OUR_RUNNER-fp32" in peers for peers in by_model.values()):
        return {"error": "our runner has no figure; see throughput.log", **left_out}
    figures, missed = {"ms": by_model, "ratios": {}, **left_out}, []
    for model, peers in by_model.items():
        ratios = {
            peer: round(ms / peers[ours(peer)], 3)
            for peer, ms in peers.items()
            if not peer.startswith("OUR_") and ours(peer) in peers
        }
        for peer, ms in peers.items():
            # DJL knows float32 only; against it both our precisions count.
            if peer == "EASY_TRAIN" and OURS in peers:
                ratios["EASY_TRAIN-by-bf16"] = round(ms / peers[OURS], 3)
        if OURS in peers and BARE in peers:
            ratios["overhead"] = round(peers[OURS] / peers[BARE] - 1, 4)
        figures["ratios"][model] = ratios
    if device == "gpu":
        for model, peer, least in RATIOS:
            peers = by_model.get(model, {})
            if peer not in peers or OURS not in peers:
                missed.append(f"{model}: {peer} or {OURS} has no figure; see throughput.log")
            elif peers[peer] / peers[OURS] < least:
                missed.append(f"{model}: {peers[peer] / peers[OURS]:.3f} times {peer}, not {least}")
        for model in sorted({model for model, _, _ in RATIOS} & set(figures["ratios"])):
            overhead = figures["ratios"][model].get("overhead")
            if overhead is None or overhead > OVERHEAD:
                missed.append(f"{model}: the runner's overhead is {overhead}, more than {OVERHEAD}")
    if missed:
        figures["missed"] = missed
    return figures


def ours(peer):
    """Who of ours computes as a peer does."""
    return OURS if "bf16" in peer else "OUR_RUNNER-fp32"


def profile(out, device):
    name = os.path.join(out, "profile.jsonl")
    lines = [json.loads(line) for line in text(name).splitlines()] if os.path.exists(name) else []
    if not lines:
        return {"error": "no trace could be analysed; see profile.log"}
    wanted = (
        "ms", "busy_share", "gap_ms", "kernels", "kernels_ms", "copies_ms", "to_host", "waits",
        "launch_ms", "costs",
    )
    figures, missed = {}, []
    for line in lines:
        label = os.path.basename(line["trace"]).replace("trace-", "").replace(".json", "")
        figures[label] = {key: line[key] for key in wanted if key in line}
        if device != "gpu":
            figures[label]["top"] = line["top"][:3]
        elif label.startswith("ours-") and line.get("busy_share", 0) < BUSY_SHARE:
            missed.append(f"{label}: the GPU is busy {line.get('busy_share')}, not {BUSY_SHARE}")
    if not any(label.startswith("ours-") for label in figures):
        missed.append("no trace of ours; see profile.log")
    return {**figures, "missed": missed} if missed else figures


def fashion(out, device):
    accuracies, train_times = [], []
    for name in sorted(glob.glob(os.path.join(out, "fashion", "*.log.json"))):
        for line in text(name).splitlines():
            record = json.loads(line)
            if record.get("mode") == "val" and "accuracy_top-1" in record:
                accuracies.append(record["accuracy_top-1"])
            elif record.get("mode") == "train" and "time" in record:
                train_times.append(record["time"])
    if not accuracies:
        return {"error": "no evaluation in the log; see fashion.log"}
    figures = {"accuracy": accuracies[-1], "cpu_accuracy": CPU_ACCURACY, "epochs": len(accuracies)}
    if train_times:
        figures["iteration_ms"] = round(1000 * sorted(train_times)[len(train_times) // 2], 3)
    if accuracies[-1] < CPU_ACCURACY - ACCURACY_SLACK:
        figures["missed"] = [f"{accuracies[-1]} % is below {CPU_ACCURACY} - {ACCURACY_SLACK} %"]
    return figures


def cifar10(out, device):
    accuracies, seconds, before, to_target = [], 0.0, 0, None
    for name in sorted(glob.glob(os.path.join(out, "cifar10", "*.log.json"))):
        for line in text(name).splitlines():
            record = json.loads(line)
            if record.get("mode") == "train" and "time" in record:
                # "iter" counts within the epoch, "time" is the mean since the record before.
                before = 0 if record["iter"] <= before else before
                seconds += record["time"] * (record["iter"] - before)
                before = record["iter"]
            elif record.get("mode") == "val" and "accuracy_top-1" in record:
                accuracies.append(record["accuracy_top-1"])
                if to_target is None and accuracies[-1] >= CIFAR10_ACCURACY:
                    to_target = {"seconds": round(seconds, 2), "epoch": len(accuracies)}
    if not accuracies:
        return {"error": "no evaluation in the log; see cifar10.log"}
    figures = {
        "accuracy": accuracies[-1],
        "epochs": len(accuracies),
        "train_seconds": round(seconds, 2),
        "to_94": to_target,
    }
    tried = re.search(r"(?m)^tried: (.*)$", text(out, "cifar10.log"))
    if tried:
        return {"tried": tried.group(1), **figures}
    figures["published"] = CIFAR10_PUBLISHED
    if accuracies[-1] < CIFAR10_ACCURACY:
        figures["missed"] = [f"{accuracies[-1]} % is below {CIFAR10_ACCURACY} %"]
    return figures


STEPS = {f.__name__: f for f in (doctor, tests, throughput, profile, fashion, cifar10)}


def line_of(step, out, seconds, status, device, skipped):
    """The step's line as a dict."""
    figures = {}
    if skipped:
        figures = {"skipped": skipped}
    else:
        try:
            figures = STEPS[step](out, device)
        except Exception as e:  # whatever a step that broke off may have left
            figures = {"error": f"{type(e).__name__}: {e}"}
        if status == TIMED_OUT:
            figures["error"] = f"timed out after {seconds} s"
        elif status != 0 and not {"error", "missed", "skipped"} & set(figures):
            figures["error"] = f"exit status {status}; see {step}.log"
    if "error" in figures and device == "gpu":
        log = os.path.join(out, step + ".log")
        no_gpu = re.search(r"no GPU can be used.*", text(log) if os.path.exists(log) else "")
        if no_gpu:
            figures = {"skipped": no_gpu.group()}
    ok = not {"error", "missed", "skipped"} & set(figures)
    return {"step": step, "ok": ok, "seconds": seconds, "device": device, **figures}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("step", choices=sorted(STEPS))
    parser.add_argument("--out", required=True)
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--status", type=int, default=0)
    parser.add_argument("--device", choices=("gpu", "cpu"), default="gpu")
    parser.add_argument("--skipped", help="why the step did not run")
    a = parser.parse_args()
    line = line_of(a.step, a.out, a.seconds, a.status, a.device, a.skipped)
    print(json.dumps(line))
    return 0 if line["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
