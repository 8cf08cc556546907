package io.kohakuvault.bench;

import io.kohakuvault.container.CsbTree;
import io.kohakuvault.container.LongCsbTree;
import it.unimi.dsi.fastutil.longs.Long2ObjectMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectRBTreeMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A sorted map under measurement. Each writes its loops out, though they look alike: one loop for all would be compiled
 * for calls that may go anywhere, which weighs on what is fast.
 */
abstract class ContainerSubject {
    /** So many objects that are values in turn: their making is not measured. */
    private static final Long[] VALUES = new Long[1024];

    static {
        for (int i = 0; i < VALUES.length; i++) {
            VALUES[i] = (long) i;
        }
    }

    static Long value(long key) {
        return VALUES[(int) key & (VALUES.length - 1)];
    }

    abstract void put(long[] keys);

    /** The sum of the values. */
    abstract long get(long[] keys);

    /** The sum of keys and values. */
    abstract long range(long from, long to);

    abstract long scan();

    /** The sum of the values. */
    abstract long remove(long[] keys);

    static final class Longs extends ContainerSubject {
        private final LongCsbTree<Long> map = new LongCsbTree<>();
        private long sum;

        @Override
        void put(long[] keys) {
            for (long key : keys) {
                map.put(key, value(key));
            }
        }

        @Override
        long get(long[] keys) {
            long found = 0;
            for (long key : keys) {
                Long value = map.get(key);
                found += value == null ? -1 : value;
            }
            return found;
        }

        private void add(long key, Long value) {
            sum += key + value;
        }

        @Override
        long range(long from, long to) {
            sum = 0;
            map.forEachInRange(from, to, this::add);
            return sum;
        }

        @Override
        long scan() {
            sum = 0;
            map.forEach(this::add);
            return sum;
        }

        @Override
        long remove(long[] keys) {
            long found = 0;
            for (long key : keys) {
                Long value = map.remove(key);
                found += value == null ? -1 : value;
            }
            return found;
        }
    }

    static final class Boxed extends ContainerSubject {
        private final CsbTree<Long, Long> map = new CsbTree<>();

        @Override
        void put(long[] keys) {
            for (long key : keys) {
                map.put(key, value(key));
            }
        }

        @Override
        long get(long[] keys) {
            long found = 0;
            for (long key : keys) {
                Long value = map.get(key);
                found += value == null ? -1 : value;
            }
            return found;
        }

        @Override
        long range(long from, long to) {
            long sum = 0;
            for (Map.Entry<Long, Long> entry : map.range(from, to).entrySet()) {
                sum += entry.getKey() + entry.getValue();
            }
            return sum;
        }

        @Override
        long scan() {
            long sum = 0;
            for (Map.Entry<Long, Long> entry : map.entrySet()) {
                sum += entry.getKey() + entry.getValue();
            }
            return sum;
        }

        @Override
        long remove(long[] keys) {
            long found = 0;
            for (long key : keys) {
                Long value = map.remove(key);
                found += value == null ? -1 : value;
            }
            return found;
        }
    }

    static final class RedBlack extends ContainerSubject {
        private final TreeMap<Long, Long> map = new TreeMap<>();

        @Override
        void put(long[] keys) {
            for (long key : keys) {
                map.put(key, value(key));
            }
        }

        @Override
        long get(long[] keys) {
            long found = 0;
            for (long key : keys) {
                Long value = map.get(key);
                found += value == null ? -1 : value;
            }
            return found;
        }

        @Override
        long range(long from, long to) {
            long sum = 0;
            for (Map.Entry<Long, Long> entry : map.subMap(from, to).entrySet()) {
                sum += entry.getKey() + entry.getValue();
            }
            return sum;
        }

        @Override
        long scan() {
            long sum = 0;
            for (Map.Entry<Long, Long> entry : map.entrySet()) {
                sum += entry.getKey() + entry.getValue();
            }
            return sum;
        }

        @Override
        long remove(long[] keys) {
            long found = 0;
            for (long key : keys) {
                Long value = map.remove(key);
                found += value == null ? -1 : value;
            }
            return found;
        }
    }

    static final class Skip extends ContainerSubject {
        private final ConcurrentSkipListMap<Long, Long> map = new ConcurrentSkipListMap<>();

        @Override
        void put(long[] keys) {
            for (long key : keys) {
                map.put(key, value(key));
            }
        }

        @Override
        long get(long[] keys) {
            long found = 0;
            for (long key : keys) {
                Long value = map.get(key);
                found += value == null ? -1 : value;
            }
            return found;
        }

        @Override
        long range(long from, long to) {
            long sum = 0;
            for (Map.Entry<Long, Long> entry : map.subMap(from, to).entrySet()) {
                sum += entry.getKey() + entry.getValue();
            }
            return sum;
        }

        @Override
        long scan() {
            long sum = 0;
            for (Map.Entry<Long, Long> entry : map.entrySet()) {
                sum += entry.getKey() + entry.getValue();
            }
            return sum;
        }

        @Override
        long remove(long[] keys) {
            long found = 0;
            for (long key : keys) {
                Long value = map.remove(key);
                found += value == null ? -1 : value;
            }
            return found;
        }
    }

    static final class FastUtil extends ContainerSubject {
        private final Long2ObjectRBTreeMap<Long> map = new Long2ObjectRBTreeMap<>();

        @Override
        void put(long[] keys) {
            for (long key : keys) {
                map.put(key, value(key));
            }
        }

        @Override
        long get(long[] keys) {
            long found = 0;
            for (long key : keys) {
                Long value = map.get(key);
                found += value == null ? -1 : value;
            }
            return found;
        }

        @Override
        long range(long from, long to) {
            long sum = 0;
            for (Long2ObjectMap.Entry<Long> entry : map.subMap(from, to).long2ObjectEntrySet()) {
                sum += entry.getLongKey() + entry.getValue();
            }
            return sum;
        }

        @Override
        long scan() {
            long sum = 0;
            for (Long2ObjectMap.Entry<Long> entry : map.long2ObjectEntrySet()) {
                sum += entry.getLongKey() + entry.getValue();
            }
            return sum;
        }

        @Override
        long remove(long[] keys) {
            long found = 0;
            for (long key : keys) {
                Long value = map.remove(key);
                found += value == null ? -1 : value;
            }
            return found;
        }
    }
}
