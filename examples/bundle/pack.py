#!/usr/bin/env python3
"""Pack a bundle into numbered pieces, for machines that take a file only up to some size.

  pack.py BUNDLE --out DIR [--sets app,core] [--piece-mib 58] [--quick]

BUNDLE was made with `./runner bundle --out BUNDLE`; one with --cuda needs --arch too, for device
code of one GPU generation only is carried.  unpack.py puts the pieces together again.  Needs a C
compiler, 16 GB of memory, for CUDA about 8 GB of disk and 15 to 20 minutes on two cores.

What happens to a library on the way:
  - what the loader never maps (symbol and debug sections) is left out; sizes and addresses stay;
  - device code sits in the file as LZ4 blocks; it travels expanded, because xz then finds the
    likeness between kernels, and is packed again by unpack.py into blocks of exactly the old
    length (fatlz4.c), so no header changes;
  - host code, data and device code go into separate xz blocks.
DIR gets SET-NN.gpk, at most --piece-mib each, and manifest.json.  Sets:
  app     jars, scripts, configs, the Java runtime, checks: all but the libraries
  core    the libraries that networks are trained with
  rnn     cuDNN's adv libraries: recurrent layers, CTC loss, multi-head attention
  fft     cuFFT's kernels (they are added to libtorch_cuda.so)
  linalg  libtorch_cuda_linalg.so: svd, inverse, solve, ... on the GPU
Without one of the last three what needs it fails with an error there, and not silently.
"""
import argparse
import base64
import concurrent.futures as cf
import hashlib
import json
import lzma
import os
import shutil
import struct
import subprocess
import sys
import tarfile
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import split  # noqa: E402
import unpack as up  # noqa: E402

START = time.time()
MIB = 1 << 20


def say(msg):
    print("[pack %6.1f s] %s" % (time.time() - START, msg), flush=True)


def build_lz4(work):
    out = os.path.join(work, "fatlz4.so")
    subprocess.check_call([os.environ.get("CC", "cc"), "-O3", "-shared", "-fPIC", "-nostdlib", "-ffreestanding",
                           "-fno-stack-protector", "-s", "-o", out, os.path.join(HERE, "fatlz4.c")])
    return out


def describe(bundle):
    """What native/pytorch.properties says."""
    path = os.path.join(bundle, "native", "pytorch.properties")
    if not os.path.exists(path):
        raise SystemExit("%s is no bundle: it has no native/pytorch.properties" % bundle)
    with open(path) as f:
        own = dict(line.strip().split("=", 1) for line in f if "=" in line)
    if own["flavor"] != "cpu" and "arch" not in own:
        raise SystemExit("%s has device code for all GPUs; make it with ./runner bundle --cuda --arch NN" % bundle)
    return own


def libraries(bundle):
    """Name -> path of the libraries; a link to one is no library."""
    folder = os.path.join(bundle, "native")
    paths = {n: os.path.join(folder, n) for n in sorted(os.listdir(folder)) if ".so" in n}
    return {n: p for n, p in paths.items() if os.path.isfile(p) and not os.path.islink(p)}


def tar_rest(bundle, without, block):
    """All of the bundle but some files of native/."""
    def keep(info):
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        return None if info.name.startswith("./native/") and info.name.split("/")[-1] in without else info

    block.out.close()
    with tarfile.open(block.path, "w") as tar:
        tar.add(bundle, ".", filter=keep)
    block.raw = os.path.getsize(block.path)
    block.out = open(block.path, "rb")


def compress(b, quick):
    b.out.close()
    filters = [dict(f) for f in split.XZ.get(b.name, split.XZ[b.cls])]
    filters[-1]["dict_size"] = max(1 << 20, min(split.MAX_DICT, (b.raw + MIB - 1) // MIB * MIB))
    if quick:
        filters[-1]["preset"] = 2
    t = time.time()
    c = lzma.LZMACompressor(lzma.FORMAT_XZ, lzma.CHECK_CRC32, filters=filters)
    out = b.path + ".xz"
    with open(b.path, "rb") as f, open(out, "wb") as o:
        while True:
            data = f.read(1 << 22)
            if not data:
                break
            o.write(c.compress(data))
        o.write(c.flush())
    os.unlink(b.path)
    b.xz, b.len = out, os.path.getsize(out)
    say("%-26s %8.1f MB -> %6.2f MB  (%.0f s)" % (b.name, b.raw / 1e6, b.len / 1e6, time.time() - t))


def write_pieces(out, name, index, sources, piece_bytes):
    """sources = [(path, length)] in stream order, as the index has them."""
    packed = lzma.compress(json.dumps(index, separators=(",", ":")).encode(), preset=6)
    total = len(packed) + sum(n for _, n in sources)
    shift = len(packed)
    room = piece_bytes - 1024                       # the piece's own header
    count = -(-total // room)

    def stream():
        yield packed
        for path, _ in sources:
            with open(path, "rb") as f:
                while True:
                    d = f.read(1 << 22)
                    if not d:
                        break
                    yield d

    src = up.Stream(stream())
    # Of the content too: other files may well have an index of the same lengths.
    whole = hashlib.sha256(packed)
    for path, _ in sources:
        whole.update(up.sha256_file(path).encode())
    ident = whole.hexdigest()[:16]
    pieces, off = [], 0
    for n in range(1, count + 1):
        data = src.read(min(room, total - off))
        head = json.dumps({"set": name, "id": ident, "n": n, "of": count, "off": off, "len": len(data),
                           "index": shift, "sha256": hashlib.sha256(data).hexdigest()}).encode()
        path = os.path.join(out, "%s-%02d.gpk" % (name, n))
        with open(path, "wb") as o:
            o.write(up.MAGIC + struct.pack("<I", len(head)) + head + data)
        off += len(data)
        pieces.append({"file": os.path.basename(path), "bytes": os.path.getsize(path), "sha256": up.sha256_file(path)})
    if off != total:
        raise SystemExit("internal: stream length")
    return pieces


def settle(index, blocks):
    """Fills in the blocks and their offsets, which count from the end of the index."""
    index["blocks"] = blocks
    off = 0
    for b in blocks:
        b["off"] = off
        off += b["len"]
    return index


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("bundle")
    ap.add_argument("--out", required=True)
    ap.add_argument("--sets", default="app,core")
    ap.add_argument("--piece-mib", type=float, default=58)
    ap.add_argument("--quick", action="store_true", help="fast, poor compression (to try the tools)")
    ap.add_argument("--jobs", type=int, help="blocks compressed at a time (default: what memory allows)")
    a = ap.parse_args()
    wanted = a.sets.split(",")
    if not set(wanted) <= {"app", *split.SETS}:
        ap.error("unknown set in '%s'" % a.sets)
    own = describe(a.bundle)
    os.makedirs(a.out, exist_ok=True)
    work = os.path.join(a.out, "work")
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    try:
        pack(a, wanted, own, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def pack(a, wanted, own, work):
    for f in os.listdir(a.out):
        if f.endswith(".gpk") and f.rsplit("-", 1)[0] in wanted:
            os.unlink(os.path.join(a.out, f))
    lz4_path = build_lz4(work)
    lz4 = up.Lz4(lz4_path)
    sets = {n: split.Set(work, n) for n in ("app", *split.SETS)}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    jobs = a.jobs or max(1, min(os.cpu_count() or 1, memory // (7 << 30)))

    libs = libraries(a.bundle)
    if "app" in wanted:
        tar_rest(a.bundle, libs, sets["app"].block("tar", "code"))
    with cf.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for name, path in libs.items():
            if split.set_of(name) not in wanted and not ("fft" in wanted and name == "libtorch_cuda.so"):
                continue
            image = os.path.join(work, "image")
            say(split.split_file(path, name, int(own.get("arch", 50)), sets, lz4, image, pool))
            os.unlink(image)

    use = [sets[n] for n in wanted]
    todo = sorted((b for s in use for b in s.blocks), key=lambda b: -b.raw)
    with cf.ThreadPoolExecutor(jobs) as pool:
        for f in [pool.submit(compress, b, a.quick) for b in todo]:
            f.result()

    manifest_path = os.path.join(a.out, "manifest.json")
    manifest = {}
    if os.path.exists(manifest_path):
        with open(manifest_path) as f:
            manifest = json.load(f)
    for s in use:
        s.blocks.sort(key=lambda b: (split.ORDER.index(b.cls), -b.raw))
        index = {"set": s.name, "patch": s.patch, "depths": split.DEPTHS, "files": s.files, **own}
        with open(lz4_path, "rb") as f:
            index["lz4"] = base64.b64encode(f.read()).decode()
        settle(index, [{"name": b.name, "kind": "tar" if s.name == "app" else "lib", "len": b.len, "raw": b.raw,
                        "segs": b.segs} for b in s.blocks])
        pieces = write_pieces(a.out, s.name, index, [(b.xz, b.len) for b in s.blocks], int(a.piece_mib * MIB))
        manifest[s.name] = {"pieces": pieces, "files": s.files}
        for p in pieces:
            say("%s  %.2f MiB" % (p["file"], p["bytes"] / MIB))
    with open(manifest_path, "w") as o:
        json.dump(manifest, o, indent=1)
    say("%d pieces, %.1f MiB" % (sum(len(manifest[s.name]["pieces"]) for s in use),
                                 sum(p["bytes"] for s in use for p in manifest[s.name]["pieces"]) / MIB))


if __name__ == "__main__":
    main()
