"""vec0_small_check.py FILE search|change|kohaku: the tables of int8 and bit that Java made and wrote to.

search prints what sqlite-vec finds, as JSON; change does so, and then adds and deletes (sqlite-vec
takes no UPDATE of such vectors: it forgets their type on the way). kohaku has KohakuVault count and delete, which is all that it does in such tables. A failure is a traceback and exit status 1.
"""
import hashlib, json, struct, subprocess, sys

# name: (type, dimensions, metric)
TABLES = {
    'java_i_l2': ('int8', 384, 'l2'), 'java_i_l1': ('int8', 40, 'l1'), 'java_i_cosine': ('int8', 384, 'cosine'),
    'java_i_long': ('int8', 1500, 'l2'), 'java_b': ('bit', 384, 'hamming'), 'java_b_24': ('bit', 24, 'hamming'),
    'i_l2': ('int8', 24, 'l2'), 'i_cosine': ('int8', 24, 'cosine'), 'b_32': ('bit', 32, 'hamming'),
    'b_200': ('bit', 200, 'hamming'), 'i_long_cosine': ('int8', 2048, 'cosine'),
}
ADDED = 40


def vector(seed, type, dimensions):
    size = dimensions // 8 if type == 'bit' else dimensions
    made = b''
    while len(made) < size:
        made += hashlib.sha256(b'%d %d' % (seed, len(made))).digest()
    return made[:size]


def sqlite_vec(path, change):
    """Searches; prints what it finds for Java to compare. Then, when asked to, adds and deletes."""
    import apsw
    import sqlite_vec
    db = apsw.Connection(path)
    db.enable_load_extension(True)
    db.load_extension(sqlite_vec.loadable_path())
    found = {}
    for table, (type, dimensions, _) in TABLES.items():
        count = db.execute('SELECT count(*) FROM %s_rowids' % table).fetchall()[0][0]
        rows = db.execute('SELECT rowid, value_ref, vector FROM %s' % table).fetchall()
        if len(rows) != count:
            raise ValueError('%s: %d rows of %d' % (table, len(rows), count))
        queries = [vector(i, type, dimensions) for i in range(5)] + [rows[len(rows) // 2][2]]
        found[table] = [
            {'query': q.hex(),
             'hits': db.execute('SELECT rowid, distance FROM %s WHERE vector MATCH vec_%s(?) AND k = 1000' % (table, type),
                                (q,)).fetchall()} for q in queries]
        if change:
            for i in range(ADDED):
                db.execute("INSERT INTO %s_values (value) VALUES (CAST('python %d' AS BLOB))" % (table, i))
                db.execute('INSERT INTO %s (value_ref, vector) VALUES (?, vec_%s(?))' % (table, type),
                           (db.last_insert_rowid(), vector(1000 + i, type, dimensions)))
            db.execute('DELETE FROM %s_values WHERE id = ?' % table, (rows[1][1],))
            db.execute('DELETE FROM %s WHERE rowid = ?' % table, (rows[1][0],))
    if db.execute('PRAGMA integrity_check').fetchall() != [('ok',)]:
        raise ValueError('integrity_check fails')
    db.close()
    print(json.dumps(found))


def kohaku(path):
    """Counts and deletes; KohakuVault cannot open bits, for its sqlite-vec knows no hamming."""
    from kohakuvault import VectorKVault
    for table, (type, dimensions, metric) in TABLES.items():
        if type == 'bit' or metric == 'cosine':
            continue
        vectors = VectorKVault(path, table=table, dimensions=dimensions, metric=metric, vector_type=type)
        count = vectors.count()
        if not vectors.exists(7):
            raise ValueError('%s: 7 is not there' % table)
        vectors.delete(7)
        if vectors.count() != count - 1:
            raise ValueError('%s: %d of %d are left' % (table, vectors.count(), count))
        vectors.close()
    print(json.dumps({}))


if __name__ == '__main__':
    part = sys.argv[2]
    if part == 'kohaku':
        kohaku(sys.argv[1])
    else:
        sqlite_vec(sys.argv[1], part == 'change')
