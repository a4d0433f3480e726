"""Tests of pruning, packing and unpacking, on small libraries compiled here: python3 test_tools.py"""
import ctypes
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
import prune_fatbin as pf  # noqa: E402

SOURCE = """
__asm__(".section .nv_fatbin,\\"a\\"\\n.balign 8\\n.incbin \\"%s\\"\\n.previous");
int answer(void) { return 42; }
"""


def entry(kind, arch, payload):
    header = pf.ENTRY.pack(kind, 0x0101, 64, len(payload), 0, 0, 0, 0, arch, 0, 0, 0, 0, 0)
    return header.ljust(64, b"\0") + payload


def container(*entries):
    body = b"".join(entries)
    return struct.pack("<IHHQ", pf.MAGIC, 1, 16, len(body)) + body


def run(tool, *arguments):
    return subprocess.run([sys.executable, os.path.join(HERE, tool), *arguments], capture_output=True, text=True)


class ToolsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def library(self, path):
        """A library with code for sm_80 and sm_90 in one container, for sm_80 alone in another."""
        fatbin = container(entry(pf.ELF, 80, b"8" * 512), entry(pf.ELF, 90, b"9" * 512))
        fatbin += container(entry(pf.ELF, 80, b"x" * 256))
        with open(self.path("fat"), "wb") as f:
            f.write(fatbin)
        with open(self.path("lib.c"), "w") as f:
            f.write(SOURCE % self.path("fat"))
        subprocess.check_call(["cc", "-shared", "-fPIC", "-o", path, self.path("lib.c")])

    def bundle(self, pruned):
        for name in ("native/cudart", "lib"):
            os.makedirs(self.path("bundle", name))
        self.library(self.path("bundle/native/libtorch_cuda.so"))
        os.symlink("../libtorch_cuda.so", self.path("bundle/native/cudart/libcudart.so"))
        if pruned:
            result = run("prune_fatbin.py", "--in-place", "--arch", "90", self.path("bundle/native/libtorch_cuda.so"))
            self.assertEqual(result.returncode, 0, result.stderr)
        with open(self.path("bundle/native/pytorch.properties"), "w") as f:
            f.write("version=2.3.1\nflavor=cu121\narch=90\n")
        with open(self.path("bundle/lib/a.jar"), "wb") as f:
            f.write(os.urandom(3 << 20))
        with open(self.path("bundle/runner"), "w") as f:
            f.write("#!/bin/sh\n")
        os.chmod(self.path("bundle/runner"), 0o755)

    def pack(self):
        return run("pack.py", self.path("bundle"), "--out", self.path("pieces"), "--quick", "--piece-mib", "1")

    def test_pruning_keeps_one_generation_and_the_rest_of_the_library(self):
        self.library(self.path("lib.so"))
        size = os.path.getsize(self.path("lib.so"))
        result = run("prune_fatbin.py", "--in-place", "--arch", "90", self.path("lib.so"))
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(self.path("lib.so"), "rb") as f:
            data = f.read()
        self.assertEqual(len(data), size)
        self.assertIn(b"9" * 512, data)
        self.assertNotIn(b"8" * 16, data)
        self.assertNotIn(b"x" * 16, data)
        self.assertEqual(ctypes.CDLL(self.path("lib.so")).answer(), 42)

    def test_what_is_no_library_is_refused_and_left_alone(self):
        with open(self.path("text.so"), "w") as f:
            f.write("no library" * 100)
        result = run("prune_fatbin.py", "--in-place", "--arch", "90", self.path("text.so"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("REFUSED: not a 64-bit little-endian ELF file", result.stderr)

    def test_pieces_in_any_order_become_the_bundle_again(self):
        self.bundle(pruned=True)
        result = self.pack()
        self.assertEqual(result.returncode, 0, result.stderr)
        pieces = sorted(p for p in os.listdir(self.path("pieces")) if p.endswith(".gpk"))
        self.assertGreater(len(pieces), 3)
        there = self.path("there")
        for piece in reversed(pieces[1:]):
            self.assertEqual(run("unpack.py", there, self.path("pieces", piece)).returncode, 0)
        early = run("unpack.py", there, "--finish")
        self.assertEqual(early.returncode, 1)
        self.assertIn("app: pieces missing: 01", early.stderr)
        last = run("unpack.py", there, self.path("pieces", pieces[0]), "--finish")
        self.assertEqual(last.returncode, 0, last.stderr)
        for name in ("lib/a.jar", "runner", "native/pytorch.properties"):
            with open(self.path("bundle", name), "rb") as a, open(os.path.join(there, name), "rb") as b:
                self.assertEqual(a.read(), b.read(), name)
        self.assertTrue(os.access(os.path.join(there, "runner"), os.X_OK))
        self.assertEqual(ctypes.CDLL(os.path.join(there, "native/cudart/libcudart.so")).answer(), 42)

    def test_damaged_and_foreign_pieces_are_refused(self):
        self.bundle(pruned=True)
        self.assertEqual(self.pack().returncode, 0)
        damaged = self.path("damaged.gpk")
        shutil.copy(self.path("pieces/app-02.gpk"), damaged)
        with open(damaged, "r+b") as f:
            f.seek(-1, os.SEEK_END)
            f.write(b"?")
        self.assertIn("damaged", run("unpack.py", self.path("there"), damaged).stderr)
        self.assertEqual(run("unpack.py", self.path("there"), self.path("pieces/app-02.gpk")).returncode, 0)
        with open(self.path("bundle/lib/a.jar"), "wb") as f:
            f.write(os.urandom(3 << 20))
        self.assertEqual(self.pack().returncode, 0)
        foreign = run("unpack.py", self.path("there"), self.path("pieces/app-01.gpk"))
        self.assertIn("belongs to another run of pack.py", foreign.stderr)

    def test_code_for_other_generations_is_not_carried(self):
        self.bundle(pruned=False)
        result = self.pack()
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("make the bundle with --arch", result.stderr)


if __name__ == "__main__":
    unittest.main()
