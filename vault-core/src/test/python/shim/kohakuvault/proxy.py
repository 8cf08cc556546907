"""Key-values."""

import contextlib
import io
from collections.abc import Mapping
from itertools import islice

from ._file import Packing, VaultFile
from ._jvm import Bytes, core, java_bytes
from ._values import from_java, to_java
from .errors import InvalidArgument, NotFound, translated

_Range = core("kv.KvRange")


def _key(key):
    if isinstance(key, str):
        key = key.encode("utf-8")
    elif not isinstance(key, bytes):
        raise InvalidArgument(f"a key is bytes or str, not {type(key).__name__}")
    return Bytes(key)


class KVault(Packing, Mapping):
    def __init__(self, path, *, table="kv", page_size=32768, read_only=False, **others):
        self._file = VaultFile(path, page_size, read_only)
        self._closed = False
        self._table = table
        with translated():
            self._kv = self._file.vault.kv(table)

    def _open(self):
        if self._closed:
            raise ValueError("the vault is closed")
        return self._kv

    def __repr__(self):
        return f"KVault({self._file.path!r}, {'closed' if self._closed else f'{len(self)} keys'})"

    def close(self):
        if not self._closed:
            self._file.close()
            self._closed = True

    def checkpoint(self):
        self._open()
        self._file.checkpoint()

    def optimize(self):
        self._open()
        with translated():
            self._file.vault.maintenance().optimize()

    # values

    def _value(self, raw):
        """What to hand to Java, and by which call."""
        if isinstance(raw, (bytes, bytearray, memoryview)):
            return java_bytes(raw), False
        if not self._auto_pack:
            raise InvalidArgument("bytes were expected: packing is switched off")
        return to_java(raw), True

    def put(self, key, value):
        kv = self._open()
        with translated(key):
            stored, packed = self._value(value)
            (kv.putValue if packed else kv.put)(_key(key), stored)

    def _found(self, kv, key, default):
        k = _key(key)
        if not self._auto_pack:
            found = kv.get(k)
            return default if found is None else bytes(found)
        found = kv.findValue(k)
        if found.isPresent():
            return from_java(found.get())
        return None if kv.exists(k) else default

    def get(self, key, default=None):
        with translated(key):
            return self._found(self._open(), key, default)

    def __getitem__(self, key):
        missing = object()
        found = self.get(key, missing)
        if found is missing:
            raise KeyError(key)
        return found

    def __setitem__(self, key, value):
        self.put(key, value)

    def __delitem__(self, key):
        if not self.delete(key):
            raise KeyError(key)

    def delete(self, key):
        with translated(key):
            return bool(self._open().delete(_key(key)))

    def exists(self, key):
        with translated(key):
            return bool(self._open().exists(_key(key)))

    def __contains__(self, key):
        if self._closed:
            return False
        try:
            return self.exists(key)
        except Exception:
            return False

    def __len__(self):
        with translated():
            return int(self._open().count())

    def clear(self):
        with translated():
            self._open().deleteAll(_Range.all())

    def __iter__(self):
        return self.keys()

    def _range(self, prefix, limit, batch_size):
        if (limit is not None and limit < 0) or batch_size < 1:
            raise ValueError("limit must not be negative, batch_size must be positive")
        found = _Range.all() if prefix is None else _Range.prefix(_key(prefix))
        return found if limit is None else found.limit(limit)

    def keys(self, prefix=None, limit=None, batch_size=1):
        chosen = self._range(prefix, limit, batch_size)
        kv = self._open()
        return (bytes(key) for key in kv.keys(chosen)) if limit != 0 else iter(())

    def items(self, prefix=None, limit=None, batch_size=1):
        return self._items(self.keys(prefix, limit, batch_size))

    def _items(self, keys):
        for key in keys:
            found = self.get(key, self)
            if found is not self:
                yield key, found

    def values(self, prefix=None, limit=None, batch_size=1):
        return (value for _, value in self.items(prefix, limit, batch_size))

    def pop(self, key, *default):
        popped = []

        def task():
            popped.append(self.get(key, self))
            self.delete(key)

        self._open()
        self._file.transact(task)
        if popped[0] is not self:
            return popped[0]
        if default:
            return default[0]
        raise KeyError(key)

    def setdefault(self, key, default=None):
        there = []

        def task():
            there.append(self.get(key, self))
            if there[0] is self:
                self.put(key, default)

        self._open()
        self._file.transact(task)
        return default if there[0] is self else there[0]

    def put_many(self, entries):
        batch = self._open().newBatch()
        if not isinstance(entries, (list, tuple)):
            raise InvalidArgument("entries must be a list or tuple")
        with translated():
            for key, value in entries:
                stored, packed = self._value(value)
                (batch.putValue if packed else batch.put)(_key(key), stored)
            self._kv.write(batch)

    def update(self, entries=(), **named):
        pairs = iter(entries.items() if isinstance(entries, Mapping) else entries)
        for part in (pairs, iter(named.items())):
            while batch := list(islice(part, 1024)):
                self.put_many(batch)

    def get_many(self, keys, default=None):
        self._open()
        if not isinstance(keys, (list, tuple)):
            raise InvalidArgument("keys must be a list or tuple")
        if self._file.has_batch():
            return [self.get(key, default) for key in keys]
        with translated():
            snapshot = self._file.vault.snapshot()
            try:
                return [self._found(snapshot.kv(self._table), key, default) for key in keys]
            finally:
                snapshot.close()

    # streams

    def put_file(self, key, reader, *, size=None, chunk_size=None):
        if isinstance(reader, (bytes, bytearray, memoryview)):
            reader = io.BytesIO(reader)
        if not hasattr(reader, "read"):
            raise InvalidArgument("bytes, or something that has read(), were expected")
        step = chunk_size or 1 << 20
        left = size
        with translated(key):
            upload = self._open().newUpload(_key(key))
            try:
                stream = upload.stream()
                while left is None or left > 0:
                    chunk = reader.read(step if left is None else min(step, left))
                    if not chunk:
                        break
                    stream.write(java_bytes(chunk))
                    left = None if left is None else left - len(chunk)
                if left:
                    raise InvalidArgument(f"the reader ended {left} bytes early")
                upload.commit()
            finally:
                upload.close()

    def get_to_file(self, key, writer, *, chunk_size=None):
        if not self.exists(key):
            raise NotFound(key)
        total = 0
        with translated(key):
            stream = self._kv.newInputStream(_key(key))
            try:
                while True:
                    chunk = bytes(stream.readNBytes(chunk_size or 1 << 20))
                    if not chunk:
                        return total
                    writer.write(chunk)
                    total += len(chunk)
            finally:
                stream.close()

    # the write-back cache: a batch

    def enable_cache(self, cap_bytes=64 << 20, flush_threshold=16 << 20, flush_interval=None):
        self._open()
        self._file.enable_cache(min(cap_bytes, flush_threshold), flush_interval)

    def flush_cache(self):
        return self._file.flush_cache()

    def disable_cache(self):
        self._file.disable_cache()

    @contextlib.contextmanager
    def cache(self, cap_bytes=64 << 20, flush_threshold=None, flush_interval=None, auto_flush=True):
        with self._file.cache(flush_threshold or cap_bytes, flush_interval):
            yield self

    @contextlib.contextmanager
    def lock_cache(self):
        with self._file.lock_cache():
            yield self
