package io.kohakuvault.internal.kv;

import io.kohakuvault.codec.Codec;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.value.ValueCodec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * From stored bytes to the map's values and back. Only the second step is the caller's code, which may use the vault.
 */
interface MapValues<V> {
    @Nullable
    Object load(KvRows rows, @Nullable Session session, byte[] key, byte[] stored);

    V decode(@Nullable Object loaded);

    byte[] encode(V value);

    static MapValues<byte[]> ofBytes() {
        return new MapValues<>() {
            @Override
            public Object load(KvRows rows, @Nullable Session session, byte[] key, byte[] stored) {
                return rows.bytes(session, key, stored);
            }

            @Override
            public byte[] decode(@Nullable Object loaded) {
                return (byte[]) Objects.requireNonNull(loaded);
            }

            @Override
            public byte[] encode(byte[] value) {
                return ValueCodec.encodeRaw(value);
            }
        };
    }

    static <V> MapValues<V> of(Codec<V> codec) {
        return new MapValues<>() {
            @Override
            public @Nullable Object load(KvRows rows, @Nullable Session session, byte[] key, byte[] stored) {
                return rows.value(session, key, stored);
            }

            @Override
            public V decode(@Nullable Object loaded) {
                return Objects.requireNonNull(codec.decode(loaded), "the codec's answer");
            }

            @Override
            public byte[] encode(V value) {
                return ValueCodec.encode(codec.encode(Objects.requireNonNull(value, "value")));
            }
        };
    }
}
