package io.kohakuvault.internal.sqlite;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What is gathered in memory for the file and what is remembered of it; both are given up when the file was changed by
 * somebody else or a transaction is rolled back. With the write lock held.
 */
final class WriteBuffers {
    private final Session session;
    private final List<WriteBuffer> buffers = new CopyOnWriteArrayList<>();
    private long epoch;
    private long dataVersion = Long.MIN_VALUE;

    WriteBuffers(Session session) {
        this.session = session;
    }

    void add(WriteBuffer buffer) {
        buffers.add(buffer);
    }

    <B extends WriteBuffer> B buffer(Class<B> kind) {
        for (WriteBuffer buffer : buffers) {
            if (kind.isInstance(buffer)) {
                return kind.cast(buffer);
            }
        }
        throw new IllegalStateException("nothing of " + kind + " was registered");
    }

    void flush() {
        for (WriteBuffer buffer : buffers) {
            buffer.flush(session);
        }
    }

    void discard() {
        buffers.forEach(WriteBuffer::discard);
        epoch++;
    }

    /** Another connection's commit makes what the buffers remember of the file stale. At the begin of a transaction. */
    void noticeOthers() {
        Long now = session.queryLong("PRAGMA data_version");
        long version = now == null ? 0 : now;
        if (version != dataVersion) {
            discard();
            dataVersion = version;
        }
    }

    long epoch() {
        return epoch;
    }

    void schemaChanged() {
        epoch++;
    }
}
