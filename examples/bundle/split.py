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


class Library:
    """A pruned library on its way into streams, and into the image that unpack.py will make of them."""

    def __init__(self, m, plan, name, sets, lz4, fd):
        self.m, self.plan, self.name, self.sets, self.lz4, self.fd = m, plan, name, sets, lz4, fd
        self.here, self.group = sets[set_of(name)], group_of(name)
        self.drop = []          # ranges that are not carried as they are
        self.moved = []         # [offset, bytes in the file, content] of what another set carries

    def write(self, data, at):
        up.pwrite_all(self.fd, data, at)


def require_pruned(m, plan, name, arch):
    for lo, hi in plan.zero:
        if m[lo:hi].strip(b"\0"):
            raise SystemExit("%s has device code for other GPUs than sm_%d; make the bundle with --arch"
                             % (name, arch))


def loaded_ranges(m):
    """The ranges of the file that the loader maps."""
    phoff, = struct.unpack_from("<Q", m, 32)
    phsize, phnum = struct.unpack_from("<HH", m, 54)
    out = []
    for i in range(phnum):
        p_type, _, p_off, _, _, p_filesz, _, _ = struct.unpack_from("<IIQQQQQQ", m, phoff + i * phsize)
        if p_type == 1:
            out.append((p_off, p_off + p_filesz))
    return out


def filled_sections(plan):
    return [s for s in plan.sections if s.type not in (0, pf.SHT_NOBITS) and s.size]


def not_carried(m, plan):
    """Ranges that do not travel at all: what was cleared, and sections the loader never maps."""
    loads = loaded_ranges(m)
    out = list(plan.zero)
    for s in filled_sections(plan):
        lo, hi = s.offset, s.offset + s.size
        if s.name in pf.FATBIN_SECTIONS:
            out += gaps(plan, s)
        if not s.flags & (pf.SHF_EXECINSTR | pf.SHF_ALLOC) and s.name != ".shstrtab" \
                and not any(lo < y and x < hi for x, y in loads):
            out.append((lo, hi))
    return out


def gaps(plan, section):
    """Ranges of 4 KiB and more between a section's containers: zero, as the parser has seen to."""
    out = []
    at = section.offset
    end = section.offset + section.size
    for c in [c for c in plan.containers if c.section == section.name] + [None]:
        gap = (c.offset if c else end) - at
        if gap >= 4096:
            out.append((at, at + gap))
        at = c.offset + c.size if c else end
    return out


def kept_device_code(m, plan):
    """Containers and entries with device code that is carried expanded, what is alike side by side.

    Uncompressed ones and tiny ones stay with the rest; code that was linked on the device side goes
    next to the objects it was linked from, which xz then gets almost for nothing.
    """
    linked = linked_first(m, plan)
    return sorted((ce for ce in plan.kept if ce[1].flags & pf.LZ4 or ce[1].size > 65536),
                  key=lambda ce: (0 if ce[0].section == "__nv_relfatbin" else
                                  1 if ce[0].offset in linked else 2, ce[1].payload))


def expand(m, lz4, e):
    """An entry as (kind, content to carry, packed again): the last is None if it is carried as it is."""
    if not e.flags & pf.LZ4:
        return up.PLAIN, m[e.payload:e.payload + e.size], None
    raw = lz4.decode(m[e.payload:e.payload + e.csize], e.usize)
    if raw is None:
        raise pf.Refused("entry at %#x does not expand" % e.header)
    for kind in (up.LZ4_FAST, up.LZ4_DEEP):
        packed = lz4.encode(raw, e.csize, DEPTHS[kind])
        if packed is not None:
            if lz4.decode(packed, e.usize) != raw:
                raise SystemExit("fatlz4: round trip failed at %#x" % e.header)
            return kind, raw, packed
    return up.PLAIN, m[e.payload:e.payload + e.csize], None


def add_device_code(lib, pool):
    """Carries the kept device code; gives bytes carried [packed, expanded]."""
    totals = [0, 0]
    kept = kept_device_code(lib.m, lib.plan)
    for lo in range(0, len(kept), 64):
        part = kept[lo:lo + 64]
        for (c, e), done in zip(part, pool.map(lambda ce: expand(lib.m, lib.lz4, ce[1]), part)):
            add_entry(lib, c, e, *done)
            totals[1 if done[0] else 0] += len(done[1])
    return totals


def add_entry(lib, c, e, kind, data, packed):
    fft = lib.here.name == "core" and c.section not in pf.FATBIN_SECTIONS and lib.name.startswith("libtorch_cuda")
    where = lib.sets["fft"] if fft else lib.here
    b = where.block("cufft" if fft else lib.group, "ptx" if e.kind == pf.PTX else "sass")
    n = e.csize if e.flags & pf.LZ4 else e.size
    b.add(lib.name, e.payload, kind, data, n)
    in_file = packed if packed is not None else data
    if fft:
        lib.moved.append((e.payload, n, in_file))
    else:
        lib.write(in_file, e.payload)
    if n < e.size and any(lib.m[e.payload + n:e.payload + e.size]):
        raise pf.Refused("entry at %#x is not padded with zeros" % e.header)
    lib.drop.append((e.payload, e.payload + e.size))


def between(drop, size):
    """The ranges of a file that are not dropped, in order."""
    out = []
    at = 0
    for lo, hi in sorted(drop) + [(size, size)]:
        if lo > at:
            out.append((at, lo))
        at = max(at, hi)
    return out


def add_rest(lib):
    """Carries all that is left as it is, machine code of the CPU apart from data."""
    code = sorted((s.offset, s.offset + s.size) for s in filled_sections(lib.plan) if s.flags & pf.SHF_EXECINSTR)
    for lo, hi in between(lib.drop, len(lib.m)):
        while lo < hi:
            inside = next((c for c in code if c[0] <= lo < c[1]), None)
            end = min([hi] + ([inside[1]] if inside else [c[0] for c in code if c[0] > lo]))
            add_plain(lib, lo, end, "code" if inside else "data")
            lo = end


def add_plain(lib, lo, end, cls):
    group = "rest" if cls == "code" and lib.group == "cublas" else lib.group
    for at in range(lo, end, 16 * MIB):
        data = lib.m[at:min(end, at + 16 * MIB)]
        lib.here.block(group, cls).add(lib.name, at, up.PLAIN, data, len(data))
        lib.write(data, at)


def describe_image(lib, image):
    """Notes the image's checksum in its set, and in the set fft the one with that set's code in it."""
    size = len(lib.m)
    os.fsync(lib.fd)
    lib.here.files[lib.name] = {"size": size, "sha256": up.sha256_file(image)}
    if lib.moved:
        for at, _, data in lib.moved:
            lib.write(data, at)
        lib.sets["fft"].files[lib.name] = {"size": size, "sha256": up.sha256_file(image)}


def split_file(path, name, arch, sets, lz4, image, pool):
    """Cuts one pruned library into streams; leaves in image what unpack.py will make of them."""
    with open(path, "rb") as fh, mmap.mmap(fh.fileno(), 0, access=mmap.ACCESS_READ) as m:
        plan = pf.Plan(m, arch)
        require_pruned(m, plan, name, arch)
        fd = os.open(image, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o755)
        try:
            os.ftruncate(fd, len(m))
            lib = Library(m, plan, name, sets, lz4, fd)
            lib.drop += not_carried(m, plan)
            packed, expanded = add_device_code(lib, pool)
            add_rest(lib)
            describe_image(lib, image)
        finally:
            os.close(fd)
        return "%-36s %7.1f MB, device code %6.1f MB expanded, %5.1f left packed" % (
            name, len(m) / 1e6, expanded / 1e6, packed / 1e6)
