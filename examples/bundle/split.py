"""Cuts shared libraries into streams that compress well, one for each kind of content."""
import lzma
import mmap
import os
import struct

import prune_fatbin as pf
import unpack as up

DEPTHS = [0, 24, 512]
MIB = 1 << 20
SETS = ("core", "rnn", "fft", "linalg")


def set_of(name):
    if name.startswith("libcudnn_adv_"):
        return "rnn"
    if name.startswith("libtorch_cuda_linalg"):
        return "linalg"
    return "core"


def group_of(name):
    if name.startswith("libtorch_cpu"):
        return "torch_cpu"
    if name.startswith("libcudnn"):
        return "cudnn"
    if name.startswith("libcublas"):
        return "cublas"
    return "rest"


XZ = {
    # device code: 16-byte instructions
    "sass": [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 0, "lp": 4, "pb": 4}],
    "ptx": [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 4, "lp": 0, "pb": 0}],
    "code": [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 4, "lp": 0, "pb": 0}],
    "data": [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 3, "lp": 0, "pb": 2}],
    # 16-bit floats (cuBLASLt's heuristics)
    "core.cublas.data": [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 3, "lp": 1, "pb": 1}],
}
ORDER = ["sass", "ptx", "code", "data"]
MAX_RAW = {"sass": 1 << 40, "ptx": 1 << 40, "code": 200 * MIB, "data": 200 * MIB}
MAX_DICT = 512 * MIB


class Block:
    """A stream of segments on its way into one xz block."""

    def __init__(self, work, name, cls):
        self.name, self.cls = name, cls
        self.path = os.path.join(work, "raw." + name)
        self.out = open(self.path, "wb")
        self.raw = 0
        self.segs = []          # [file, flat list], see unpack.py

    def add(self, name, at, kind, data, in_file):
        if not self.segs or self.segs[-1][0] != name or at < self.at:
            self.segs.append([name, []])
            self.at = 0
        flat = self.segs[-1][1]
        if kind == up.PLAIN and flat and at == self.at and flat[-3] == up.PLAIN:
            flat[-2] += len(data)
            flat[-1] += in_file
        else:
            flat += [at - self.at, kind, len(data), in_file]
        self.at = at + in_file
        self.out.write(data)
        self.raw += len(data)


class Set:
    def __init__(self, work, name):
        self.work, self.name = work, name
        self.files, self.open, self.blocks = {}, {}, []
        self.patch = name == "fft"

    def block(self, group, cls):
        b = self.open.get((group, cls))
        if b is None or b.raw >= MAX_RAW[cls]:
            n = sum(1 for x in self.blocks if x.name.startswith("%s.%s.%s" % (self.name, group, cls)))
            b = Block(self.work, "%s.%s.%s%s" % (self.name, group, cls, "" if n == 0 else "-%d" % (n + 1)), cls)
            self.open[(group, cls)] = b
            self.blocks.append(b)
        return b


def linked_first(m, plan):
    """Offsets of containers made by the device linker (registration record, version 2)."""
    seg = next((s for s in plan.sections if s.name == ".nvFatBinSegment" and s.size), None)
    if seg is None:
        return set()
    ptr = pf.relocated_pointers(m, plan.sections, seg.addr, seg.addr + seg.size)
    secs = [s for s in plan.sections if s.flags & pf.SHF_ALLOC and s.type != pf.SHT_NOBITS]
    out = set()
    for i in range(0, seg.size // 24 * 24, 24):
        _, version, data, _ = struct.unpack_from("<IIQQ", m, seg.offset + i)
        if version == 2:
            data = ptr.get(seg.addr + i + 8, data)
            s = next(s for s in secs if s.addr <= data < s.addr + s.size)
            out.add(data - s.addr + s.offset)
    return out


def split_file(path, name, arch, sets, lz4, image, pool):
    """Cuts one pruned library into streams; leaves in image what unpack.py will make of them."""
    with open(path, "rb") as fh, mmap.mmap(fh.fileno(), 0, access=mmap.ACCESS_READ) as m:
        plan = pf.Plan(m, arch)
        for lo, hi in plan.zero:
            if m[lo:hi].strip(b"\0"):
                raise SystemExit("%s has device code for other GPUs than sm_%d; make the bundle with --arch"
                                 % (name, arch))
        size = len(m)
        here = sets[set_of(name)]
        group = group_of(name)
        fd = os.open(image, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o755)
        os.ftruncate(fd, size)

        # what does not travel at all: what was cleared, and sections the loader never maps
        phoff, = struct.unpack_from("<Q", m, 32)
        phsize, phnum = struct.unpack_from("<HH", m, 54)
        loads = []
        for i in range(phnum):
            p_type, _, p_off, _, _, p_filesz, _, _ = struct.unpack_from("<IIQQQQQQ", m, phoff + i * phsize)
            if p_type == 1:
                loads.append((p_off, p_off + p_filesz))
        drop = list(plan.zero)
        code = []
        for s in plan.sections:
            lo, hi = s.offset, s.offset + s.size
            if s.type in (0, pf.SHT_NOBITS) or not s.size:
                continue
            if s.name in pf.FATBIN_SECTIONS:
                at = lo
                for c in [c for c in plan.containers if c.section == s.name] + [None]:
                    gap = (c.offset if c else hi) - at
                    if gap >= 4096:
                        drop.append((at, at + gap))     # zero, as the parser has seen to
                    at = c.offset + c.size if c else hi
            if s.flags & pf.SHF_EXECINSTR:
                code.append((lo, hi))
            elif not s.flags & pf.SHF_ALLOC and s.name != ".shstrtab" and not any(lo < y and x < hi for x, y in loads):
                drop.append((lo, hi))

        # kept device code, expanded
        linked = linked_first(m, plan)
        # (uncompressed ones and tiny ones stay with the rest; code that was linked on the device
        # side goes next to the objects it was linked from, which xz then gets almost for nothing)
        kept = sorted((ce for ce in plan.kept if ce[1].flags & pf.LZ4 or ce[1].size > 65536),
                      key=lambda ce: (0 if ce[0].section == "__nv_relfatbin" else
                                      1 if ce[0].offset in linked else 2, ce[1].payload))
        moved = []

        def prepare(ce):
            c, e = ce
            if not e.flags & pf.LZ4:
                return ce, up.PLAIN, m[e.payload:e.payload + e.size], None
            raw = lz4.decode(m[e.payload:e.payload + e.csize], e.usize)
            if raw is None:
                raise pf.Refused("entry at %#x does not expand" % e.header)
            for kind in (up.LZ4_FAST, up.LZ4_DEEP):
                packed = lz4.encode(raw, e.csize, DEPTHS[kind])
                if packed is not None:
                    if lz4.decode(packed, e.usize) != raw:
                        raise SystemExit("fatlz4: round trip failed at %#x" % e.header)
                    return ce, kind, raw, packed
            return ce, up.PLAIN, m[e.payload:e.payload + e.csize], None

        totals = [0, 0]
        for lo in range(0, len(kept), 64):
            for (c, e), kind, data, packed in pool.map(prepare, kept[lo:lo + 64]):
                fft = here.name == "core" and c.section not in pf.FATBIN_SECTIONS and name.startswith("libtorch_cuda")
                where = sets["fft"] if fft else here
                b = where.block("cufft" if fft else group, "ptx" if e.kind == pf.PTX else "sass")
                n = e.csize if e.flags & pf.LZ4 else e.size
                b.add(name, e.payload, kind, data, n)
                if fft:
                    moved.append((e.payload, n, packed if packed is not None else data))
                else:
                    up.pwrite_all(fd, packed if packed is not None else data, e.payload)
                totals[1 if kind else 0] += len(data)
                if n < e.size and any(m[e.payload + n:e.payload + e.size]):
                    raise pf.Refused("entry at %#x is not padded with zeros" % e.header)
                drop.append((e.payload, e.payload + e.size))

        # all the rest, as it is
        drop.sort()
        edges = []
        at = 0
        for lo, hi in drop + [(size, size)]:
            if lo > at:
                edges.append((at, lo))
            at = max(at, hi)
        code.sort()
        for lo, hi in edges:
            while lo < hi:
                inside = next((c for c in code if c[0] <= lo < c[1]), None)
                nxt = min([hi] + ([inside[1]] if inside else [c[0] for c in code if c[0] > lo]))
                while lo < nxt:
                    cls = "code" if inside else "data"
                    n = min(nxt - lo, 16 * MIB)
                    data = m[lo:lo + n]
                    here.block("rest" if cls == "code" and group == "cublas" else group, cls).add(name, lo, up.PLAIN, data, n)
                    up.pwrite_all(fd, data, lo)
                    lo += n

        os.fsync(fd)
        info = {"size": size, "sha256": up.sha256_file(image)}
        here.files[name] = info
        if moved:
            for off, n, data in moved:
                up.pwrite_all(fd, data, off)
            sets["fft"].files[name] = {"size": size, "sha256": up.sha256_file(image)}
        os.close(fd)
        return "%-36s %7.1f MB, device code %6.1f MB expanded, %5.1f left packed" % (
            name, size / 1e6, totals[1] / 1e6, totals[0] / 1e6)
