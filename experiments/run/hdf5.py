"""The skeleton of an HDF5 file, walked before the HDF5 library does it.

The library trusts it: where a tree, a heap or a list of a damaged file leads back to itself, it
goes round until the memory or the stack is used up, and the process ends. What h5py writes by
itself is a small part of HDF5 (File Format Specification 3.0: superblock 0, groups as symbol
tables, object headers 1, layouts 3). Only that part is let in, and nothing in it is reached twice.
"""

import mmap
import os
import struct

SIGNATURE = b"\x89HDF\r\n\x1a\n"
NONE = (1 << 64) - 1  # where there is no address
NAMES, CHUNKS = 0, 1  # types of trees
LAYOUT, MORE, TABLE = 0x08, 0x10, 0x11  # messages of objects that lead on ...
ENDS = {0x00, 0x01, 0x03, 0x04, 0x05, 0x0B, 0x0C, 0x12}  # ... and others; see IV.A.2 of the format
SHARED = 2  # a flag: the message is somewhere else
CHUNKED = 2  # a class of layouts
CACHED, LINK = 1, 2  # a name whose table is told with it; one that stands for another
FREE_END = 1  # of the list of what is free in a heap of names
TEXTS = b"GCOL\x01"  # how a heap of texts begins


def check(file):
    """Walk over an HDF5 file that is open for reading, in bytes.

    Raises
    ------
    ValueError
        If it has what h5py does not write, or leads in a circle or out of itself.
    """
    _need(os.fstat(file.fileno()).st_size, "it is empty")
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            _Walk(data).over_all()
        except (struct.error, OverflowError) as error:  # a place beyond all files, too
            raise ValueError("it ends too early") from error


class _Walk:
    def __init__(self, data):
        self.data, self.seen, self.left = data, set(), len(data)

    def over_all(self):
        head = self.piece(0, 96)
        sizes = head[13:15] == b"\x08\x08"
        base, _, end, driver, _, root, kind = struct.unpack_from("<6QI", head, 24)
        good = head[:9] == SIGNATURE + b"\0" and sizes and base == 0 and driver == NONE
        _need(good and end <= len(self.data), "it has no such head as h5py writes")
        self.texts()
        objects = [(root, struct.unpack_from("<QQ", head, 80) if kind == CACHED else None)]
        while objects:
            objects += self.object(*objects.pop())

    def piece(self, place, size):
        """Bytes that are reached once; all together are no more than the file has."""
        self.left -= size
        _need(place + size <= len(self.data), "it leads out of the file")
        _need(place not in self.seen and self.left >= 0, "it leads in a circle")
        self.seen.add(place)
        return self.data[place : place + size]

    def object(self, place, told):
        """An object, and its table if that is told elsewhere; returns those within it."""
        version, _, _, _, size = struct.unpack("<BBHII", self.piece(place, 12))
        _need(version == 1, "an object is of another format")
        blocks, found, tables = [(place + 16, size)], [], []
        while blocks:
            for kind, content in self.messages(*blocks.pop()):
                if kind == MORE:
                    blocks.append(struct.unpack_from("<QQ", content))
                elif kind == LAYOUT:
                    self.layout(content)
                elif kind == TABLE:
                    tables.append(struct.unpack_from("<QQ", content))
                    found += self.group(*tables[-1])
        _need(len(tables) < 2 and told in (None, *tables), "a group has two tables")
        return found

    def messages(self, place, size):
        """Type and content of each message of an object that is in a block."""
        block, at = self.piece(place, size), 0
        while at + 8 <= size:
            kind, length, flags = struct.unpack_from("<HHB", block, at)
            known = kind in ENDS or kind in (LAYOUT, MORE, TABLE)
            _need(known and not flags & SHARED, "an object is of another format")
            yield kind, block[at + 8 : at + 8 + length]
            at += 8 + length

    def layout(self, content):
        version, kind, rank = struct.unpack_from("<BBB", content)
        _need(version == 3, "an array is of another format")
        if kind == CHUNKED:
            (tree,) = struct.unpack_from("<Q", content, 3)
            if tree != NONE:
                list(self.leaves(tree, CHUNKS, 8 + 8 * rank))

    def group(self, tree, heap):
        """A group's names: a heap, and a tree whose leaves list objects; returns these."""
        mark, size, free, values = struct.unpack("<5s3xQQQ", self.piece(heap, 32))
        _need(mark == b"HEAP\0", "a group has no names")
        names, places = self.piece(values, size), set()
        while free != FREE_END:  # a list of what is free in it
            _need(free not in places, "a group's names lead in a circle")
            places.add(free)
            begin, (free, length) = free, struct.unpack_from("<QQ", names, free)
            _need(free and begin + length <= size, "a group's names are not whole")
        return [one for leaf in self.leaves(tree, NAMES, 8) for one in self.listed(leaf)]

    def leaves(self, tree, kind, key):
        """Where the leaves of a tree are, whose keys have so many bytes."""
        nodes = [(tree, None)]
        while nodes:
            place, depth = nodes.pop()
            mark, found, level, used = struct.unpack("<4sBBH", self.piece(place, 8))
            good = mark == b"TREE" and found == kind and depth in (None, level)
            _need(good, "a tree has other branches")
            branches = self.piece(place + 24, used * (key + 8))
            for at in range(key, len(branches), key + 8):
                (to,) = struct.unpack_from("<Q", branches, at)
                if level:
                    nodes.append((to, level - 1))
                elif kind == NAMES:
                    yield to

    def listed(self, leaf):
        """Where the objects are that a leaf lists, and the tables that it tells of groups."""
        mark, version, count = struct.unpack("<4sBxH", self.piece(leaf, 8))
        _need(mark == b"SNOD" and version == 1, "a group has no names")
        rows = self.piece(leaf + 8, 40 * count)
        for _, place, kind, tree, heap in struct.iter_unpack("<QQI4xQQ", rows):
            _need(kind != LINK, "a name is a link that leads elsewhere")
            yield place, (tree, heap) if kind == CACHED else None

    def texts(self):
        """The library goes through each heap of texts, whose pieces say how long they are."""
        place = self.data.find(TEXTS)
        while place >= 0:
            (size,) = struct.unpack_from("<Q", self.data, place + 8)
            at, end = place + 16, min(place + size, len(self.data))
            while at + 16 <= end:
                index, length = struct.unpack_from("<H6xQ", self.data, at)
                step = 16 + -(-length // 8) * 8 if index else length  # what is free has no 0
                _need(step >= 16 and at + step <= place + size, "a heap leads in a circle")
                at += step
            place = self.data.find(TEXTS, place + 1)


def _need(good, why):
    if not good:
        raise ValueError(why)
