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

/** The ledger in the table vault_offsets. */
public final class Offsets implements OffsetLedger {
    private final Access<?> access;

    public Offsets(Access<?> access) {
        this.access = access;
    }

    @Override
    public Claim claim(String source, String topic, int partition) {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(topic, "topic");
        if (partition < 0) {
            throw new IllegalArgumentException("a partition is at least 0, but was " + partition);
        }
        return access.write(transaction -> {
            Session session = transaction.session();
            session.execute("CREATE TABLE IF NOT EXISTS vault_offsets (source TEXT NOT NULL, topic TEXT NOT NULL, "
                    + "partition INTEGER NOT NULL, epoch INTEGER NOT NULL, next_offset INTEGER NOT NULL, topic_id BLOB, "
                    + "updated_ms INTEGER NOT NULL, PRIMARY KEY (source, topic, partition)) WITHOUT ROWID");
            session.update(
                    "INSERT INTO vault_offsets (source, topic, partition, epoch, next_offset, updated_ms) VALUES (?, ?, ?, 1, -1, ?) "
                            + "ON CONFLICT(source, topic, partition) DO UPDATE SET epoch = epoch + 1, updated_ms = excluded.updated_ms",
                    source,
                    topic,
                    partition,
                    System.currentTimeMillis());
            try (Rows rows = session.query(
                    "SELECT epoch, next_offset FROM vault_offsets WHERE source = ? AND topic = ? AND partition = ?",
                    source,
                    topic,
                    partition)) {
                rows.next();
                return new HeldClaim(source, topic, partition, rows.getLong(0), rows.getLong(1));
            }
        });
    }

    @Override
    public void advance(Claim claim, long nextOffset) {
        boolean unused = access.join(
                transaction -> { // a part of it, so that the exception dooms the whole
                    Session session = transaction.session();
                    int changed = session.update(
                            "UPDATE vault_offsets SET next_offset = ?, updated_ms = ? "
                                    + "WHERE source = ? AND topic = ? AND partition = ? AND epoch = ?",
                            nextOffset,
                            System.currentTimeMillis(),
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

    /**
     * Forgets what a source has delivered; a task that has a claim on it is fenced. False when nothing is known of it.
     */
    public boolean forget(String source) {
        return access.write(transaction -> transaction.session().hasTable("vault_offsets")
                && transaction.session().update("DELETE FROM vault_offsets WHERE source = ?", source) > 0);
    }

    @Override
    public List<Claim> claims(String source) {
        Objects.requireNonNull(source, "source");
        return access.read(session -> {
            List<Claim> claims = new ArrayList<>();
            if (session.hasTable("vault_offsets")) {
                try (Rows rows = session.query(
                        "SELECT topic, partition, epoch, next_offset FROM vault_offsets WHERE source = ? ORDER BY topic, partition",
                        source)) {
                    while (rows.next()) {
                        claims.add(new HeldClaim(
                                source,
                                Objects.requireNonNull(rows.getString(0)),
                                rows.getInt(1),
                                rows.getLong(2),
                                rows.getLong(3)));
                    }
                }
            }
            return claims;
        });
    }
}
