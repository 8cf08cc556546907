"""Makes the golden files vec0*.db.gz: vec0 tables of every shape, and what their own programs make of them.

    pip install apsw==3.54.1.0 sqlite-vec==0.1.9 kohakuvault==1.1.0 numpy
    python vec0_tables.py FOLDER

vec0.db           tables made by sqlite-vec 0.1.9, each with vectors, holes and values
vec0-deleted.db   the same after sqlite-vec has deleted rows 2, 5 and 18 of each table
vec0-inserted.db  vec0.db after KohakuVault 1.1.0 (sqlite-vec 0.1.6) has inserted into the tables that it can insert into
vec0.json         for each table what sqlite-vec finds, nearest first, in vec0.db, and what KohakuVault says
"""
import gzip, json, math, os, shutil, struct, subprocess, sys

QUERY = [1.25, 0.5, -1.0, 0.25]
INSERTED = [9.0, 8.0, 7.0, 6.0]
ROWS = 20
HOLES = (3, 10)
DELETED = (2, 5, 18)

# name: (declaration, columns filled beside value_ref and vector, their values for row i)
TABLES = {
    'plain': ('value_ref INTEGER, vector float[4] distance_metric=L2, chunk_size=8', {}),
    'defaults': ('value_ref INTEGER, vector float[4]', {}),
    'manhattan': ('value_ref INTEGER, vector float[4] distance_metric=L1, chunk_size=16', {}),
    'angles': ('value_ref INTEGER, vector float[4] distance_metric=cosine, chunk_size=8', {}),
    'meta_first': ('lang INTEGER, value_ref INTEGER, vector float[4], chunk_size=8', {'lang': lambda i: 100 - i}),
    'meta_every': ('flag boolean, title text, n integer, value_ref integer, score float, body text, vector float[4], '
                   'chunk_size=8',
                   {'flag': lambda i: i % 2, 'title': lambda i: 'title %d' % i, 'n': lambda i: -i,
                    'score': lambda i: i / 2.0, 'body': lambda i: 'a longer text, number %d' % i if i % 3 else ''}),
    'two_vectors': ('other float[4], value_ref INTEGER, vector float[4], third int8[8], chunk_size=8',
                    {'other': lambda i: blob(vector(ROWS + 1 - i)), 'third': lambda i: bytes([i] * 8)}),
    'aux': ('value_ref INTEGER, vector float[4], +note TEXT, +size INTEGER, chunk_size=8',
            {'note': lambda i: 'note %d' % i, 'size': lambda i: i}),
    'number_key': ('id INTEGER PRIMARY KEY, value_ref INTEGER, vector float[4], chunk_size=8', {}),
    'spelled': ('chunk_size = 16 ,\tVALUE_REF int NOT NULL DEFAULT 0 -- a value, or none\n, /* the, vector */ '
                'VECTOR\n  Float32 [ 4 ]\r\n Distance_Metric = CoSiNe , ', {}),
    'shortened': ('c=8, value_ref i, vector f32[4] distance_metric=l', {}),
    # what KohakuVault, or this library, does not read
    'partitioned': ('user INTEGER partition key, value_ref INTEGER, vector float[4], chunk_size=8',
                    {'user': lambda i: i % 2}),
    'text_key': ('id TEXT primary key, value_ref INTEGER, vector float[4], chunk_size=8', {'id': lambda i: 'k%d' % i}),
    'bytes_': ('value_ref INTEGER, vector int8[4], chunk_size=8', {}),
    'bits': ('value_ref INTEGER, vector bit[32], chunk_size=8', {}),
    'other_name': ('value_ref INTEGER, embedding float[4], chunk_size=8', {}),
    'no_reference': ('vector float[4], chunk_size=8', {}),
    'text_reference': ('value_ref TEXT, vector float[4], chunk_size=8', {}),
    'reference_aux': ('+value_ref INTEGER, vector float[4], chunk_size=8', {}),
    'no_values': ('value_ref INTEGER, vector float[4], chunk_size=8', {}),
    # vectors that have no distance
    'poisoned': ('value_ref INTEGER, vector float[4] distance_metric=cosine, chunk_size=8', {}),
    'infinite': ('value_ref INTEGER, vector float[4], chunk_size=8', {}),
}
UNREAD = ('partitioned', 'text_key', 'bytes_', 'bits', 'other_name', 'no_reference', 'text_reference', 'reference_aux',
          'no_values')
POISON = {'poisoned': {4: [0.0] * 4, 7: [math.inf] * 4, 8: [math.nan, 1.0, 0.0, 0.0]},
          'infinite': {4: [math.inf, 0.0, 0.0, 0.0], 7: [3e38] * 4, 8: [-3e38] * 4}}


def blob(numbers):
    return struct.pack('<%df' % len(numbers), *numbers)


def vector(i):
    return [float(i), 0.5 * (i % 3), -1.0, 0.25 * (i % 5)]


def connect(path):
    import apsw
    import sqlite_vec
    db = apsw.Connection(path)
    db.enable_load_extension(True)
    db.load_extension(sqlite_vec.loadable_path())
    return db


def make(path):
    db = connect(path)
    db.execute('PRAGMA page_size = 512')
    db.execute('PRAGMA journal_mode = wal')
    db.execute('BEGIN')
    for name, (declaration, more) in TABLES.items():
        db.execute('CREATE VIRTUAL TABLE %s USING vec0(%s)' % (name, declaration))
        if name != 'no_values':
            db.execute('CREATE TABLE %s_values (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB NOT NULL)' % name)
        for i in range(1, ROWS + 1):
            numbers = POISON.get(name, {}).get(i, vector(i))
            row = {'value_ref': 2 * i, 'vector': blob(numbers)}
            if name == 'text_reference':
                row['value_ref'] = str(2 * i)
            if name == 'no_reference':
                del row['value_ref']
            if name == 'other_name':
                row['embedding'] = row.pop('vector')
            places = {c: '?' for c in row}
            if name == 'bytes_':
                row['vector'], places['vector'] = bytes([i, 1, 2, 3]), 'vec_int8(?)'
            if name == 'bits':
                row['vector'], places['vector'] = bytes([i, 1, 2, 3]), 'vec_bit(?)'
            for column, value in more.items():
                row[column], places[column] = value(i), '?'
            if 'third' in row:
                places['third'] = 'vec_int8(?)'
            if name != 'no_values':
                db.execute('INSERT INTO %s_values VALUES (?, ?)' % name, (2 * i, b'value %d' % i))
            db.execute('INSERT INTO %s (%s) VALUES (%s)' % (name, ', '.join(row), ', '.join(places[c] for c in row)),
                       tuple(row.values()))
        delete(db, name, HOLES)
    db.execute('COMMIT')
    db.close()


def delete(db, name, rows):
    for i in rows:
        key, of = ("id = 'k%d'" % i, 'k%d' % i) if name == 'text_key' else ('rowid = %d' % i, i)
        if name == 'number_key':
            key = 'id = %d' % i
        db.execute('DELETE FROM %s WHERE %s' % (name, key))
        if name != 'no_values':
            db.execute('DELETE FROM %s_values WHERE id = %d' % (name, 2 * i))


def describe(path):
    """What sqlite-vec finds: id and distance, null where that is no number."""
    db = connect(path)
    found = {}
    for name in TABLES:
        entry = {'unread': name in UNREAD,
                 'sql': db.execute('SELECT sql FROM sqlite_master WHERE name = ?', (name,)).fetchall()[0][0]}
        if name not in UNREAD and name not in POISON:
            id = 'id' if name == 'number_key' else 'rowid'
            entry['hits'] = [list(r) for r in db.execute(
                'SELECT v.%s, v.distance, CAST(b.value AS TEXT) FROM %s v JOIN %s_values b ON b.id = v.value_ref '
                'WHERE v.vector MATCH ? AND k = 100 ORDER BY v.distance' % (id, name, name),
                (blob(QUERY),))]
        found[name] = entry
    db.close()
    return found


def kohaku(path):
    """In a process of its own: what KohakuVault inserts, and what it says where it cannot."""
    import numpy
    from kohakuvault import VectorKVault
    said = {}
    for name, (declaration, _) in TABLES.items():
        metric = {'manhattan': 'l1', 'angles': 'cosine', 'spelled': 'cosine', 'poisoned': 'cosine'}.get(name, 'l2')
        try:
            vectors = VectorKVault(path, table=name, dimensions=4, metric=metric)
            try:
                hits = [[id, distance if math.isfinite(distance) else str(distance), value.decode()]
                        for id, distance, value in vectors.search(numpy.array(QUERY, dtype='f4'), k=100)]
            except Exception as e:
                hits = str(e)
            try:
                inserted = vectors.insert(numpy.array(INSERTED, dtype='f4'), b'inserted')
            except Exception as e:
                inserted = str(e)
            vectors.close()
            said[name] = {'hits': hits, 'inserted': inserted}
        except Exception as e:
            said[name] = {'hits': str(e), 'inserted': str(e)}
    print(json.dumps(said))


def main(folder):
    paths = {n: os.path.join(folder, n + '.db') for n in ('vec0', 'vec0-deleted', 'vec0-inserted')}
    for path in paths.values():
        for end in ('', '-wal', '-shm'):
            if os.path.exists(path + end):
                os.remove(path + end)
    make(paths['vec0'])
    shutil.copy(paths['vec0'], paths['vec0-deleted'])
    db = connect(paths['vec0-deleted'])
    for name in TABLES:
        delete(db, name, DELETED)
    db.close()
    shutil.copy(paths['vec0'], paths['vec0-inserted'])
    # A process has one SQLite library at most on a file: KohakuVault brings its own.
    said = json.loads(subprocess.run([sys.executable, __file__, 'kohaku', paths['vec0-inserted']], check=True,
                                     capture_output=True, text=True).stdout)
    db = connect(paths['vec0-inserted'])
    db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    db.close()
    manifest = {'query': QUERY, 'inserted': INSERTED, 'deleted': DELETED, 'tables': describe(paths['vec0'])}
    for name, what in said.items():
        manifest['tables'][name]['kohakuvault'] = what
    for name, path in paths.items():
        with open(path, 'rb') as f, open(os.path.join(folder, name + '.db.gz'), 'wb') as g:
            with gzip.GzipFile(filename='', mode='wb', fileobj=g, mtime=0) as z:
                z.write(f.read())
    with open(os.path.join(folder, 'vec0.json.gz'), 'wb') as g:
        with gzip.GzipFile(filename='', mode='wb', fileobj=g, mtime=0) as z:
            z.write(json.dumps(manifest, indent=1).encode())


if __name__ == '__main__':
    if sys.argv[1] == 'kohaku':
        kohaku(sys.argv[2])
    else:
        main(sys.argv[1])
