package io.kohakuvault.internal.column;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.Column;

/** What columns of all types have in common. */
abstract class View implements Column {
    final ColumnEngine engine;

    View(ColumnEngine engine) {
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
    public void clear() {
        engine.clear();
    }

    @Override
    public String toString() {
        return engine.toString();
    }
}
