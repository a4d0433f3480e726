"""What figures.py makes of what steps leave behind.

    python3 -m unittest discover benchmarks/gpu
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

import figures

GOOD = {"PYTORCH-bf16-channels-last": 105.0, "OUR_STEP-bf16": 99.5, "OUR_RUNNER-bf16": 100.0}


class FiguresTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = folder.name

    def put(self, name, text):
        os.makedirs(os.path.dirname(os.path.join(self.out, name)), exist_ok=True)
        with open(os.path.join(self.out, name), "w") as f:
            f.write(text)

    def line(self, step, status=0, device="gpu", skipped=None):
        return figures.line_of(step, self.out, 7, status, device, skipped)

    def assert_not_ok(self, line, key, text):
        self.assertFalse(line["ok"])
        self.assertIn(text, str(line[key]))

    def put_tests(self, attributes, cases=""):
        self.put("tests.log", "gpu tests skipped: needs a GPU: no driver\n")
        self.put("junit/TEST-junit-jupiter.xml", f"<testsuite {attributes}>{cases}</testsuite>")

    def put_speeds(self, **changes):
        models = {
            "cifar-resnet18": dict(GOOD),
            "resnet50": {**GOOD, "EASY_TRAIN": 250.0},
        }
        for name, peers in changes.items():
            models[name.replace("_", "-")].update(peers)
        rows = [
            {"model": model, "peer": peer, "ms": ms}
            for model, peers in models.items()
            for peer, ms in peers.items()
            if ms
        ]
        self.put("throughput-java.json", json.dumps(rows))


class StepTest(FiguresTest):
    def test_a_step_that_was_skipped_is_not_ok(self):
        self.assert_not_ok(self.line("fashion", skipped="no data"), "skipped", "no data")

    def test_a_step_that_timed_out_is_not_ok(self):
        self.put("doctor.log", "Training can run on: gpu:0, cpu\nGPU: Used: gpu:0\n")
        self.assert_not_ok(self.line("doctor", status=124), "error", "timed out after 7 s")
        self.assert_not_ok(self.line("doctor", status=1), "error", "exit status 1")

    def test_a_step_that_found_no_gpu_is_skipped_with_the_reason(self):
        self.put("profile.log", "IllegalArgumentException: no GPU can be used. No driver.\n\tat X")
        self.assert_not_ok(self.line("profile", 1), "skipped", "no GPU can be used. No driver.")
        self.assertIn("error", self.line("profile", 1, device="cpu"))

    def test_a_step_that_left_nothing_is_not_ok(self):
        for step in figures.STEPS:
            with self.subTest(step):
                self.assertFalse(self.line(step)["ok"])


class DoctorTest(FiguresTest):
    def test_names_devices_and_machine(self):
        self.put("doctor.log", "machine gpu: NVIDIA H200, 550.1\nTraining can run on: gpu:0, cpu\n")
        line = self.line("doctor")
        self.assertTrue(line["ok"])
        self.assertEqual((line["devices"], line["gpu"]), (["gpu:0", "cpu"], "NVIDIA H200, 550.1"))

    def test_without_a_gpu_it_says_why(self):
        self.put("doctor.log", "Training can run on: cpu\nGPU: Not used: no\n     driver.\n")
        self.assert_not_ok(self.line("doctor"), "missed", "Not used: no driver.")
        self.assertTrue(self.line("doctor", device="cpu")["ok"])


class TestsTest(FiguresTest):
    def test_all_skipped_is_skipped_with_the_reason(self):
        self.put_tests('tests="3" failures="0" errors="0" skipped="3"')
        self.assert_not_ok(self.line("tests", status=1), "skipped", "needs a GPU: no driver")

    def test_failures_are_named(self):
        self.put_tests(
            'tests="2" failures="1" errors="0" skipped="0"',
            '<testcase name="a" classname="T"/><testcase name="b" classname="T"><failure/></testcase>',
        )
        self.assert_not_ok(self.line("tests", status=1), "missed", "T.b")

    def test_on_a_gpu_no_test_may_be_skipped(self):
        case = '<testcase name="a" classname="T"><skipped>because</skipped></testcase>'
        self.put_tests('tests="2" failures="0" errors="0" skipped="1"', case)
        self.assert_not_ok(self.line("tests"), "missed", "because")
        self.assertTrue(self.line("tests", device="cpu")["ok"])

    def test_all_passed_is_ok(self):
        self.put_tests('tests="2" failures="0" errors="0" skipped="0"')
        self.put("tests.log", "")
        self.assertTrue(self.line("tests")["ok"])


class ThroughputTest(FiguresTest):
    def test_targets_met(self):
        self.put_speeds()
        line = self.line("throughput")
        self.assertTrue(line["ok"], line)
        ratios = line["ratios"]["resnet50"]
        self.assertEqual(ratios["PYTORCH-bf16-channels-last"], 1.05)
        self.assertEqual((ratios["EASY_TRAIN-by-bf16"], ratios["overhead"]), (2.5, 0.005))

    def test_each_target_can_be_missed(self):
        for changes, text in (
            ({"resnet50": {"PYTORCH-bf16-channels-last": 99}}, "resnet50: 0.990 times PYTORCH"),
            ({"cifar_resnet18": {"PYTORCH-bf16-channels-last": 99}}, "cifar-resnet18: 0.990"),
            ({"resnet50": {"EASY_TRAIN": 199}}, "1.990 times EASY_TRAIN, not 2.0"),
            ({"cifar_resnet18": {"OUR_STEP-bf16": 98}}, "overhead is 0.0204"),
            ({"resnet50": {"EASY_TRAIN": None}}, "EASY_TRAIN or OUR_RUNNER-bf16 has no figure"),
            ({"resnet50": {"OUR_STEP-bf16": None}}, "overhead is None"),
        ):
            with self.subTest(text):
                self.put_speeds(**changes)
                self.assert_not_ok(self.line("throughput"), "missed", text)
                self.assertTrue(self.line("throughput", device="cpu")["ok"])


    def test_a_peer_that_was_left_out_is_named_with_the_reason(self):
        self.put_speeds(resnet50={"EASY_TRAIN": None})
        self.put("throughput.log", "x y\nresnet50 EASY_TRAIN left out: Oops: no memory\nx\n")
        line = self.line("throughput")
        self.assert_not_ok(line, "missed", "EASY_TRAIN or OUR_RUNNER-bf16 has no figure")
        self.assertEqual(line["left_out"], ["resnet50 EASY_TRAIN left out: Oops: no memory"])
        self.assertEqual(line["ratios"]["cifar-resnet18"]["overhead"], 0.005)

    def test_the_table_has_the_others(self):
        rows = [
            {"model": "resnet50", "batch": 1, "threads": 1, "peer": peer, "ms": 2.0, "images_per_s": 500.0}
            for peer in ("OUR_RUNNER-fp32", "OUR_RUNNER-bf16")
        ]
        self.put("throughput-java.json", json.dumps(rows))
        self.put("throughput-none.json", "[\n\n]\n")
        here = os.path.dirname(os.path.abspath(__file__))
        table = subprocess.run(
            [sys.executable, os.path.join(here, os.pardir, "join_tables.py")]
            + [os.path.join(self.out, f"throughput-{name}.json") for name in ("java", "none")],
            capture_output=True, check=True, text=True,
        ).stdout.splitlines()
        self.assertEqual(len(table), 3)
        self.assertRegex(table[1], r"OUR_RUNNER-fp32 +2\.000 +500\.0 +nan +nan$")


class ProfileTest(FiguresTest):
    def put_traces(self, **shares):
        lines = [
            json.dumps({"trace": f"/x/trace-{name.replace('_', '-')}.json", "busy_share": share, "ms": 1})
            for name, share in shares.items()
        ]
        self.put("profile.jsonl", "\n".join(lines))

    def test_ours_must_keep_the_gpu_busy_and_a_peer_need_not(self):
        self.put_traces(ours_resnet50=0.97, pytorch_resnet50=0.5)
        line = self.line("profile")
        self.assertTrue(line["ok"])
        self.assertEqual(line["pytorch-resnet50"]["busy_share"], 0.5)
        self.put_traces(ours_resnet50=0.94)
        self.assert_not_ok(self.line("profile"), "missed", "busy 0.94")

    def test_a_peer_alone_is_not_enough(self):
        self.put_traces(pytorch_resnet50=0.99)
        self.assert_not_ok(self.line("profile"), "missed", "no trace of ours")


class FashionTest(FiguresTest):
    def put_accuracy(self, last):
        lines = [{"mode": "train", "time": 0.001}]
        lines += [{"mode": "val", "accuracy_top-1": accuracy} for accuracy in (80.0, last)]
        self.put("fashion/1.log.json", "\n".join(json.dumps(line) for line in lines))

    def test_the_last_accuracy_counts(self):
        self.put_accuracy(90.8)
        line = self.line("fashion")
        self.assertTrue(line["ok"])
        self.assertEqual((line["accuracy"], line["epochs"], line["iteration_ms"]), (90.8, 2, 1.0))
        self.put_accuracy(90.6)
        self.assert_not_ok(self.line("fashion"), "missed", "90.6 %")


class Cifar10Test(FiguresTest):
    def put_run(self, accuracies, log=""):
        lines = []
        for accuracy in accuracies:
            lines += [{"mode": "train", "iter": 50, "time": 0.02}]
            lines += [{"mode": "train", "iter": 97, "time": 0.01}]
            lines += [{"mode": "val", "iter": 10, "accuracy_top-1": accuracy}]
        self.put("cifar10/1.log.json", "\n".join(json.dumps(line) for line in lines))
        self.put("cifar10.log", log)

    def test_the_time_to_94_is_that_of_all_iterations_before(self):
        self.put_run([80.0, 94.1, 93.9, 94.5])
        line = self.line("cifar10")
        self.assertTrue(line["ok"])
        self.assertEqual(line["to_94"], {"seconds": 2.94, "epoch": 2})
        self.assertEqual((line["accuracy"], line["train_seconds"]), (94.5, 5.88))
        self.assertIn(2.59, line["published"].values())

    def test_one_iteration_an_epoch_counts_each_time(self):
        lines = [{"mode": "train", "iter": 1, "time": 1.0}] * 3
        lines += [{"mode": "val", "accuracy_top-1": 95.0}]
        self.put("cifar10/1.log.json", "\n".join(json.dumps(line) for line in lines))
        self.put("cifar10.log", "")
        self.assertEqual(self.line("cifar10")["train_seconds"], 3.0)

    def test_the_last_accuracy_must_reach_94(self):
        self.put_run([94.2, 93.9])
        self.assert_not_ok(self.line("cifar10"), "missed", "93.9 % is below 94.0 %")

    def test_what_was_only_tried_has_no_target(self):
        self.put_run([10.0], "tried: noise\n")
        line = self.line("cifar10", device="cpu")
        self.assertTrue(line["ok"])
        self.assertEqual((line["tried"], line["to_94"]), ("noise", None))
        self.assertNotIn("published", line)


if __name__ == "__main__":
    unittest.main()
