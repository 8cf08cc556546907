package io.kohakuvault.internal.column;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.column.BooleanColumn;
import io.kohakuvault.column.DoubleColumn;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.Numbers;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Columns of numbers and truth values over the engine. */
final class NumberViews {
    private NumberViews() {}

    static final class Longs extends AbstractColumn implements LongColumn {
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
            long[] out = new long[engine.room(from, to)];
            engine.visit(from, to, (block, first, last) -> {
                int at = (int) (block.firstRow() + first - from);
                if (type.element().sizeBytes() == 8) {
                    block.payload()
                            .duplicate()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asLongBuffer()
                            .get(first, out, at, last - first);
                } else {
                    for (int i = first; i < last; i++) {
                        out[at + i - first] = Numbers.getLong(block, type, i);
                    }
                }
            });
            return out;
        }

        @Override
        public long[] take(long... indexes) {
            long[] out = new long[indexes.length];
            engine.take(indexes, (block, i, place) -> out[place] = Numbers.getLong(block, type, i));
            return out;
        }

        @Override
        @Deprecated(forRemoval = true)
        @SuppressWarnings("removal")
        public long[] indexesWithin(long least, long greatest) {
            return allIndexes(new ValueTest.Longs(type, least, greatest));
        }

        @Override
        public Iterable<long[]> indexesBetween(long atLeast, long below) {
            boolean nothing = below == (type.equals(DType.U64) ? 0 : Long.MIN_VALUE);
            return indexes(nothing ? new ValueTest.Longs(type, 1, 0) : new ValueTest.Longs(type, atLeast, below - 1));
        }

        @Override
        public Iterable<long[]> indexesFrom(long atLeast) {
            return indexes(new ValueTest.Longs(type, atLeast, type.equals(DType.U64) ? -1 : Long.MAX_VALUE));
        }

        @Override
        public Iterable<long[]> batches(int size) {
            return batches(size, this::slice);
        }

        @Override
        public List<Long> asList() {
            return new ColumnList<>(source(
                    (from, to) -> Arrays.stream(slice(from, to)).boxed().toList(),
                    values -> encode(values.stream().mapToLong(Long::longValue).toArray())));
        }

        @Override
        public void append(long value) {
            engine.append(encode(value));
        }

        @Override
        public void appendAll(long[] values) {
            if (type.element().sizeBytes() == 8) {
                engine.appendParts(values.length, (part, from, count) -> part.addLongs(values, from, count));
            } else {
                engine.append(encode(values));
            }
        }

        @Override
        public void appendAll(int[] values) {
            if (type.element() == ElementType.I32) {
                engine.appendParts(values.length, (part, from, count) -> part.addInts(values, from, count));
                return;
            }
            engine.append(encode(values.length, elements -> {
                for (int value : values) {
                    ElementCodec.addInt(elements, type, value);
                }
            }));
        }

        @Override
        public void set(long index, long value) {
            engine.splice(index, index + 1, encode(value));
        }

        @Override
        public void insert(long index, long... values) {
            engine.splice(index, index, encode(values));
        }

        private Elements encode(long... values) {
            return encode(values.length, elements -> {
                if (type.element() == ElementType.I64 || type.element() == ElementType.U64) {
                    elements.addLongs(values, 0, values.length);
                } else {
                    for (long value : values) {
                        ElementCodec.addLong(elements, type, value);
                    }
                }
            });
        }
    }

    static final class Doubles extends AbstractColumn implements DoubleColumn {
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
            double[] out = new double[engine.room(from, to)];
            engine.visit(from, to, (block, first, last) -> {
                int at = (int) (block.firstRow() + first - from);
                if (type.element() == ElementType.F64) {
                    block.payload()
                            .duplicate()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asDoubleBuffer()
                            .get(first, out, at, last - first);
                } else {
                    for (int i = first; i < last; i++) {
                        out[at + i - first] = Numbers.getDouble(block, type, i);
                    }
                }
            });
            return out;
        }

        @Override
        public float[] sliceFloats(long from, long to) {
            float[] out = new float[engine.room(from, to)];
            engine.visit(from, to, (block, first, last) -> {
                int at = (int) (block.firstRow() + first - from);
                if (type.element() == ElementType.F32) {
                    block.payload()
                            .duplicate()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer()
                            .get(first, out, at, last - first);
                } else {
                    for (int i = first; i < last; i++) {
                        out[at + i - first] = narrowed(block, i);
                    }
                }
            });
            return out;
        }

        private float narrowed(BlockData block, int i) {
            double value = Numbers.getDouble(block, type, i);
            if (Float.isInfinite((float) value) && !Double.isInfinite(value)) {
                throw new IllegalArgumentException(this + ": element " + (block.firstRow() + i) + " is " + value
                        + ", beyond what a float holds; read it as doubles");
            }
            return (float) value;
        }

        @Override
        public double[] take(long... indexes) {
            double[] out = new double[indexes.length];
            engine.take(indexes, (block, i, place) -> out[place] = Numbers.getDouble(block, type, i));
            return out;
        }

        @Override
        @Deprecated(forRemoval = true)
        @SuppressWarnings("removal")
        public long[] indexesWithin(double least, double greatest) {
            return allIndexes(new ValueTest.Doubles(type, least, greatest));
        }

        @Override
        public Iterable<long[]> indexesBetween(double atLeast, double below) {
            boolean nothing = below == Double.NEGATIVE_INFINITY;
            return indexes(
                    nothing
                            ? new ValueTest.Doubles(type, 1, 0)
                            : new ValueTest.Doubles(type, atLeast, Math.nextDown(below)));
        }

        @Override
        public Iterable<long[]> indexesFrom(double atLeast) {
            return indexes(new ValueTest.Doubles(type, atLeast, Double.POSITIVE_INFINITY));
        }

        @Override
        public Iterable<double[]> batches(int size) {
            return batches(size, this::slice);
        }

        @Override
        public List<Double> asList() {
            return new ColumnList<>(source(
                    (from, to) -> Arrays.stream(slice(from, to)).boxed().toList(),
                    values -> encode(
                            values.stream().mapToDouble(Double::doubleValue).toArray())));
        }

        @Override
        public void append(double value) {
            engine.append(encode(value));
        }

        @Override
        public void appendAll(double[] values) {
            if (type.element() == ElementType.F64) {
                engine.appendParts(values.length, (part, from, count) -> part.addDoubles(values, from, count));
            } else {
                engine.append(encode(values));
            }
        }

        @Override
        public void appendAll(float[] values) {
            if (type.element() == ElementType.F32) {
                engine.appendParts(values.length, (part, from, count) -> part.addFloats(values, from, count));
                return;
            }
            engine.append(encode(values.length, elements -> {
                for (float value : values) {
                    ElementCodec.addDouble(elements, type, value);
                }
            }));
        }

        @Override
        public void set(long index, double value) {
            engine.splice(index, index + 1, encode(value));
        }

        @Override
        public void insert(long index, double... values) {
            engine.splice(index, index, encode(values));
        }

        private Elements encode(double... values) {
            return encode(values.length, elements -> {
                if (type.element() == ElementType.F64) {
                    elements.addDoubles(values, 0, values.length);
                } else {
                    for (double value : values) {
                        ElementCodec.addDouble(elements, type, value);
                    }
                }
            });
        }
    }

    static final class Booleans extends AbstractColumn implements BooleanColumn {
        Booleans(ColumnEngine engine) {
            super(engine);
        }

        @Override
        public boolean get(long index) {
            return slice(index, index + 1)[0];
        }

        @Override
        public boolean[] slice(long from, long to) {
            boolean[] out = new boolean[engine.room(from, to)];
            engine.visit(from, to, (block, first, last) -> {
                int at = (int) (block.firstRow() + first - from);
                for (int i = first; i < last; i++) {
                    out[at + i - first] = block.payload().get(i) != 0;
                }
            });
            return out;
        }

        @Override
        public boolean[] take(long... indexes) {
            boolean[] out = new boolean[indexes.length];
            engine.take(
                    indexes, (block, i, place) -> out[place] = block.payload().get(i) != 0);
            return out;
        }

        @Override
        public Iterable<boolean[]> batches(int size) {
            return batches(size, this::slice);
        }

        @Override
        public List<Boolean> asList() {
            return new ColumnList<>(source(
                    (from, to) -> {
                        List<Boolean> boxed = new ArrayList<>();
                        for (boolean value : slice(from, to)) {
                            boxed.add(value);
                        }
                        return boxed;
                    },
                    this::encode));
        }

        @Override
        public void append(boolean value) {
            engine.append(encode(value));
        }

        @Override
        public void appendAll(boolean[] values) {
            engine.append(encode(values));
        }

        @Override
        public void set(long index, boolean value) {
            engine.splice(index, index + 1, encode(value));
        }

        @Override
        public void insert(long index, boolean... values) {
            engine.splice(index, index, encode(values));
        }

        private Elements encode(Collection<? extends Boolean> values) {
            return encode(values.size(), elements -> values.forEach(value -> elements.addBits(value ? 1 : 0)));
        }

        private Elements encode(boolean... values) {
            return encode(values.length, elements -> {
                for (boolean value : values) {
                    elements.addBits(value ? 1 : 0);
                }
            });
        }
    }
}
