package io.kohakuvault.internal.column;

import java.util.AbstractList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A column as a list. Each call is one of the column; searches read ahead in slices. */
final class ColumnList<T extends @Nullable Object> extends AbstractList<T> implements RandomAccess {
    private static final int SLICE = 4096;

    private final Source<T> source;

    /** What a list needs of a column. */
    interface Source<T extends @Nullable Object> {
        long length();

        List<T> slice(long from, long to);

        void replace(long from, long to, Collection<? extends T> with);

        /** Several calls as one. */
        <R> R atomically(java.util.function.Supplier<R> calls);
    }

    ColumnList(Source<T> source) {
        this.source = source;
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, source.length());
    }

    @Override
    public T get(int index) {
        return source.slice(index, index + 1L).get(0);
    }

    @Override
    public T set(int index, T element) {
        return source.atomically(() -> {
            T old = get(index);
            source.replace(index, index + 1L, one(element));
            return old;
        });
    }

    @Override
    public boolean add(T element) {
        source.atomically(() -> {
            long length = source.length();
            source.replace(length, length, one(element));
            return true;
        });
        modCount++;
        return true;
    }

    @Override
    public void add(int index, T element) {
        source.replace(index, index, one(element));
        modCount++;
    }

    @Override
    public boolean addAll(Collection<? extends T> elements) {
        List<T> copy = copy(elements);
        source.atomically(() -> {
            long length = source.length();
            source.replace(length, length, copy);
            return true;
        });
        modCount++;
        return !copy.isEmpty();
    }

    @Override
    public boolean addAll(int index, Collection<? extends T> elements) {
        List<T> copy = copy(elements);
        source.replace(index, index, copy);
        modCount++;
        return !copy.isEmpty();
    }

    @Override
    public T remove(int index) {
        T removed = source.atomically(() -> {
            T old = get(index);
            source.replace(index, index + 1L, List.of());
            return old;
        });
        modCount++;
        return removed;
    }

    @Override
    protected void removeRange(int from, int to) {
        source.replace(from, to, List.of());
        modCount++;
    }

    @Override
    public int indexOf(@Nullable Object wanted) {
        int size = size();
        for (long from = 0; from < size; from += SLICE) {
            int at = source.slice(from, Math.min(size, from + SLICE)).indexOf(wanted);
            if (at >= 0) {
                return (int) from + at;
            }
        }
        return -1;
    }

    @Override
    public boolean contains(@Nullable Object wanted) {
        return indexOf(wanted) >= 0;
    }

    @Override
    public void forEach(Consumer<? super T> action) {
        Objects.requireNonNull(action, "action");
        int size = size();
        for (long from = 0; from < size; from += SLICE) {
            source.slice(from, Math.min(size, from + SLICE)).forEach(action);
        }
    }

    @Override
    public Object[] toArray() {
        return source.slice(0, size()).toArray();
    }

    @Override
    public <A> A[] toArray(A[] target) {
        return source.slice(0, size()).toArray(target);
    }

    private List<T> copy(Collection<? extends T> elements) {
        return new java.util.ArrayList<>(elements); // the collection may be this list
    }

    private static <T extends @Nullable Object> List<T> one(T element) {
        return java.util.Collections.singletonList(element);
    }
}
