"""Compares what pyarrow, pandas, polars and DuckDB read of Arrow IPC with the values that were stored.

arrow_readers.py EXPECTED.jsonl FOLDER: each line of EXPECTED is a row; FOLDER has NAME.arrow (IPC files) and
NAME.arrows (streams), those for DuckDB as duckdb-NAME, those with dictionaries and bool8 as coded-NAME.
"""
import datetime
import decimal
import json
import math
import pathlib
import sys
import uuid

import duckdb
import numpy
import pandas
import polars
import pyarrow
import pyarrow.feather
import pyarrow.ipc

# Columns that are texts of a dictionary and bytes of 0 and 1 in files called coded-NAME.
TEXTS = ["text", "code", "name", "latin"]
FLAGS = ["flag", "yes"]
CODED = dict.fromkeys(TEXTS, "dictionary<values=large_string, indices=int32, ordered=0>") | dict.fromkeys(
    FLAGS, "extension<arrow.bool8>")

EPOCH = datetime.datetime(1970, 1, 1)


def plain(value, column):
    """A value of any of the libraries as the rows of EXPECTED say it."""
    if value is None or value is pandas.NA or value is pandas.NaT:
        return None
    if isinstance(value, pandas.Timestamp):
        return str(value.value)
    if isinstance(value, datetime.datetime):
        delta = value.replace(tzinfo=None) - EPOCH
        return str((delta.days * 86_400_000_000 + delta.seconds * 1_000_000 + delta.microseconds) * 1000)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return str((value.hour * 3600 + value.minute * 60 + value.second) * 1_000_000 + value.microsecond)
    if isinstance(value, datetime.timedelta):
        return str(value // datetime.timedelta(microseconds=1))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return str(uuid.UUID(bytes=bytes(value))) if column == "id" else bytes(value).hex()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, (bool, numpy.bool_)):
        return bool(value)
    if column in FLAGS and isinstance(value, int):
        return {0: False, 1: True}[value]  # polars has no arrow.bool8
    if isinstance(value, (int, numpy.integer)):
        return str(int(value))
    if isinstance(value, (float, numpy.floating)):
        return "NaN" if math.isnan(value) else float(value)
    if isinstance(value, (list, tuple, numpy.ndarray, polars.Series)):
        return [plain(item, "") for item in value]
    return str(value)


def check_types(name, schema):
    found = {field.name: str(field.type) for field in schema}
    types = TYPES | (CODED if name.startswith("coded-") else {})
    wrong = {column: (found.get(column), types[column]) for column in TYPES if found.get(column) != types[column]}
    assert not wrong and list(found) == list(TYPES), f"{name}: {wrong}"


def by_pyarrow(path):
    if path.suffix == ".arrows":
        with pyarrow.ipc.open_stream(path) as reader:
            table = reader.read_all()
    else:
        with pyarrow.memory_map(str(path)) as source, pyarrow.ipc.open_file(source) as reader:
            table = reader.read_all()
    table.validate(full=True)
    check_types(path.name, table.schema)
    return {name: table.column(name).to_pylist() for name in table.column_names}


def by_pandas(path):
    if path.suffix == ".arrows":
        with pyarrow.ipc.open_stream(path) as reader:
            frame = reader.read_pandas(types_mapper=pandas.ArrowDtype)
    else:
        frame = pandas.read_feather(path, dtype_backend="pyarrow")
    return {name: list(frame[name]) for name in frame.columns}


def by_polars(path):
    frame = polars.read_ipc_stream(path) if path.suffix == ".arrows" else polars.read_ipc(path)
    return {name: frame[name].to_list() for name in frame.columns}


def by_duckdb(path):
    with (pyarrow.ipc.open_stream if path.suffix == ".arrows" else pyarrow.ipc.open_file)(path) as reader:
        batches = reader.read_all()
        with duckdb.connect() as connection:
            rows = connection.sql("SELECT * FROM batches")
            return dict(zip(rows.columns, map(list, zip(*rows.fetchall()))))


def compare(name, found, rows):
    wrong = 0
    for column in TYPES:
        values = found[column]
        assert len(values) == len(rows), f"{name}: {len(values)} values of {column}, not {len(rows)}"
        for i, (value, row) in enumerate(zip(values, rows)):
            if plain(value, column) != row[column]:
                wrong += 1
                if wrong < 10:
                    print(f"{name}: row {i} of {column} is {value!r} ({plain(value, column)!r}), not {row[column]!r}")
    return wrong


def main(expected, folder):
    global TYPES
    lines = pathlib.Path(expected).read_text(encoding="utf-8").splitlines()
    TYPES = json.loads(lines[0])
    rows = [json.loads(line) for line in lines[1:]]
    wrong = read = 0
    for path in sorted(pathlib.Path(folder).glob("*.arrow*")):
        for library in [by_duckdb] if path.name.startswith("duckdb-") else [by_pyarrow, by_pandas, by_polars]:
            wrong += compare(f"{library.__name__} {path.name}", library(path), rows)
            read += 1
    print(f"{read} readings of {len(rows)} rows of {len(TYPES)} columns, {wrong} differences")


if __name__ == "__main__":
    main(*sys.argv[1:])
