"""Reads a table of a vault through the C data interface: a JVM in this process, batches by address.

arrow_c_data.py EXPECTED.jsonl CLASSPATH VAULT TABLE FLAG...
"""
import json
import pathlib
import sys

import jpype
import pyarrow

import arrow_readers


def main(expected, class_path, vault_file, table_name, *flags):
    lines = pathlib.Path(expected).read_text(encoding="utf-8").splitlines()
    arrow_readers.TYPES = json.loads(lines[0])
    rows = [json.loads(line) for line in lines[1:]]
    jpype.startJVM(*flags, classpath=class_path.split(":"))
    vaults = jpype.JClass("io.kohakuvault.Vault")
    arrow = jpype.JClass("io.kohakuvault.arrow.VaultArrow")
    data = jpype.JClass("org.apache.arrow.c.Data")
    streams = jpype.JClass("org.apache.arrow.c.ArrowArrayStream")

    allocator = arrow.allocator()
    vault = vaults.open(jpype.java.nio.file.Path.of(vault_file))
    snapshot = vault.snapshot()
    stream = streams.allocateNew(allocator)
    data.exportArrayStream(allocator, arrow.scan(snapshot, table_name).open(allocator), stream)
    reader = pyarrow.RecordBatchReader._import_from_c(stream.memoryAddress())
    stream.close()
    table = reader.read_all()
    arrow_readers.check_types("C data", table.schema)
    found = {name: table.column(name).to_pylist() for name in table.column_names}
    wrong = arrow_readers.compare("C data", found, rows)
    batches = len(table.column(0).chunks)
    snapshot.close()
    try:
        vault.close()
        refused = False
    except jpype.JException:
        refused = True  # the batches point into the file
    del found, table
    reader.close()
    del reader
    vault.close()
    allocator.close()  # fails when anything is left
    print(f"{len(rows)} rows in {batches} batches, {wrong} differences, closing refused before the batches went: {refused}")


if __name__ == "__main__":
    main(*sys.argv[1:])
