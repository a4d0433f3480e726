#!/usr/bin/env python3
"""Says where the time of a trace goes: kernels, gaps between them, copies, waits.

    benchmarks/gpu/profile_trace.py --iterations 10 TRACE.json [TRACE.json ...]

Reads Chrome traces of libtorch's profiler: those of our TorchProfiler and those that PyTorch's
`export_chrome_trace` writes. For each it prints one line of JSON, or with --text a page for people.

The GPU is busy where at least one kernel, copy or fill runs; its share is that of the time from the
first one's beginning to the last one's end. Times of a trace are whole microseconds, so shares of
networks with very short kernels are good to a few percent only. A trace without a GPU gives the
operations' own time on the CPU instead.

Needs Python 3.8 and nothing else.
"""

import argparse
import collections
import gzip
import json
import sys

GPU_KINDS = {"kernel": "kernels", "gpu_memcpy": "copies", "gpu_memset": "fills"}
WAITS = ("cudaStreamSynchronize", "cudaDeviceSynchronize", "cudaEventSynchronize")
TOP = 10


def read(name):
    """The complete events of a trace, in the order in which they begin."""
    opened = gzip.open if name.endswith(".gz") else open
    with opened(name, "rt") as f:
        trace = json.load(f)
    events = trace["traceEvents"] if isinstance(trace, dict) else trace
    events = [e for e in events if e.get("ph") == "X" and "dur" in e]
    for event in events:
        # Older profilers, and DJL's own, have no categories and know operations only.
        if "cat" not in event and str(event.get("pid")).lower() == "cpu functions":
            event["cat"] = "cpu_op"
    return sorted(events, key=lambda e: float(e["ts"]))


def end(event):
    return float(event["ts"]) + float(event["dur"])


def union(events):
    """What a list of events in order covers, and the gaps between: (microseconds, [gap, ...])."""
    covered, gaps, until = 0.0, [], None
    for event in events:
        begin = float(event["ts"])
        if until is None:
            until = begin
        if begin > until:
            gaps.append(begin - until)
            until = begin
        if end(event) > until:
            covered += end(event) - until
            until = end(event)
    return covered, gaps


def short(name):
    """A kernel's name without return type, parameters and most of its templates."""
    name = name.replace("void ", "", 1) if name.startswith("void ") else name
    return name if len(name) <= 90 else name[:87] + "..."


def by_name(times):
    """The largest of [(name, microseconds), ...] added up by name: [(name, sum, count), ...]."""
    sums, counts = collections.Counter(), collections.Counter()
    for name, time in times:
        sums[name] += time
        counts[name] += 1
    return [(name, time, counts[name]) for name, time in sums.most_common(TOP)]


def own_times(operations):
    """Operations with the time that no operation within them takes: [(name, microseconds), ...]."""
    own = []
    for thread in {(e.get("pid"), e.get("tid")) for e in operations}:
        around = []
        for event in (e for e in operations if (e.get("pid"), e.get("tid")) == thread):
            while around and end(around[-1][0]) <= float(event["ts"]):
                around.pop()
            if around:
                around[-1][1][1] -= float(event["dur"])
            entry = [event["name"], float(event["dur"])]
            own.append(entry)
            around.append((event, entry))
    return [(name, max(0.0, time)) for name, time in own]


def analyse(events, iterations):
    """The figures of a trace of so many iterations; times in ms an iteration, shares of 1."""
    on_gpu = [e for e in events if e.get("cat") in GPU_KINDS]
    operations = [e for e in events if e.get("cat") == "cpu_op"]
    calls = [e for e in events if e.get("cat") in ("cuda_runtime", "cuda_driver")]

    def each(microseconds):
        return round(microseconds / 1000 / iterations, 4)

    result = {"iterations": iterations, "gpu": bool(on_gpu)}
    if not on_gpu:
        if not operations:
            raise ValueError("it holds neither kernels nor operations; was anything recorded?")
        own = own_times(operations)
        whole = sum(time for _, time in own)
        result["ms"] = each(end(max(operations, key=end)) - float(operations[0]["ts"]))
        result["operations"] = round(len(operations) / iterations, 1)
        result["top"] = [
            {"name": name, "ms": each(time), "share": round(time / whole, 4), "count": count}
            for name, time, count in by_name(own)
        ]
        return result

    window = end(max(on_gpu, key=end)) - float(on_gpu[0]["ts"])
    busy, gaps = union(on_gpu)
    kernels = [e for e in on_gpu if e["cat"] == "kernel"]
    result["ms"] = each(window)
    result["busy_share"] = round(busy / window, 4)
    result["gap_ms"] = each(sum(gaps))
    result["gaps"] = round(len(gaps) / iterations, 1)
    result["longest_gap_ms"] = round(max(gaps, default=0) / 1000, 4)
    result["kernels"] = round(len(kernels) / iterations, 1)
    for kind, plural in GPU_KINDS.items():
        result[plural + "_ms"] = each(union([e for e in on_gpu if e["cat"] == kind])[0])
    copied = [e for e in on_gpu if e["cat"] == "gpu_memcpy"]
    result["to_host"] = sum("DtoH" in e["name"] for e in copied)
    result["to_device"] = sum("HtoD" in e["name"] for e in copied)
    waits = [e for e in calls if e["name"] in WAITS]
    result["waits"] = len(waits)
    result["wait_ms"] = each(sum(float(e["dur"]) for e in waits))
    result["launches"] = round(sum("LaunchKernel" in e["name"] for e in calls) / iterations, 1)
    result["launch_ms"] = each(sum(float(e["dur"]) for e in calls if "LaunchKernel" in e["name"]))
    result["top"] = [
        {"name": short(name), "ms": each(time), "share": round(time / window, 4), "count": count}
        for name, time, count in by_name([(e["name"], float(e["dur"])) for e in on_gpu])
    ]
    costs = [(t["name"], t["ms"]) for t in result["top"]] + [("gaps between kernels", result["gap_ms"])]
    result["costs"] = [
        {"what": name, "ms": ms} for name, ms in sorted(costs, key=lambda cost: -cost[1])[:3]
    ]
    return result


def page(name, result):
    """The figures as text."""
    lines = [name]
    for key, value in result.items():
        if key == "top":
            lines.append(f"  {'ms':>9} {'share':>7} {'count':>7}  name")
            lines += [
                f"  {t['ms']:>9.4f} {t['share']:>7.2%} {t['count']:>7}  {t['name']}" for t in value
            ]
        elif key == "costs":
            lines += [f"  cost {i}: {c['ms']:.4f} ms {c['what']}" for i, c in enumerate(value, 1)]
        else:
            lines.append(f"  {key}: {value}")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--iterations", type=int, default=1, help="that the trace holds (default 1)")
    parser.add_argument("--text", action="store_true", help="a page for people instead of JSON")
    parser.add_argument("traces", nargs="+")
    arguments = parser.parse_args()
    if arguments.iterations < 1:
        parser.error(f"--iterations must be at least 1, got {arguments.iterations}")
    status = 0
    for name in arguments.traces:
        try:
            result = analyse(read(name), arguments.iterations)
        except (OSError, ValueError, KeyError) as e:
            print(f"{name} can't be analysed: {e}", file=sys.stderr)
            status = 1
            continue
        print(page(name, result) if arguments.text else json.dumps({"trace": name, **result}))
    return status


if __name__ == "__main__":
    sys.exit(main())
