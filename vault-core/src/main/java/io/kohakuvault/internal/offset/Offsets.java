package io.kohakuvault.internal.offset;

import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.offset.Claim;
import io.kohakuvault.offset.FencedException;
import io.kohakuvault.offset.OffsetLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ledger in the table vault_offsets. */
public final class Offsets implements OffsetLedger {
    private static final String TABLE = "vault_offsets";

    /** Files of earlier releases lack it. */
    private static final String NOTE = "note";

    private final Access<?> access;

    public Offsets(Access<?> access) {
        this.access = access;
    }

    @Override
    public Claim claim(String source, String topic, int partition) {
        check(source, topic, partition);
        return access.write(transaction -> {
            Session session = transaction.session();
            raiseEpoch(session, source, topic, partition);
            return read(session, source, topic, partition);
        });
    }

    private static void check(String source, String topic, int partition) {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(topic, "topic");
        if (partition < 0) {
            throw new IllegalArgumentException("a partition is at least 0, but was " + partition);
        }
    }

    private static void raiseEpoch(Session session, String source, String topic, int partition) {
        session.execute("CREATE TABLE IF NOT EXISTS vault_offsets (source TEXT NOT NULL, topic TEXT NOT NULL, "
                + "partition INTEGER NOT NULL, epoch INTEGER NOT NULL, next_offset INTEGER NOT NULL, topic_id BLOB, "
                + "updated_ms INTEGER NOT NULL, note TEXT, PRIMARY KEY (source, topic, partition)) WITHOUT ROWID");
        if (!hasNotes(session)) {
            session.execute("ALTER TABLE vault_offsets ADD COLUMN note TEXT");
        }
        session.update(
                "INSERT INTO vault_offsets (source, topic, partition, epoch, next_offset, updated_ms) VALUES (?, ?, ?, 1, -1, ?) "
                        + "ON CONFLICT(source, topic, partition) DO UPDATE SET epoch = epoch + 1, updated_ms = excluded.updated_ms",
                source,
                topic,
                partition,
                System.currentTimeMillis());
    }

    private static boolean hasNotes(Session session) {
        return session.columnsOf(TABLE).contains(NOTE);
    }

    private static Claim read(Session session, String source, String topic, int partition) {
        try (Rows rows = session.query(
                "SELECT topic, partition, epoch, next_offset, note FROM vault_offsets WHERE source = ? AND topic = ? AND partition = ?",
                source,
                topic,
                partition)) {
            rows.next();
            return claim(source, rows);
        }
    }

    private static Claim claim(String source, Rows rows) {
        return new HeldClaim(
                source,
                Objects.requireNonNull(rows.getString(0)),
                rows.getInt(1),
                rows.getLong(2),
                rows.getLong(3),
                Optional.ofNullable(rows.getString(4)));
    }

    @Override
    public void advance(Claim claim, long nextOffset) {
        advanceWith(claim, nextOffset, null);
    }

    @Override
    public void advance(Claim claim, long nextOffset, String note) {
        if (note.length() > MAX_NOTE_LENGTH) {
            throw new IllegalArgumentException(
                    "a note has at most " + MAX_NOTE_LENGTH + " characters, but was given " + note.length());
        }
        advanceWith(claim, nextOffset, note);
    }

    private void advanceWith(Claim claim, long nextOffset, @Nullable String note) {
        boolean unused = access.join(
                transaction -> { // a part of it, so that the exception dooms the whole
                    Session session = transaction.session();
                    int changed = note == null
                            ? session.update(
                                    "UPDATE vault_offsets SET next_offset = ?, updated_ms = ? "
                                            + "WHERE source = ? AND topic = ? AND partition = ? AND epoch = ?",
                                    nextOffset,
                                    System.currentTimeMillis(),
                                    claim.source(),
                                    claim.topic(),
                                    claim.partition(),
                                    claim.epoch())
                            : session.update(
                                    "UPDATE vault_offsets SET next_offset = ?, updated_ms = ?, note = ? "
                                            + "WHERE source = ? AND topic = ? AND partition = ? AND epoch = ?",
                                    nextOffset,
                                    System.currentTimeMillis(),
                                    note,
                                    claim.source(),
                                    claim.topic(),
                                    claim.partition(),
                                    claim.epoch());
                    if (changed == 0) {
                        throw new FencedException(
                                session.file() + ": partition " + claim.topic() + "-" + claim.partition()
                                        + " of '" + claim.source()
                                        + "' has been claimed by another task since epoch " + claim.epoch()
                                        + "; this transaction is rolled back");
                    }
                    return true;
                });
    }

    @Override
    public void set(String source, String topic, int partition, long nextOffset) {
        check(source, topic, partition);
        if (nextOffset < -1) {
            throw new IllegalArgumentException(
                    "an offset to go on from is at least 0, or -1 for none, but was " + nextOffset);
        }
        access.write(transaction -> {
            Session session = transaction.session();
            raiseEpoch(session, source, topic, partition);
            return session.update(
                    "UPDATE vault_offsets SET next_offset = ?, note = NULL, topic_id = NULL "
                            + "WHERE source = ? AND topic = ? AND partition = ?",
                    nextOffset,
                    source,
                    topic,
                    partition);
        });
    }

    /**
     * Forgets what a source has delivered; a task that has a claim on it is fenced. False when nothing is known of it.
     */
    public boolean forget(String source) {
        return access.write(transaction -> transaction.session().hasTable(TABLE)
                && transaction.session().update("DELETE FROM vault_offsets WHERE source = ?", source) > 0);
    }

    @Override
    public List<Claim> claims(String source) {
        Objects.requireNonNull(source, "source");
        return access.read(session -> {
            List<Claim> claims = new ArrayList<>();
            if (session.hasTable(TABLE)) {
                String note = hasNotes(session) ? NOTE : "NULL";
                try (Rows rows = session.query(
                        "SELECT topic, partition, epoch, next_offset, " + note
                                + " FROM vault_offsets WHERE source = ? ORDER BY topic, partition",
                        source)) {
                    while (rows.next()) {
                        claims.add(claim(source, rows));
                    }
                }
            }
            return claims;
        });
    }

    @Override
    public List<String> sources() {
        return access.read(session -> {
            List<String> sources = new ArrayList<>();
            if (session.hasTable(TABLE)) {
                try (Rows rows = session.query("SELECT DISTINCT source FROM vault_offsets ORDER BY source")) {
                    while (rows.next()) {
                        sources.add(Objects.requireNonNull(rows.getString(0)));
                    }
                }
            }
            return sources;
        });
    }
}
