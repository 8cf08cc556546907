package io.kohakuvault.internal.column;

import io.kohakuvault.codec.Codec;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.column.ArrayColumn;
import io.kohakuvault.column.BytesColumn;
import io.kohakuvault.column.ElementColumn;
import io.kohakuvault.column.FloatVectorColumn;
import io.kohakuvault.column.StrColumn;
import io.kohakuvault.column.ValueColumn;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.Elements;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Columns whose elements are objects, over the engine. */
final class ObjectViews {
    private static final int PART_ROWS = 1 << 14;

    private ObjectViews() {}

    private interface Decoder<T extends @Nullable Object> {
        T get(BlockData block, int i);
    }

    private interface Encoder<T extends @Nullable Object> {
        void add(Elements to, T value);
    }

    private abstract static class Objects<T extends @Nullable Object> extends AbstractColumn
            implements ElementColumn<T> {
        private final Decoder<T> decoder;
        private final Encoder<T> encoder;

        Objects(ColumnEngine engine, Decoder<T> decoder, Encoder<T> encoder) {
            super(engine);
            this.decoder = decoder;
            this.encoder = encoder;
        }

        @Override
        public T get(long index) {
            return slice(index, index + 1).get(0);
        }

        @Override
        public List<T> slice(long from, long to) {
            List<T> out = new ArrayList<>(Math.min(ColumnEngine.count(from, to), 1 << 16));
            engine.visit(from, to, (block, first, last) -> {
                for (int i = first; i < last; i++) {
                    out.add(decoder.get(block, i));
                }
            });
            return out;
        }

        @Override
        @SuppressWarnings("unchecked") // an array of T that nothing but this list sees
        public List<T> take(long... indexes) {
            T[] out = (T[]) new Object[indexes.length];
            engine.take(indexes, (block, i, place) -> out[place] = decoder.get(block, i));
            return Arrays.asList(out);
        }

        @Override
        public Iterable<List<T>> batches(int size) {
            return batches(size, Long.MAX_VALUE);
        }

        @Override
        public Iterable<List<T>> batches(int size, long bytes) {
            return batches(size, bytes, this::slice);
        }

        @Override
        public List<T> asList() {
            return new ColumnList<>(source(this::slice, this::encode));
        }

        @Override
        public void append(T value) {
            engine.append(encode(Collections.singletonList(value)));
        }

        @Override
        public void appendAll(Collection<? extends T> values) {
            // All are encoded before the first is written: one that does not fit is refused, and nothing has happened.
            // In parts, because
            // what grows is copied.
            List<Elements> parts = new ArrayList<>();
            parts.add(engine.elements(Math.min(values.size(), PART_ROWS)));
            try {
                for (T value : values) {
                    Elements part = parts.get(parts.size() - 1);
                    if (part.sizeBytes() >= ColumnEngine.PART_BYTES) {
                        part = engine.elements(PART_ROWS);
                        parts.add(part);
                    }
                    encoder.add(part, value);
                }
            } catch (IllegalArgumentException e) {
                throw engine.misfit(e);
            }
            engine.append(parts);
        }

        @Override
        public void set(long index, T value) {
            engine.splice(index, index + 1, encode(Collections.singletonList(value)));
        }

        @Override
        public void insert(long index, T value) {
            engine.splice(index, index, encode(Collections.singletonList(value)));
        }

        @Override
        public void insertAll(long index, Collection<? extends T> values) {
            engine.splice(index, index, encode(values));
        }

        private Elements encode(Collection<? extends T> values) {
            return encode(values.size(), elements -> values.forEach(value -> encoder.add(elements, value)));
        }
    }

    static final class Strings extends Objects<String> implements StrColumn {
        Strings(ColumnEngine engine, DType.StringType type) {
            super(
                    engine,
                    (b, i) -> ElementCodec.getString(b, type, i, engine::toString),
                    (e, v) -> ElementCodec.addString(e, type, v));
        }
    }

    static final class Raw extends Objects<byte[]> implements BytesColumn {
        Raw(ColumnEngine engine, DType type) {
            super(engine, (b, i) -> ElementCodec.getBytes(b, type, i), (e, v) -> ElementCodec.addBytes(e, type, v));
        }
    }

    static final class FloatVectors extends Objects<float[]> implements FloatVectorColumn {
        FloatVectors(ColumnEngine engine, DType.VectorType type) {
            super(engine, (b, i) -> ElementCodec.getFloats(b, type, i), (e, v) -> ElementCodec.addFloats(e, type, v));
        }
    }

    static final class NumericArrays extends Objects<NumericArray> implements ArrayColumn {
        NumericArrays(ColumnEngine engine, DType.VectorType type) {
            super(
                    engine,
                    (b, i) -> PackedElements.getArray(b, type, i, engine::toString),
                    (e, v) -> PackedElements.addArray(e, type, v));
        }
    }

    static final class Values extends Objects<@Nullable Object> implements ValueColumn {
        @SuppressWarnings("NullAway") // an element may be null, which it does not infer for the lambda
        Values(ColumnEngine engine, DType.PackedType type) {
            super(
                    engine,
                    (b, i) -> PackedElements.getValue(b, type, i, engine::toString),
                    (e, v) -> PackedElements.addValue(e, type, v));
        }

        @Override
        public <V> List<V> asList(Codec<V> codec) {
            java.util.Objects.requireNonNull(codec, "codec");
            List<@Nullable Object> values = asList();
            return new AbstractList<>() {
                @Override
                public int size() {
                    return values.size();
                }

                @Override
                public V get(int index) {
                    return codec.decode(values.get(index));
                }

                @Override
                public V set(int index, V element) {
                    Object encoded = codec.encode(element);
                    return engine.atomically(() -> codec.decode(values.set(index, encoded)));
                }

                @Override
                public boolean add(V element) {
                    return values.add(codec.encode(element));
                }

                @Override
                public void add(int index, V element) {
                    values.add(index, codec.encode(element));
                }

                @Override
                public boolean addAll(Collection<? extends V> elements) {
                    List<@Nullable Object> encoded = new ArrayList<>();
                    elements.forEach(element -> encoded.add(codec.encode(element)));
                    return values.addAll(encoded);
                }

                @Override
                public V remove(int index) {
                    return engine.atomically(() -> codec.decode(values.remove(index)));
                }

                @Override
                protected void removeRange(int from, int to) {
                    values.subList(from, to).clear();
                }
            };
        }
    }
}
