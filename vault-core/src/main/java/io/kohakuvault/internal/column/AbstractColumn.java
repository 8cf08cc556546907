package io.kohakuvault.internal.column;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.Column;
import io.kohakuvault.internal.block.Elements;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What columns of all types have in common. */
abstract class AbstractColumn implements Column {
    /** Elements that are searched together. */
    private static final int PART = 1 << 18;

    private static final long[] NOTHING = {};

    final ColumnEngine engine;

    AbstractColumn(ColumnEngine engine) {
        this.engine = engine;
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public DType dtype() {
        return engine.dtype();
    }

    @Override
    public long length() {
        return engine.length();
    }

    @Override
    public void remove(long from, long to) {
        engine.splice(from, to, engine.elements(0));
    }

    @Override
    public void truncate(long length) {
        engine.truncate(length);
    }

    @Override
    public void clear() {
        engine.clear();
    }

    @Override
    public void appendRaw(ByteBuffer bytes) {
        int size = fixedSize();
        if (bytes.remaining() % size != 0) {
            throw new IllegalArgumentException(
                    this + ": " + bytes.remaining() + " bytes are no whole number of elements of " + size + " bytes");
        }
        int start = bytes.position();
        engine.appendParts(
                bytes.remaining() / size,
                (part, from, count) -> part.addRaw(bytes.slice(start + from * size, count * size)));
        bytes.position(bytes.limit());
    }

    @Override
    public void readRaw(long from, long to, ByteBuffer into) {
        int size = fixedSize();
        if (ColumnEngine.count(from, to) * (long) size > into.remaining()) {
            throw new IllegalArgumentException(this + ": " + (to - from) + " elements of " + size
                    + " bytes do not fit the " + into.remaining() + " bytes that the buffer has left");
        }
        engine.visit(
                from, to, (block, first, last) -> into.put(block.payload().slice(first * size, (last - first) * size)));
    }

    private int fixedSize() {
        int size = engine.dtype().elementSizeBytes();
        if (size == 0) {
            throw new IllegalArgumentException(this + " has elements of variable size; give them one by one");
        }
        return size;
    }

    /** Encodes values, naming the column when one does not fit. */
    final Elements encode(int expected, Consumer<Elements> encoder) {
        Elements elements = engine.elements(expected);
        try {
            encoder.accept(elements);
        } catch (IllegalArgumentException e) {
            throw engine.misfit(e);
        }
        return elements;
    }

    final <T extends @Nullable Object> ColumnList.Source<T> source(
            Slicer<List<T>> slices, java.util.function.Function<Collection<? extends T>, Elements> encoder) {
        return new ColumnList.Source<>() {
            @Override
            public long length() {
                return AbstractColumn.this.length();
            }

            @Override
            public List<T> slice(long from, long to) {
                return slices.slice(from, to);
            }

            @Override
            public void replace(long from, long to, Collection<? extends T> with) {
                engine.splice(from, to, encoder.apply(with));
            }

            @Override
            public <R> R atomically(Supplier<R> calls) {
                return engine.atomically(calls);
            }
        };
    }

    final long[] allIndexes(ValueTest test) {
        return indexes(test, 0, engine.length());
    }

    private long[] indexes(ValueTest test, long from, long to) {
        LongStream.Builder found = LongStream.builder();
        engine.visitWhere(from, to, test, (block, first, last) -> {
            for (int i = first; i < last; i++) {
                if (test.holds(block, i)) {
                    found.add(block.firstRow() + i);
                }
            }
        });
        return found.build().toArray();
    }

    /** Where elements are that are wanted, some at a time: each part is searched in one state of the column. */
    final Iterable<long[]> indexes(ValueTest test) {
        return () -> new Iterator<>() {
            private final long end = length();
            private long at;
            private long[] found = {};

            @Override
            public boolean hasNext() {
                while (found.length == 0 && at < end) {
                    found = indexes(test, at, Math.min(end, at + PART));
                    at = Math.min(end, at + PART);
                }
                return found.length > 0;
            }

            @Override
            public long[] next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                long[] batch = found;
                found = NOTHING;
                return batch;
            }
        };
    }

    interface Slicer<A> {
        A slice(long from, long to);
    }

    final <A> Iterable<A> batches(int size, Slicer<A> slicer) {
        return batches(size, Long.MAX_VALUE, slicer);
    }

    final <A> Iterable<A> batches(int size, long bytes, Slicer<A> slicer) {
        if (size < 1) {
            throw new IllegalArgumentException("a batch has at least 1 element, but " + size + " was asked for");
        } else if (bytes < 1) {
            throw new IllegalArgumentException("a batch has at least 1 byte, but " + bytes + " was asked for");
        }
        return () -> new Iterator<>() {
            private final long end = length();
            private long at;

            @Override
            public boolean hasNext() {
                return at < end;
            }

            @Override
            public A next() {
                if (at >= end) {
                    throw new NoSuchElementException();
                }
                long from = at;
                long most = Math.min(end, from + size);
                long to = bytes == Long.MAX_VALUE ? most : engine.endWithin(from, most, bytes);
                A batch = slicer.slice(from, to);
                at = to; // not before: what a failed read has not given is asked for again
                return batch;
            }
        };
    }

    @Override
    public String toString() {
        return engine.toString();
    }
}
