package io.kohakuvault.internal.kv;

import io.kohakuvault.internal.value.MessagePackWriter;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.kv.KvBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keys and what to store under them, in the order of the calls. */
final class GatheredWrites implements KvBatch {
    private final List<byte[]> keys = new ArrayList<>();

    /** Null deletes. */
    private final List<byte @Nullable []> stored = new ArrayList<>();

    private final MessagePackWriter messagePack = new MessagePackWriter();
    private long bytes;

    @Override
    public void put(byte[] key, byte[] value) {
        add(key, ValueCodec.encodeRaw(Objects.requireNonNull(value, "value")));
    }

    @Override
    public void putValue(byte[] key, @Nullable Object value) {
        add(key, ValueCodec.encode(value, messagePack));
    }

    private void add(byte[] key, byte[] encoded) {
        KvTable.check(key, encoded);
        keys.add(key);
        stored.add(encoded);
        bytes += key.length + encoded.length;
    }

    @Override
    public void delete(byte[] key) {
        keys.add(Objects.requireNonNull(key, "key"));
        stored.add(null);
        bytes += key.length;
    }

    byte[] key(int i) {
        return keys.get(i);
    }

    byte @Nullable [] stored(int i) {
        return stored.get(i);
    }

    @Override
    public int size() {
        return keys.size();
    }

    @Override
    public long sizeBytes() {
        return bytes;
    }

    @Override
    public void truncate(int size) {
        if (size < 0 || size > keys.size()) {
            throw new IllegalArgumentException("the batch holds " + keys.size() + " calls, and not " + size);
        }
        for (int i = size; i < keys.size(); i++) {
            byte[] encoded = stored.get(i);
            bytes -= keys.get(i).length + (encoded == null ? 0 : encoded.length);
        }
        keys.subList(size, keys.size()).clear();
        stored.subList(size, stored.size()).clear();
    }
}
