"""vaults.py IN OUT FOUND: reads a directory of vaults by PySpark, writes the late rows of it as another one and reads that.

For spark-submit, which gives it the bundle by --jars. Writes what it has found to the file FOUND, as JSON.
"""
import json
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

source, target, report = sys.argv[1:]
builder = SparkSession.builder.master('local[2]').config('spark.ui.enabled', 'false')
builder = builder.config('spark.sql.shuffle.partitions', '2').config('spark.sql.session.timeZone', 'UTC')
spark = builder.getOrCreate()


def read(folder, table, kind='table'):
    return spark.read.format('kohakuvault').option('table', table).option('kind', kind).load(folder)


def rows(frame):
    frame = frame.select('id', 'carrier', 'delay', f.expr('unix_micros(at)').alias('at'), 'place')
    return [[r.id, r.carrier, r.delay, r.at, r.place] for r in frame.orderBy('id').collect()]


events = read(source + '/*.db', 'events')
late = events.where(f.col('delay') > 60)
late.write.format('kohakuvault').option('table', 'late').mode('append').save(target)
back = read(target, 'late')
keys = read(source, 'media', 'kv').where(f.col('key') >= bytearray(b'f1/')).orderBy('key').collect()
found = {
    'spark': spark.version,
    'schema': events.schema.simpleString(),
    'count': events.count(),
    'carriers': {r.carrier: r['count'] for r in events.groupBy('carrier').count().collect()},
    'late': rows(late),
    'back': rows(back),
    'backSchema': back.schema.simpleString(),
    'keys': [[bytes(r.key).decode(), bytes(r.value).decode()] for r in keys],
}
with open(report, 'w', encoding='utf-8') as out:
    json.dump(found, out)
spark.stop()
