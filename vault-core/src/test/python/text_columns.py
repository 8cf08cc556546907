"""text_columns.py DB MANIFEST: the real KohakuVault compares columns of text in many encodings and appends to them what they hold."""
import json
import sys

from kohakuvault import ColumnVault

differences = 0
compared = 0
manifest = json.load(open(sys.argv[2]))
with ColumnVault(sys.argv[1]) as columns:
    for name, texts in manifest.items():
        found = list(columns[name])
        compared += len(texts)
        if found != texts:
            differences += 1
            print('DIFFERENCE', name, found, texts)
        columns[name].extend(texts)
        columns[name].append('a')
print('%d texts compared, %d differences' % (compared, differences))
