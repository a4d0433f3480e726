"""What profile_trace.py makes of small traces whose answers are known.

    python3 -m unittest discover benchmarks/gpu
"""

import contextlib
import io
import json
import os
import tempfile
import unittest
from unittest import mock

import profile_trace


def event(cat, name, ts, dur, tid=1):
    return {"ph": "X", "cat": cat, "name": name, "ts": ts, "dur": dur, "pid": 0, "tid": tid}


# Two streams. Busy 0-30, 40-60 and 70-75 of 75 us; a kernel on stream 2 hides behind the first.
GPU = [
    event("kernel", "void conv<float>(float*)", 0, 20, 7),
    event("kernel", "add", 10, 5, 8),
    event("gpu_memcpy", "Memcpy HtoD (Pageable -> Device)", 18, 12, 7),
    event("kernel", "void conv<float>(float*)", 40, 20, 7),
    event("gpu_memcpy", "Memcpy DtoH (Device -> Pageable)", 70, 5, 7),
    event("cpu_op", "aten::conv2d", 0, 9),
    event("cuda_runtime", "cudaLaunchKernel", 1, 2),
    event("cuda_runtime", "cudaLaunchKernel", 4, 2),
    event("cuda_runtime", "cudaLaunchKernelExC", 7, 2),
    event("cuda_runtime", "cudaStreamSynchronize", 60, 16),
    {"ph": "M", "name": "process_name", "pid": 0},
    {"ph": "X", "cat": "Trace", "name": "no duration", "ts": 0},
]


class AnalyseTest(unittest.TestCase):
    def analyse(self, events, iterations=1):
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "trace.json")
            with open(name, "w") as f:
                json.dump({"traceEvents": events}, f)
            return profile_trace.analyse(profile_trace.read(name), iterations)

    def test_busy_time_counts_overlaps_once(self):
        result = self.analyse(GPU)
        self.assertEqual(result["ms"], 0.075)
        self.assertEqual(result["busy_share"], round(55 / 75, 4))
        self.assertEqual((result["gaps"], result["gap_ms"], result["longest_gap_ms"]), (2, 0.02, 0.01))

    def test_kinds_are_told_apart(self):
        result = self.analyse(GPU)
        self.assertEqual((result["kernels"], result["kernels_ms"], result["copies_ms"]), (3, 0.04, 0.017))
        self.assertEqual((result["to_host"], result["to_device"]), (1, 1))
        self.assertEqual((result["waits"], result["wait_ms"]), (1, 0.016))
        self.assertEqual((result["launches"], result["launch_ms"]), (3, 0.006))

    def test_costs_are_the_three_largest_with_the_gaps_among_them(self):
        result = self.analyse(GPU)
        self.assertEqual(
            [cost["what"] for cost in result["costs"]],
            ["conv<float>(float*)", "gaps between kernels", "Memcpy HtoD (Pageable -> Device)"],
        )
        self.assertEqual(result["top"][0], {"name": "conv<float>(float*)", "ms": 0.04, "share": 0.5333, "count": 2})

    def test_times_are_those_of_one_iteration(self):
        result = self.analyse(GPU, iterations=2)
        self.assertEqual((result["ms"], result["kernels"], result["gap_ms"]), (0.0375, 1.5, 0.01))
        self.assertEqual(result["busy_share"], round(55 / 75, 4))

    def test_order_in_the_file_does_not_matter(self):
        self.assertEqual(self.analyse(GPU[::-1]), self.analyse(GPU))

    def test_without_a_gpu_operations_are_counted_by_their_own_time(self):
        result = self.analyse(
            [
                event("cpu_op", "aten::linear", 0, 100),
                event("cpu_op", "aten::addmm", 10, 80),
                event("cpu_op", "aten::copy_", 20, 30),
                event("cpu_op", "aten::addmm", 110, 50),
                event("cpu_op", "aten::copy_", 0, 10, tid=2),
            ]
        )
        self.assertFalse(result["gpu"])
        self.assertEqual(
            [(t["name"], t["ms"], t["count"]) for t in result["top"]],
            [("aten::addmm", 0.1, 2), ("aten::copy_", 0.04, 2), ("aten::linear", 0.02, 1)],
        )

    def test_a_trace_of_nothing_is_refused(self):
        with self.assertRaisesRegex(ValueError, "neither kernels nor operations"):
            self.analyse([])


class MainTest(unittest.TestCase):
    def test_a_broken_trace_does_not_hide_the_next(self):
        with tempfile.TemporaryDirectory() as folder:
            broken, good = os.path.join(folder, "broken.json"), os.path.join(folder, "good.json")
            with open(broken, "w") as f:
                f.write("{")
            with open(good, "w") as f:
                json.dump(GPU, f)
            out, err = io.StringIO(), io.StringIO()
            with mock.patch("sys.argv", ["profile_trace.py", broken, good]):
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                    status = profile_trace.main()
        self.assertEqual(status, 1)
        self.assertIn("broken.json can't be analysed", err.getvalue())
        self.assertEqual(json.loads(out.getvalue())["trace"], good)


if __name__ == "__main__":
    unittest.main()
