"""vec0_check.py FILE: sqlite-vec 0.1.9 reads each vec0 table of a file that Java wrote, and KohakuVault each that Java made.

Prints '0 differences' at the end; exit status 1 and a line for each thing that is wrong.
"""
import json, subprocess, sys

DIMENSIONS = {'java_l2': (384, 'l2'), 'java_cosine': (384, 'cosine'), 'java_l1': (20, 'l1')}
ROWS = 100


def sqlite_vec(path):
    import apsw
    import sqlite_vec
    wrong = 0
    db = apsw.Connection(path)
    db.enable_load_extension(True)
    db.load_extension(sqlite_vec.loadable_path())
    tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%vec0%'")]
    for table in tables:
        try:
            count = db.execute('SELECT count(*) FROM %s_rowids' % table).fetchall()[0][0]
            rows = db.execute('SELECT * FROM %s' % table).fetchall()
            if len(rows) != count:
                raise ValueError('%d rows of %d' % (len(rows), count))
            if table in DIMENSIONS:
                query = db.execute('SELECT vector FROM %s WHERE rowid = 7' % table).fetchall()[0][0]
                hits = db.execute('SELECT rowid, distance FROM %s WHERE vector MATCH ? AND k = 1000' % table,
                                  (query,)).fetchall()
                if len(hits) != count or hits[0][0] != 7:
                    raise ValueError('finds %d, first %s' % (len(hits), hits[0]))
        except Exception as e:
            print(table, 'sqlite-vec:', e)
            wrong += 1
    if db.execute('PRAGMA integrity_check').fetchall() != [('ok',)]:
        print('integrity_check fails')
        wrong += 1
    db.close()
    print(json.dumps(wrong))


def kohaku(path):
    import numpy
    from kohakuvault import VectorKVault
    wrong = 0
    for table, (dimensions, metric) in DIMENSIONS.items():
        vectors = VectorKVault(path, table=table, dimensions=dimensions, metric=metric)
        try:
            vector, value = vectors.get_by_id(7)
            hits = vectors.search(vector, k=3)
            if hits[0][0] != 7 or value != 'java 7':
                raise ValueError('finds %s' % hits)
            for i in range(ROWS):
                id = vectors.insert(numpy.array([i, 1] + [0] * (dimensions - 2), dtype='f4'), 'python %d' % i)
                if i % 10 == 0:
                    vectors.delete(id)
        except Exception as e:
            print(table, 'KohakuVault:', e)
            wrong += 1
        vectors.close()
    print(json.dumps(wrong))


if __name__ == '__main__':
    if len(sys.argv) == 3:
        {'sqlite_vec': sqlite_vec, 'kohaku': kohaku}[sys.argv[2]](sys.argv[1])
    else:
        differences = 0
        # A process has one SQLite library at most on a file, and KohakuVault brings its own.
        for part in ('sqlite_vec', 'kohaku', 'sqlite_vec'):
            lines = subprocess.run([sys.executable, __file__, sys.argv[1], part], check=True, capture_output=True,
                                   text=True).stdout.splitlines()
            print(*lines[:-1], sep='\n')
            differences += json.loads(lines[-1])
        print(differences, 'differences')
        sys.exit(1 if differences else 0)
