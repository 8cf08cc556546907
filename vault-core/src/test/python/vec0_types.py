"""Makes the golden file vec0-types.db.gz: vec0 tables of int8 and bit, and what sqlite-vec finds in them.

    pip install apsw==3.54.1.0 sqlite-vec==0.1.9
    python vec0_types.py FOLDER

vec0-types.db    tables made by sqlite-vec, each with vectors, holes and values
vec0-types.json  for each table queries and what sqlite-vec finds for them, and what its functions make of floats;
                 0.1.6 and 0.1.9 give the same
"""
import gzip, json, os, random, struct, sys

# name: (type, dimensions, metric, slots of a chunk, rows)
TABLES = {
    'i_l2': ('int8', 24, 'L2', 8, 60),
    'i_l1': ('int8', 24, 'L1', 16, 60),
    'i_cosine': ('int8', 24, 'cosine', 8, 60),
    'i_default': ('int8', 3, '', 8, 30),
    # sums beyond 2^24, which single precision rounds
    'i_long_l2': ('int8', 2048, 'L2', 8, 12),
    'i_long_l1': ('int8', 2048, 'L1', 8, 12),
    'i_long_cosine': ('int8', 2048, 'cosine', 8, 12),
    'b_32': ('bit', 32, '', 8, 200),
    'b_200': ('bit', 200, '', 16, 60),
    'b_384': ('bit', 384, '', 8, 60),
}
HOLES = (3, 10, 11)


def vector(r, type, dimensions):
    if type == 'bit':
        return bytes(r.randrange(256) for _ in range(dimensions // 8))
    if dimensions > 1000:
        return bytes(r.choice((0x7f, 0x80, 0x81, 0x7e, 3)) for _ in range(dimensions))
    return struct.pack('%db' % dimensions, *(max(-128, min(127, round(r.gauss(0, 50)))) for _ in range(dimensions)))


def main(folder):
    import apsw
    import sqlite_vec
    path = os.path.join(folder, 'vec0-types.db')
    for end in ('', '-wal', '-shm', '.gz'):
        if os.path.exists(path + end):
            os.remove(path + end)
    db = apsw.Connection(path)
    db.enable_load_extension(True)
    db.load_extension(sqlite_vec.loadable_path())
    db.execute('PRAGMA page_size = 512')
    db.execute('PRAGMA journal_mode = wal')
    r = random.Random(20261128)
    tables = {}
    db.execute('BEGIN')
    for name, (type, dimensions, metric, slots, rows) in TABLES.items():
        db.execute('CREATE VIRTUAL TABLE %s USING vec0(value_ref INTEGER, vector %s[%d]%s, chunk_size=%d)' % (
            name, type, dimensions, metric and ' distance_metric=' + metric, slots))
        db.execute('CREATE TABLE %s_values (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB NOT NULL)' % name)
        stored = [vector(r, type, dimensions) for _ in range(rows)]
        stored[7] = stored[5]
        for i, each in enumerate(stored, 1):
            db.execute('INSERT INTO %s_values VALUES (?, ?)' % name, (2 * i, b'value %d' % i))
            db.execute('INSERT INTO %s (value_ref, vector) VALUES (?, vec_%s(?))' % (name, type), (2 * i, each))
        for i in HOLES:
            db.execute('DELETE FROM %s WHERE rowid = ?' % name, (i,))
            db.execute('DELETE FROM %s_values WHERE id = ?' % name, (2 * i,))
        queries = []
        for query in [stored[5], vector(r, type, dimensions), vector(r, type, dimensions)]:
            for k in (1, 7, 300):
                hits = db.execute('SELECT rowid, distance FROM %s WHERE vector MATCH vec_%s(?) AND k = ?' % (name, type),
                                  (query, k)).fetchall()
                queries.append({'query': query.hex(), 'k': k, 'hits': hits})
        tables[name] = {'type': type, 'dimensions': dimensions, 'metric': metric, 'rows': rows,
                        'vectors': {i: each.hex() for i, each in enumerate(stored, 1) if i not in HOLES},
                        'queries': queries}
    db.execute('COMMIT')
    floats = [1.0, -1.0, 0.0, -0.0, 1e-9, -1e-9, 1e-45, 0.999] + [r.uniform(-1, 1) for _ in range(504)]
    blob = struct.pack('<%df' % len(floats), *floats)
    made = {'floats': blob.hex(),
            'bits': db.execute('SELECT hex(vec_quantize_binary(vec_f32(?)))', (blob,)).fetchall()[0][0],
            'int8': db.execute("SELECT hex(vec_quantize_int8(vec_f32(?), 'unit'))", (blob,)).fetchall()[0][0]}
    db.close()
    manifest = {'tables': tables, 'quantized': made}
    with open(path, 'rb') as f, open(path + '.gz', 'wb') as out:
        with gzip.GzipFile('', 'wb', 9, out, 0) as z:
            z.write(f.read())
    with open(os.path.join(folder, 'vec0-types.json.gz'), 'wb') as out:
        with gzip.GzipFile('', 'wb', 9, out, 0) as z:
            z.write(json.dumps(manifest).encode())
    os.remove(path)


if __name__ == '__main__':
    main(sys.argv[1])
