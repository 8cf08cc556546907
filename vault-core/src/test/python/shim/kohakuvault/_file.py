"""One file: its vault in Java, its batch, and what closes both."""

import contextlib
import os
import shutil
import tempfile
import weakref

import jpype

from ._jvm import core, java
from .errors import translated

_DAY = 86400.0


def _close(vault, folder):
    with contextlib.suppress(Exception):
        vault.close()
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


class VaultFile:
    """What one of Python's vaults has open. ":memory:" is a file in a folder of its own that goes with the vault."""

    def __init__(self, path, page_size=None, read_only=False):
        path = os.fspath(path)
        self.path = path
        folder = None
        if path == ":memory:":
            folder = tempfile.mkdtemp(prefix="vault-memory-")
            path = os.path.join(folder, "memory.db")
        options = core("VaultOptions").defaults()
        with translated():
            if page_size is not None:
                options = options.withPageSizeBytes(page_size)
            where = java.class_("java.nio.file.Path").of(path)
            opened = core("Vault").openReadOnly if read_only else core("Vault").open
            self.vault = opened(where, options)
        self._batch = None
        self._options = None
        self._close = weakref.finalize(self, _close, self.vault, folder)

    def close(self):
        try:
            self.disable_cache()
            with translated():
                self.vault.close()
        finally:
            self._close()

    def checkpoint(self):
        with translated():
            self.vault.maintenance().checkpoint()

    def enable_cache(self, max_bytes, interval):
        self.disable_cache()
        self._options = max_bytes, interval
        nanos = int((interval or _DAY) * 1e9)
        with translated():
            options = core("BatchOptions").defaults().withMaxBytes(max_bytes)
            self._batch = self.vault.batch(options.withInterval(java.class_("java.time.Duration").ofNanos(nanos)))

    def flush_cache(self):
        if self._batch is None:
            return 0
        with translated():
            calls = int(self._batch.pendingCalls())
            self._batch.commit()
        return calls

    def has_batch(self):
        return self._batch is not None

    def disable_cache(self):
        if self._batch is not None:
            batch, self._batch = self._batch, None
            with translated():
                batch.close()

    @contextlib.contextmanager
    def cache(self, max_bytes, interval):
        self.enable_cache(max_bytes, interval)
        try:
            yield
        finally:
            self.disable_cache()

    @contextlib.contextmanager
    def lock_cache(self):
        """A batch that no timer commits, until the block ends."""
        if self._batch is None:
            yield
            return
        max_bytes, interval = self._options
        self.enable_cache(max_bytes, None)
        try:
            yield
        finally:
            self.enable_cache(max_bytes, interval)

    def transact(self, task):
        with translated():
            self.vault.transact(jpype.JProxy("io.kohakuvault.VaultTask", dict={"run": task}))


class Packing:
    """The switches for headers and values: in Java the call says it, so that they choose the call here."""

    _auto_pack = True
    _headers = True

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def enable_auto_pack(self, use_pickle=True):
        self._auto_pack = self._headers = True

    def disable_auto_pack(self):
        self._auto_pack = False

    def auto_pack_enabled(self):
        return self._auto_pack

    def enable_headers(self):
        self._headers = True

    def disable_headers(self):
        self._headers = False

    def headers_enabled(self):
        return self._headers
