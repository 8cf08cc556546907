package io.kohakuvault.internal.column;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.BytesColumn;
import io.kohakuvault.column.FloatVectorColumn;
import io.kohakuvault.column.StrColumn;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.Elements;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Columns whose elements are objects, over the engine. */
final class ObjectViews {
    private ObjectViews() {}

    private interface Decoder<T> {
        T get(BlockData block, int i);
    }

    private interface Encoder<T> {
        void add(Elements to, T value);
    }

    private abstract static class Objects<T> extends View {
        private final Decoder<T> decoder;
        private final Encoder<T> encoder;

        Objects(ColumnEngine engine, Decoder<T> decoder, Encoder<T> encoder) {
            super(engine);
            this.decoder = decoder;
            this.encoder = encoder;
        }

        public T get(long index) {
            return slice(index, index + 1).get(0);
        }

        public List<T> slice(long from, long to) {
            List<T> out = new ArrayList<>(ColumnEngine.count(from, to));
            engine.visit(from, to, (block, first, last) -> {
                for (int i = first; i < last; i++) {
                    out.add(decoder.get(block, i));
                }
            });
            return out;
        }

        public void append(T value) {
            appendAll(List.of(value));
        }

        public void appendAll(Collection<T> values) {
            Elements elements = engine.elements(values.size());
            for (T value : values) {
                try {
                    encoder.add(elements, value);
                } catch (IllegalArgumentException e) {
                    throw engine.misfit(e);
                }
            }
            engine.append(elements);
        }
    }

    static final class Strings extends Objects<String> implements StrColumn {
        Strings(ColumnEngine engine, DType.StringType type) {
            super(engine, (b, i) -> ElementCodec.getString(b, type, i), (e, v) -> ElementCodec.addString(e, type, v));
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
}
