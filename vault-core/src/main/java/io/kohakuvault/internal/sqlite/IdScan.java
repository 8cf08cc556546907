package io.kohakuvault.internal.sqlite;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Visits what has ids by ascending id, a page at a time, so that nothing is held between pages. For one thread at a
 * time.
 */
public final class IdScan<T> implements Iterator<T> {
    private final Pages<T> pages;
    private final ArrayDeque<Item<T>> page = new ArrayDeque<>();
    private long next = Long.MIN_VALUE;
    private boolean ended;

    /** What stands under an id. */
    public record Item<T>(long id, T value) {}

    /** Reads pages. */
    @FunctionalInterface
    public interface Pages<T> {
        /** The first items whose ids are at least so high, ascending; none where there are no more. */
        List<Item<T>> from(long id);
    }

    public IdScan(Pages<T> pages) {
        this.pages = pages;
    }

    @Override
    public boolean hasNext() {
        if (page.isEmpty() && !ended) {
            page.addAll(pages.from(next));
            ended = page.isEmpty() || page.getLast().id() == Long.MAX_VALUE;
            next = page.isEmpty() ? next : page.getLast().id() + 1;
        }
        return !page.isEmpty();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.removeFirst().value();
    }
}
