"""Columns."""

import contextlib
from array import array as packed_array
from collections.abc import MutableSequence

import numpy as np

from . import _values
from ._file import VaultFile
from ._jvm import Doubles, Flags, Longs, core, java, java_bytes
from .errors import NotFound, translated
from .proxy import KVault

_DType = core("codec.DType")
_BATCH = 4096


class _Objects:
    """Elements that are objects in Java."""

    def __init__(self, to_java, from_java):
        self.one = to_java
        self.back = from_java

    def many(self, values):
        items = java.util.ArrayList(len(values) if hasattr(values, "__len__") else 10)
        for value in values:
            items.add(self.one(value))
        return items

    listed = many

    def read(self, found):
        return [self.back(item) for item in found]

    def insert(self, column, index, value):
        column.insert(index, self.one(value))


class _Numbers:
    """Elements that are primitives in Java, and go over as one array."""

    def __init__(self, code, java_array, back):
        self.code, self.java_array, self.back = code, java_array, back

    def one(self, value):
        return packed_array(self.code, [value])[0]

    def many(self, values):
        if isinstance(values, np.ndarray):
            values = values.tolist()
        return self.java_array(np.frombuffer(packed_array(self.code, values), dtype=self.code))

    def listed(self, values):
        return java.util.Arrays.stream(self.many(values)).boxed().toList()

    def read(self, found):
        return np.asarray(found).tolist()

    def insert(self, column, index, value):
        column.insert(index, self.many([value]))


class _Unsigned(_Numbers):
    """Of u64 Java has the bits."""

    def __init__(self):
        super().__init__("q", Longs, lambda bits: int(bits) % 2**64)

    def one(self, value):
        return int(np.uint64(value).astype(np.int64))

    def many(self, values):
        return Longs(np.array(values, dtype=np.uint64).view(np.int64))

    def read(self, found):
        return np.asarray(found).view(np.uint64).tolist()


def _text(value):
    if not isinstance(value, str):
        raise TypeError(f"a str was expected, not {type(value).__name__}")
    return java.lang.String(value)


def _data(value):
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError(f"bytes were expected, not {type(value).__name__}")
    return java_bytes(value)


def _packed(value):
    try:
        return _values.plain(value)
    except _values.NotPlain:
        raise TypeError(f"{type(value).__name__} has no MessagePack") from None


def _flag(value):
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"a bool was expected, not {type(value).__name__}")
    return bool(value)


class _Flags(_Objects):
    def many(self, values):
        return Flags([self.one(value) for value in values])

    def insert(self, column, index, value):
        column.insert(index, self.many([value]))


class _Array(_Objects):
    """Arrays of numpy become the type that is wanted, as the original has it; lists go over as they are."""

    def __init__(self, dtype):
        super().__init__(self._convert, _values.numpy_of)
        self.numpy_type = _values.numpy_type(dtype.element())
        self.shape = tuple(int(n) for n in dtype.shape())

    def _convert(self, value):
        if isinstance(value, (np.ndarray, np.generic)):
            return _values.array(value, self.numpy_type)
        return _packed(value)


def elements_of(dtype):
    kind = str(dtype.getClass().getSimpleName())
    if kind == "IntegerType":
        return _Unsigned() if str(dtype.token()) == "u64" else _Numbers("q", Longs, int)
    if kind == "FloatingType":
        return _Numbers("d", Doubles, float)
    if kind == "BytesType":
        return _Objects(_data, bytes)
    if kind == "StringType":
        return _Objects(_text, str)
    if kind == "PackedType":
        return _Objects(_packed, _values.from_java)
    if kind == "VectorType":
        return _Array(dtype)
    if kind == "BooleanType":
        return _Flags(_flag, bool)
    raise NotImplementedError(kind)


class Column(MutableSequence):
    def __init__(self, vault, name, dtype, column):
        self._file, self._name, self._column = vault._file, name, column
        self._dtype = str(dtype.token())
        self._elem_size = int(dtype.elementSizeBytes())
        self._elements = elements_of(dtype)

    @property
    def name(self):
        return self._name

    @property
    def dtype(self):
        return self._dtype

    def __repr__(self):
        return f"{type(self).__name__}({self._name!r}, dtype={self._dtype!r}, length={len(self)})"

    def __len__(self):
        with translated():
            return int(self._column.length())

    def _index(self, index):
        if not isinstance(index, (int, np.integer)):
            raise TypeError(f"indices must be integers or slices, not {type(index).__name__}")
        return int(index) + (len(self) if index < 0 else 0)

    def _bounds(self, chosen):
        start, stop, step = chosen.indices(len(self))
        if step != 1:
            raise ValueError("Step slicing not supported")
        return start, max(start, stop)

    def __getitem__(self, index):
        with translated():
            if isinstance(index, slice):
                start, stop = self._bounds(index)
                return self._elements.read(self._column.slice(start, stop))
            found = self._column.get(self._index(index))
            return self._elements.back(found)

    def __setitem__(self, index, value):
        with translated():
            if not isinstance(index, slice):
                self._column.set(self._index(index), self._elements.one(value))
                return
            start, stop = self._bounds(index)
            value = list(value)
            if len(value) != stop - start:
                raise ValueError(f"Slice assignment length mismatch: {stop - start} elements, {len(value)} values")
            new = self._elements.listed(value)
            part = self._column.asList().subList(start, stop)
            self._file.transact(lambda: java.util.Collections.copy(part, new))

    def __delitem__(self, index):
        with translated():
            if isinstance(index, slice):
                self._column.remove(*self._bounds(index))
            else:
                self._column.remove(self._index(index))

    def __iter__(self):
        with translated():
            for found in self._column.batches(_BATCH):
                yield from self._elements.read(found)

    def insert(self, index, value):
        length = len(self)
        index = max(0, index + length) if index < 0 else min(index, length)
        with translated():
            self._elements.insert(self._column, index, value)

    def append(self, value):
        with translated():
            self._column.append(self._elements.one(value))

    def extend(self, values):
        with translated():
            self._column.appendAll(self._elements.many(values))

    def clear(self):
        with translated():
            self._column.clear()

    # arrays: the bytes as they are stored

    def _numpy(self):
        """The type of an element's numbers, and its shape."""
        if isinstance(self._elements, _Array):
            return self._elements.numpy_type, self._elements.shape
        kind = {"i": "int", "u": "uint", "f": "float"}[self._dtype[0]]
        return np.dtype(kind + self._dtype[1:]).newbyteorder("<"), ()

    def append_array(self, values):
        numpy_type, shape = self._numpy()
        values = np.asarray(values)
        if values.shape[1:] != shape:
            raise ValueError(f"an array of shape (n, {', '.join(map(str, shape))}) was expected, not {values.shape}")
        data = np.ascontiguousarray(values, dtype=numpy_type).tobytes()
        with translated():
            self._column.appendRaw(java.class_("java.nio.ByteBuffer").wrap(java_bytes(data)))

    def read_buffer(self, start=0, count=None):
        with translated():
            stop = int(self._column.length()) if count is None else start + count
            data = java_bytes(bytes((stop - start) * self._elem_size))
            self._column.readRaw(start, stop, java.class_("java.nio.ByteBuffer").wrap(data))
            return bytes(data)

    def read_array(self, start=0, count=None, copy=False):
        numpy_type, shape = self._numpy()
        read = np.frombuffer(self.read_buffer(start, count), dtype=numpy_type).reshape((-1, *shape))
        return read.copy() if copy else read

    def take(self, indexes):
        with translated():
            taken = self._elements.read(self._column.take(Longs([self._index(i) for i in indexes])))
        return np.array(taken, dtype=self._numpy()[0]) if self._elem_size else taken

    def iter_batches(self, batch_bytes=1 << 20):
        step = max(1, batch_bytes // self._elem_size)
        for start in range(0, len(self), step):
            yield self.read_array(start, min(step, len(self) - start))

    def enable_cache(self, cap_bytes=16 << 20, flush_threshold=4 << 20, flush_interval=None):
        self._file.enable_cache(min(cap_bytes, flush_threshold), flush_interval)

    def flush_cache(self):
        return self._file.flush_cache()

    def disable_cache(self):
        self._file.disable_cache()

    @contextlib.contextmanager
    def cache(self, cap_bytes=16 << 20, flush_threshold=4 << 20, flush_interval=None):
        with self._file.cache(min(cap_bytes, flush_threshold), flush_interval):
            yield self


class VarSizeColumn(Column):
    """A column whose elements differ in size."""


class ColumnVault:
    def __init__(self, path, *, read_only=False, **others):
        self._file = path._file if isinstance(path, KVault) else VaultFile(path, read_only=read_only)
        self._known = {}

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        self._file.close()

    def checkpoint(self):
        self._file.checkpoint()

    def _of(self, name, column):
        dtype = column.dtype()
        if str(dtype.getClass().getSimpleName()) == "VectorType":
            column = self._file.vault.columns().arrays(name)
        kind = Column if dtype.isFixedSize() else VarSizeColumn
        return self._known.setdefault(name, kind(self, name, dtype, column))

    def create_column(self, name, dtype, chunk_bytes=None, use_rust_packer=True):
        with translated():
            return self._of(name, self._file.vault.columns().create(name, _DType.parse(dtype)))

    def ensure(self, name, dtype, chunk_bytes=None, use_rust_packer=True):
        with translated():
            if name not in self._known:
                self._of(name, self._file.vault.columns().ensure(name, _DType.parse(dtype)))
            return self._known[name]

    def __getitem__(self, name):
        if name in self._known:
            return self._known[name]
        with translated(name):
            found = self._file.vault.columns().find(name)
            if not found.isPresent():
                raise NotFound(name)
            return self._of(name, found.get())

    def list_columns(self):
        with translated():
            return [(str(c.name()), str(c.dtype()), int(c.length())) for c in self._file.vault.columns().list()]

    def delete_column(self, name):
        self._known.pop(name, None)
        with translated():
            return bool(self._file.vault.columns().delete(name))

    def enable_cache(self, cap_bytes=64 << 20, flush_threshold=16 << 20, flush_interval=None):
        self._file.enable_cache(min(cap_bytes, flush_threshold), flush_interval)

    def flush_cache(self):
        return self._file.flush_cache()

    def disable_cache(self):
        self._file.disable_cache()

    @contextlib.contextmanager
    def cache(self, cap_bytes=64 << 20, flush_threshold=16 << 20, flush_interval=None):
        with self._file.cache(min(cap_bytes, flush_threshold), flush_interval):
            yield self

    @contextlib.contextmanager
    def lock_cache(self):
        with self._file.lock_cache():
            yield self
