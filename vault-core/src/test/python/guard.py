"""guard.py DB: KohakuVault reads the columns of a guarded file, and every way to write them fails cleanly; its key-values write."""
import sys

from kohakuvault import ColumnVault, KVault

db = sys.argv[1]
with ColumnVault(db) as columns:
    before = {name: list(columns[name]) for name, _, _ in columns.list_columns()}
    assert before['i64'] == list(range(5000)) and before['str'][:2] == ['a', 'b'], before

    attempts = {
        'append i64': lambda: columns['i64'].append(1),
        'append str': lambda: columns['str'].append('c'),
        'append empty': lambda: columns['str'].append(''),
        'set': lambda: columns['i64'].__setitem__(0, 7),
        'set str': lambda: columns['str'].__setitem__(0, 'x'),
        'del': lambda: columns['str'].__delitem__(0),
        'insert': lambda: columns['str'].insert(0, 'x'),
        'clear': lambda: columns['str'].clear(),
        'create': lambda: columns.create_column('new', 'i64'),
        'delete': lambda: columns.delete_column('str'),
    }
    for what, attempt in attempts.items():
        try:
            attempt()
        except Exception as e:
            text = str(e)
            assert 'vault_guard' in text or 'cannot open indexed column for writing' in text, (what, text)
        else:
            raise SystemExit('%s was not refused' % what)
    after = {name: list(columns[name]) for name, _, _ in columns.list_columns()}
    assert after == before

with KVault(db, table='kv') as kv:
    kv['from python'] = b'yes'
print('guarded: %d attempts refused, columns unchanged' % len(attempts))
