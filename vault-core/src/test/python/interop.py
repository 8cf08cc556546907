"""interop.py DB MANIFEST: the real KohakuVault opens what Java wrote, compares every value and appends.

The manifest says what must be there. Exit status 1 and a line for each difference; else what was compared.
"""
import json
import math
import struct
import sys

import numpy as np
from kohakuvault import ColumnVault, KVault, MsgPack, TextVault, VectorKVault

differences = []
compared = 0


def same(what, found, expected):
    global compared
    compared += 1
    if found != expected and not (isinstance(found, float) and isinstance(expected, float) and math.isnan(found) and math.isnan(expected)):
        differences.append('%s: found %r, expected %r' % (what, found, expected))


def plain(value, dtype):
    """A value as the manifest writes it: floats by their bits, bytes in hex."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, np.ndarray):
        return [plain(x, dtype) for x in value.ravel()]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return struct.pack('>d', value).hex()
    return value


def main(db, manifest_path):
    manifest = json.load(open(manifest_path))
    with KVault(db, table='kv') as kv:
        kv.enable_auto_pack()
        for entry in manifest['kv']:
            found = kv[bytes.fromhex(entry['key'])]
            same('kv ' + entry['key'], plain(found, None), entry['value'])
        same('kv keys', [k.hex() for k in kv.keys()], [e['key'] for e in manifest['kv']])
        kv['from python'] = {'list': [1, 2.5, 'x', None]}
        kv['python int'] = 123456789

    with ColumnVault(db) as columns:
        listed = {name: (dtype, length) for name, dtype, length in columns.list_columns()}
        for column in manifest['columns']:
            name = column['name']
            same('dtype of ' + name, listed.get(name), (column['dtype'], len(column['values'])))
            found = [plain(v, column['dtype']) for v in columns[name]]
            for i, (f, e) in enumerate(zip(found, column['values'])):
                same('%s[%d]' % (name, i), f, e)
            same('length of ' + name, len(found), len(column['values']))
        columns['i64'].extend([1, -2, 3])
        columns['f32'].append(0.5)
        columns['bool'].append(True)
        columns['str'].extend(['aus Python', '', 'x' * 50000])
        columns['bytes'].append(b'\x00\x01')
        columns['vec:f32:3'].append(np.array([1, 2, 3], dtype=np.float32))
        columns.create_column('made in python', 'i64')
        columns['made in python'].extend(list(range(3000)))

    text = TextVault(db, table='docs', columns=['content'])
    for query in manifest['text']:
        hits = text.search(query['query'], k=50)
        same('text ' + query['query'], sorted(h[0] for h in hits), query['ids'])
        for h in hits:
            same('value of document %d' % h[0], h[2], query['values'][str(h[0])])
    text.insert('a document from python', 'py')

    for table, v in manifest['vectors'].items():
        vectors = VectorKVault(db, table=table, dimensions=v['dimensions'], metric=v['metric'])
        same('vectors in ' + table, vectors.count(), v['count'])
        for query in v['queries']:
            hits = vectors.search(np.array(query['vector'], dtype=np.float32), k=len(query['ids']))
            same('hits in ' + table, [h[0] for h in hits], query['ids'])
            same('distances in ' + table, [struct.pack('>f', h[1]).hex() for h in hits], query['distances'])
            same('values in ' + table, [h[2] for h in hits], query['values'])
        vectors.insert(np.array([9.0] * (v['dimensions'] - 1) + [1.0], dtype=np.float32), 'py')
        vectors.close()

    for d in differences[:50]:
        print('DIFFERENCE', d)
    print('%d values compared, %d differences' % (compared, len(differences)))
    sys.exit(1 if differences else 0)


main(*sys.argv[1:])
