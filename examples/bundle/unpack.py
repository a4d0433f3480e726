#!/usr/bin/env python3
"""Put a bundle together from the pieces that pack.py made.  Python 3.8 or newer, nothing else.

  unpack.py DEST PIECE...          take these pieces and unpack all that is complete so far
  unpack.py DEST --finish [PIECE...]
                                   the same, then check every library against its checksum; fails
                                   with a list if anything is missing or wrong

Pieces may come in any number of calls and in any order, but nothing is unpacked before piece 01 of
a set is there (it holds the index).  An interrupted call is made up for by the next; calls that
overlap wait for one another.  DEST afterwards is the bundle: DEST/runner starts it.
"""
import argparse
import base64
import concurrent.futures as cf
import ctypes
import fcntl
import glob
import hashlib
import json
import lzma
import mmap
import os
import shutil
import struct
import sys
import tarfile
import threading
import time

MAGIC = b"GPK1"
CHUNK = 1 << 22
PLAIN, LZ4_FAST, LZ4_DEEP = 0, 1, 2


def say(msg):
    print("[unpack %6.1f s] %s" % (time.time() - START, msg), flush=True)


START = time.time()


# --------------------------------------------------------------------------- LZ4

class Lz4:
    """ctypes access to the library built from fatlz4.c."""

    def __init__(self, path):
        lib = ctypes.CDLL(path)
        long, ptr = ctypes.c_long, ctypes.c_void_p
        lib.fl_decode.restype = lib.fl_encode.restype = lib.fl_work_size.restype = long
        lib.fl_decode.argtypes = [ptr, long, ptr, long]
        lib.fl_encode.argtypes = [ptr, long, ptr, long, ptr, ctypes.c_int]
        lib.fl_work_size.argtypes = [long]
        self.lib = lib

    @staticmethod
    def _room(n):
        m = mmap.mmap(-1, max(n, 1))
        return m, (ctypes.c_char * max(n, 1)).from_buffer(m)

    def decode(self, data, usize):
        out = ctypes.create_string_buffer(max(usize, 1))
        n = self.lib.fl_decode(ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), len(data),
                               ctypes.addressof(out), usize)
        return out.raw[:usize] if n == usize else None

    def encode(self, raw, want, depth):
        """The LZ4 block of exactly want bytes, or None if that cannot be had."""
        work, w = self._room(self.lib.fl_work_size(len(raw)))
        out = ctypes.create_string_buffer(want + 16)
        n = self.lib.fl_encode(ctypes.cast(ctypes.c_char_p(raw), ctypes.c_void_p), len(raw),
                               ctypes.addressof(out), want, ctypes.addressof(w), depth)
        del w
        work.close()
        return out.raw[:want] if n == want else None


# --------------------------------------------------------------------------- pieces

def read_piece_header(f):
    if f.read(4) != MAGIC:
        raise SystemExit("%s: not a piece" % f.name)
    n, = struct.unpack("<I", f.read(4))
    return json.loads(f.read(n))


def pwrite_all(fd, data, off):
    view = memoryview(data)
    while len(view):
        n = os.pwrite(fd, view, off)
        view = view[n:]
        off += n


class PieceSet:
    """One set of pieces: a virtual byte stream [index][block][block]... cut into slices."""

    def __init__(self, dest, name):
        self.dest, self.name = dest, name
        self.dir = os.path.join(dest, ".state", name)
        os.makedirs(self.dir, exist_ok=True)
        self.meta_path = os.path.join(self.dir, "meta.json")
        self.meta = None
        if os.path.exists(self.meta_path):
            with open(self.meta_path) as f:
                self.meta = json.load(f)
        self.index = None
        p = os.path.join(self.dir, "index.json")
        if os.path.exists(p):
            with open(p) as f:
                self.index = json.load(f)

    def part(self, n):
        return os.path.join(self.dir, "%02d.part" % n)

    def flag(self, i):
        return os.path.join(self.dir, "done-%03d" % i)

    def take(self, path):
        with open(path, "rb") as f:
            h = read_piece_header(f)
            data = f.read()
        if len(data) != h["len"] or hashlib.sha256(data).hexdigest() != h["sha256"]:
            raise SystemExit("%s: damaged (length or checksum)" % path)
        if self.meta is None:
            self.meta = {"id": h["id"], "of": h["of"], "index": h["index"], "slices": {}}
        if self.meta["id"] != h["id"]:
            raise SystemExit("%s: belongs to another run of pack.py than the pieces before it" % path)
        self.meta["slices"][str(h["n"])] = [h["off"], h["len"]]
        if not self.complete():
            tmp = self.part(h["n"]) + ".tmp"
            with open(tmp, "wb") as o:
                o.write(data)
            os.rename(tmp, self.part(h["n"]))
        self.save()
        say("%s: piece %d of %d taken" % (self.name, h["n"], h["of"]))
        if self.index is None and h["n"] == 1:
            self.index = json.loads(lzma.decompress(data[:h["index"]]))
            with open(os.path.join(self.dir, "index.json.tmp"), "w") as o:
                json.dump(self.index, o)
            os.rename(o.name, os.path.join(self.dir, "index.json"))

    def save(self):
        with open(self.meta_path + ".tmp", "w") as o:
            json.dump(self.meta, o)
        os.rename(self.meta_path + ".tmp", self.meta_path)

    def complete(self):
        return self.index is not None and all(
            os.path.exists(self.flag(i)) for i in range(len(self.index["blocks"])))

    def missing(self):
        have = set(self.meta["slices"]) if self.meta else set()
        return [n for n in range(1, (self.meta["of"] if self.meta else 1) + 1) if str(n) not in have]

    def ranges(self, off, length):
        """(part file, offset in it, bytes) covering the stream range, or None if a slice is missing."""
        out, end = [], off + length
        for n, (o, l) in sorted(self.meta["slices"].items(), key=lambda x: x[1][0]):
            if o <= off < o + l and off < end:
                take = min(end, o + l) - off
                out.append((self.part(int(n)), off - o, take))
                off += take
        return out if off == end else None

    def ready(self):
        if self.index is None:
            return []
        out = []
        for i, b in enumerate(self.index["blocks"]):
            if not os.path.exists(self.flag(i)):
                r = self.ranges(self.meta["index"] + b["off"], b["len"])
                if r is not None:
                    out.append((self, i, b, r))
        return out

    def tidy(self):
        if self.complete():
            for p in glob.glob(os.path.join(self.dir, "*.part")):
                os.unlink(p)


# --------------------------------------------------------------------------- blocks

def decompressed(ranges):
    d = lzma.LZMADecompressor(lzma.FORMAT_XZ)
    for path, off, length in ranges:
        with open(path, "rb") as f:
            f.seek(off)
            while length:
                data = f.read(min(length, CHUNK))
                if not data:
                    raise EOFError(path)
                length -= len(data)
                out = d.decompress(data, CHUNK)
                while True:
                    if out:
                        yield out
                    if d.eof or d.needs_input:
                        break
                    out = d.decompress(b"", CHUNK)
    if not d.eof:
        raise EOFError("block ends early")


class Stream:
    """read(n) over an iterator of byte strings."""

    def __init__(self, it):
        self.it, self.buf, self.pos = it, b"", 0

    def read(self, n=-1):
        parts = []
        while n:
            if self.pos >= len(self.buf):
                self.buf, self.pos = next(self.it, b""), 0
                if not self.buf:
                    break
            take = self.buf[self.pos:self.pos + n] if n > 0 else self.buf[self.pos:]
            self.pos += len(take)
            parts.append(take)
            if n > 0:
                n -= len(take)
        return parts[0] if len(parts) == 1 else b"".join(parts)


class Unpacker:
    def __init__(self, dest, workers):
        self.dest, self.workers = dest, workers
        self.lib = os.path.join(dest, "native")
        self.fds, self.lock = {}, threading.Lock()
        self.lz4 = None
        self.encoders = cf.ThreadPoolExecutor(workers)
        self.room = threading.BoundedSemaphore(4 * workers)

    def fd(self, pieces, name):
        with self.lock:
            if name not in self.fds:
                info = pieces.index["files"][name]
                os.makedirs(self.lib, exist_ok=True)
                fd = os.open(os.path.join(self.lib, name), os.O_RDWR | os.O_CREAT, 0o755)
                if os.fstat(fd).st_size != info["size"]:
                    os.ftruncate(fd, info["size"])
                self.fds[name] = fd
            return self.fds[name]

    def load_lz4(self, pieces):
        if self.lz4 is None and pieces.index.get("lz4"):
            p = os.path.join(pieces.dir, "fatlz4.so")
            with open(p, "wb") as o:
                o.write(base64.b64decode(pieces.index["lz4"]))
            self.lz4 = Lz4(p)

    def put_lz4(self, fd, raw, off, want, depth):
        try:
            data = self.lz4.encode(raw, want, depth)
            if data is None:
                raise RuntimeError("LZ4 block of the right length not reached")
            pwrite_all(fd, data, off)
        finally:
            self.room.release()

    def block(self, pieces, i, b, ranges):
        t = time.time()
        s = Stream(decompressed(ranges))
        if b["kind"] == "tar":
            with tarfile.open(fileobj=s, mode="r|") as tar:
                if hasattr(tarfile, "tar_filter"):
                    tar.extraction_filter = staticmethod(tarfile.tar_filter)
                tar.extractall(self.dest)
            while s.read(CHUNK):
                pass
        else:
            depths = pieces.index["depths"]
            waiting = []
            for name, flat in b["segs"]:
                fd, pos = self.fd(pieces, name), 0
                # flat list of (gap, kind, length in the stream, length in the file)
                for j in range(0, len(flat), 4):
                    gap, kind, n, m = flat[j:j + 4]
                    pos += gap
                    if kind == PLAIN:
                        left, at = n, pos
                        while left:
                            data = s.read(min(left, CHUNK))
                            if not data:
                                raise EOFError("block %d is short" % i)
                            pwrite_all(fd, data, at)
                            at += len(data)
                            left -= len(data)
                    else:
                        raw = s.read(n)
                        if len(raw) != n:
                            raise EOFError("block %d is short" % i)
                        self.room.acquire()
                        waiting.append(self.encoders.submit(self.put_lz4, fd, raw, pos, m, depths[kind]))
                    pos += m
            if s.read(1):
                raise RuntimeError("block %d is too long" % i)
            for w in waiting:
                w.result()
        open(pieces.flag(i), "w").close()
        say("%s: block %s done (%.1f MB -> %.1f MB, %.1f s)"
            % (pieces.name, b["name"], b["len"] / 1e6, b["raw"] / 1e6, time.time() - t))

    def run(self, sets):
        jobs = [j for b in sets for j in b.ready()]
        for b in sets:
            if b.index:
                self.load_lz4(b)
        jobs.sort(key=lambda j: -j[2]["raw"])
        with cf.ThreadPoolExecutor(self.workers) as pool:
            for f in [pool.submit(self.block, *j) for j in jobs]:
                f.result()
        for fd in self.fds.values():
            os.close(fd)
        self.fds.clear()
        for b in sets:
            b.tidy()


# --------------------------------------------------------------------------- finish

def sha256_file(path):
    h = hashlib.sha256()
    with open(path, "rb", buffering=0) as f:
        while True:
            data = f.read(1 << 24)
            if not data:
                return h.hexdigest()
            h.update(data)


def expected(sets):
    """File name -> checksum; a set that adds to another one's file overrides it."""
    out = {}
    for b in sorted(sets, key=lambda b: b.index["patch"]):
        for name, info in b.index["files"].items():
            if b.index["patch"] and name not in out:
                raise SystemExit("%s needs the set that holds %s" % (b.name, name))
            out[name] = info["sha256"]
    return out


def finish(dest, sets, workers):
    bad = ["%s: pieces missing: %s" % (b.name, ", ".join("%02d" % n for n in b.missing()))
           for b in sets if not b.complete()]
    names = [b.name for b in sets]
    bad += ["%s: no piece taken yet" % name for name in ("app", "core") if name not in names]
    if bad:
        raise SystemExit("\n".join(bad))
    want = expected(sets)
    lib = os.path.join(dest, "native")
    with cf.ThreadPoolExecutor(workers) as pool:
        got = dict(zip(want, pool.map(lambda n: sha256_file(os.path.join(lib, n)), want)))
    wrong = [n for n in want if got[n] != want[n]]
    if wrong:
        raise SystemExit("checksum does not match: " + ", ".join(wrong))
    say("%d libraries checked, all match; start with %s" % (len(want), os.path.join(dest, "runner doctor")))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("dest")
    ap.add_argument("pieces", nargs="*")
    ap.add_argument("--finish", action="store_true")
    ap.add_argument("--clean", action="store_true", help="empty DEST first")
    ap.add_argument("--workers", type=int, default=os.cpu_count() or 4)
    a = ap.parse_args()
    dest = os.path.abspath(a.dest)
    if a.clean and os.path.exists(os.path.join(dest, ".state")):
        shutil.rmtree(dest)
    os.makedirs(os.path.join(dest, ".state"), exist_ok=True)
    with open(os.path.join(dest, ".state", "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sets = {}
        for p in sorted(os.listdir(os.path.join(dest, ".state"))):
            if os.path.isdir(os.path.join(dest, ".state", p)):
                sets[p] = PieceSet(dest, p)
        for p in a.pieces:
            with open(p, "rb") as f:
                name = read_piece_header(f)["set"]
            if name not in sets:
                sets[name] = PieceSet(dest, name)
            sets[name].take(p)
        # a set that adds to files of another one comes after it
        todo = list(sets.values())
        for patch in (False, True):
            Unpacker(dest, a.workers).run([b for b in todo if b.index and bool(b.index["patch"]) == patch])
        if a.finish:
            finish(dest, todo, a.workers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
