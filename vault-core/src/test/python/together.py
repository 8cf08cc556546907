"""together.py DB ROUNDS: the real KohakuVault writes every kind while Java does, and watches what Java writes.

Prints 'python wrote N' at the end; exit status 1 and a line when something that Java commits as one is seen apart or out of order.
"""
import sys

import numpy as np
from kohakuvault import ColumnVault, KVault, TextVault, VectorKVault

db, rounds = sys.argv[1], int(sys.argv[2])
with KVault(db, table='kv') as kv, ColumnVault(db) as columns:
    kv.enable_auto_pack()
    names = {name for name, _, _ in columns.list_columns()}
    for name, dtype in (('both', 'i64'), ('python', 'str'), ('numbers', 'i64')):
        if name not in names:
            columns.create_column(name, dtype)
    text = TextVault(db, table='docs', columns=['content'])
    vectors = VectorKVault(db, table='vec', dimensions=4, metric='l2')
    begin = kv.get('python') or 0
    last = 0
    for i in range(begin, begin + rounds):
        columns['both'].append(2 * i + 1)
        columns['python'].extend(['aus Python %d' % i, 'x' * (i % 3000)])
        if i % 5 == 0:
            columns['numbers'].extend(list(range(700)))
            columns['numbers'].insert(350, -1)
            del columns['numbers'][350]
        if i % 7 == 0:
            columns['python'][0] = 'first %d' % i
        kv['python'] = i + 1
        kv['py %d' % (i % 30)] = {'round': i}
        if i % 4 == 0:
            del kv['py %d' % (i % 30)]
        if i % 3 == 0:
            text.insert('document of python %d' % i, 'py %d' % i)
            vectors.insert(np.array([i, 1, 2, 3], dtype=np.float32), 'py %d' % i)
        # Java writes its counter with what it counts; a column may only have grown since.
        counted = kv.get('java') or 0
        if counted < last:
            raise SystemExit('the counter of Java went from %d to %d' % (last, counted))
        last = counted
        column = columns['java']
        seen = column[0:counted]
        if list(seen) != list(range(counted)):
            raise SystemExit('after %d rounds of Java its column began %r' % (counted, list(seen)[:20]))
    vectors.close()
print('python wrote %d' % rounds)
