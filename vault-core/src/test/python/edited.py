"""edited.py DB MANIFEST: the real KohakuVault reads a table that Java has corrected, and corrects it itself.

MANIFEST holds the columns as lists, with zero or empty for nulls, and what to set: [[column, index, value] ...].
"""
import json
import sys

from kohakuvault import ColumnVault

db, manifest = sys.argv[1], json.load(open(sys.argv[2], encoding='utf-8'))
with ColumnVault(db) as columns:
    for name, expected in manifest['columns'].items():
        column = columns[name]
        assert len(column) == len(expected), (name, len(column), len(expected))
        found = list(column)
        for i, (a, b) in enumerate(zip(found, expected)):
            assert a == b, (name, i, a, b)
    for name, index, value in manifest['set']:
        columns[name][index] = value
        assert columns[name][index] == value
print('python read and set', len(manifest['set']))
