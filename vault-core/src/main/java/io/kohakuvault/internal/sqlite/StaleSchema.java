package io.kohakuvault.internal.sqlite;

/**
 * Whether a connection's schema was changed behind SQLite's back, so that SQLite must read it anew. With the write lock
 * held.
 */
final class StaleSchema {
    private final Session session;
    private boolean stale;

    StaleSchema(Session session) {
        this.session = session;
    }

    void mark() {
        stale = true;
    }

    void reload() {
        if (stale) {
            session.execute("PRAGMA writable_schema = RESET");
            stale = false;
        }
    }

    /**
     * After a commit nothing may be thrown, for it has happened: what fails here is tried again before the next
     * transaction.
     */
    void reloadQuietly() {
        try {
            reload();
        } catch (RuntimeException e) {
            stale = true;
        }
    }
}
