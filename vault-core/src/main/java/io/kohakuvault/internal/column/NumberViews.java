package io.kohakuvault.internal.column;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.column.BooleanColumn;
import io.kohakuvault.column.DoubleColumn;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.internal.block.Elements;
import java.nio.ByteOrder;

/** Columns of numbers and truth values over the engine. */
final class NumberViews {
    private NumberViews() {}

    static final class Longs extends View implements LongColumn {
        private final DType.IntegerType type;

        Longs(ColumnEngine engine, DType.IntegerType type) {
            super(engine);
            this.type = type;
        }

        @Override
        public long get(long index) {
            return slice(index, index + 1)[0];
        }

        @Override
        public long[] slice(long from, long to) {
            long[] out = new long[ColumnEngine.count(from, to)];
            int[] at = {0};
            engine.visit(from, to, (block, first, last) -> {
                if (type.element().sizeBytes() == 8) {
                    block.payload()
                            .duplicate()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asLongBuffer()
                            .get(first, out, at[0], last - first);
                } else {
                    for (int i = first; i < last; i++) {
                        out[at[0] + i - first] = ElementCodec.getLong(block, type, i);
                    }
                }
                at[0] += last - first;
            });
            return out;
        }

        @Override
        public void append(long value) {
            appendAll(new long[] {value});
        }

        @Override
        public void appendAll(long[] values) {
            Elements elements = engine.elements(values.length);
            if (type.element() == ElementType.I64 || type.element() == ElementType.U64) {
                elements.addLongs(values, 0, values.length);
            } else {
                for (long value : values) {
                    add(elements, value);
                }
            }
            engine.append(elements);
        }

        @Override
        public void set(long index, long value) {
            Elements element = engine.elements(1);
            add(element, value);
            engine.set(index, element);
        }

        private void add(Elements elements, long value) {
            try {
                ElementCodec.addLong(elements, type, value);
            } catch (IllegalArgumentException e) {
                throw engine.misfit(e);
            }
        }
    }

    static final class Doubles extends View implements DoubleColumn {
        private final DType.FloatingType type;

        Doubles(ColumnEngine engine, DType.FloatingType type) {
            super(engine);
            this.type = type;
        }

        @Override
        public double get(long index) {
            return slice(index, index + 1)[0];
        }

        @Override
        public double[] slice(long from, long to) {
            double[] out = new double[ColumnEngine.count(from, to)];
            int[] at = {0};
            engine.visit(from, to, (block, first, last) -> {
                if (type.element() == ElementType.F64) {
                    block.payload()
                            .duplicate()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asDoubleBuffer()
                            .get(first, out, at[0], last - first);
                } else {
                    for (int i = first; i < last; i++) {
                        out[at[0] + i - first] = ElementCodec.getDouble(block, type, i);
                    }
                }
                at[0] += last - first;
            });
            return out;
        }

        @Override
        public void append(double value) {
            appendAll(new double[] {value});
        }

        @Override
        public void appendAll(double[] values) {
            Elements elements = engine.elements(values.length);
            for (double value : values) {
                ElementCodec.addDouble(elements, type, value);
            }
            engine.append(elements);
        }

        @Override
        public void set(long index, double value) {
            Elements element = engine.elements(1);
            ElementCodec.addDouble(element, type, value);
            engine.set(index, element);
        }
    }

    static final class Booleans extends View implements BooleanColumn {
        Booleans(ColumnEngine engine) {
            super(engine);
        }

        @Override
        public boolean get(long index) {
            return slice(index, index + 1)[0];
        }

        @Override
        public boolean[] slice(long from, long to) {
            boolean[] out = new boolean[ColumnEngine.count(from, to)];
            int[] at = {0};
            engine.visit(from, to, (block, first, last) -> {
                for (int i = first; i < last; i++) {
                    out[at[0]++] = block.payload().get(i) != 0;
                }
            });
            return out;
        }

        @Override
        public void append(boolean value) {
            appendAll(new boolean[] {value});
        }

        @Override
        public void appendAll(boolean[] values) {
            Elements elements = engine.elements(values.length);
            for (boolean value : values) {
                elements.addBits(value ? 1 : 0);
            }
            engine.append(elements);
        }

        @Override
        public void set(long index, boolean value) {
            Elements element = engine.elements(1);
            element.addBits(value ? 1 : 0);
            engine.set(index, element);
        }
    }
}
