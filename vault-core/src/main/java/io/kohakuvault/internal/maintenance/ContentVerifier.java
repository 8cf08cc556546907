package io.kohakuvault.internal.maintenance;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.text.Fts5Entry;
import io.kohakuvault.internal.text.Fts5Schema;
import io.kohakuvault.internal.value.MessagePack;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Schema;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at key-values, documents and vectors, and at what hangs on them. */
final class ContentVerifier {
    private static final String REPAIR = "repair removes it";

    /** Why an index of words is not made anew; follows what is missing of it. */
    static final String LACKS =
            ", and it has words or values of documents that are gone, of which nothing would be known any more";

    private static final String RESTORE = "restore the file from a backup";

    private final Session session;
    private final Findings findings;
    private final Set<String> unchecked;

    /** @param unchecked tables of which it was said that they cannot be looked at */
    ContentVerifier(Session session, Findings findings, Set<String> unchecked) {
        this.session = session;
        this.findings = findings;
        this.unchecked = unchecked;
    }

    private static String q(String name) {
        return SqlNames.quote(name);
    }

    private void guarded(String where, Runnable check) {
        try {
            check.run();
        } catch (VaultInterruptedException e) {
            throw e;
        } catch (VaultException e) {
            findings.checkGoesOn(e);
            findings.error(where, String.valueOf(e.getMessage()), RESTORE);
        }
    }

    void keyValues() {
        for (String table : Catalog.keyValues(session)) {
            guarded("table " + table, () -> {
                try {
                    keyValues(table);
                } catch (VaultException e) {
                    if (e.getClass() != VaultException.class || !unchecked.contains(table)) {
                        throw e;
                    }
                }
            });
        }
    }

    private void keyValues(String table) {
        // Somebody's own key-values may have that name.
        boolean segments = session.columnsOf(table + "_segments").equals(List.of("key", "segment", "data"));
        try (Rows rows = session.query("SELECT key, value, typeof(key), typeof(value) FROM " + q(table))) {
            while (rows.next()) {
                byte[] key = rows.getBytes(0);
                String hex = key == null ? "NULL" : HexFormat.of().formatHex(key, 0, Math.min(32, key.length));
                String where = "table " + table + ", key x'" + hex + "'";
                findings.value();
                if (!"blob".equals(rows.getString(2)) || !"blob".equals(rows.getString(3))) {
                    findings.error(
                            where,
                            "is a " + rows.getString(2) + " with a value that is a " + rows.getString(3)
                                    + "; only BLOBs are read",
                            "write it anew");
                    continue;
                }
                value(where, rows.getBlob(1));
                byte[] stored = rows.getBlob(1);
                if (stored != null && ValueCodec.isSegmented(stored)) {
                    segments(table, where, key == null ? new byte[0] : key, stored, segments);
                }
            }
        }
        if (segments) {
            Long lost = session.queryLong(
                    "SELECT count(DISTINCT key) FROM " + q(table + "_segments") + Repairer.noValueInSegments(table),
                    ValueCodec.segmentedPrefix());
            if (lost != null && lost > 0) {
                findings.warning(
                        "table " + table + "_segments",
                        "has segments of " + lost + " keys that are gone or whose value is not in segments by now",
                        REPAIR);
            }
        }
    }

    private void segments(String table, String where, byte[] key, byte[] stored, boolean exists) {
        long expected = -1;
        long size = -1;
        try {
            if (MessagePack.decode(ValueCodec.payload(stored)) instanceof Map<?, ?> map
                    && map.get("segments") instanceof Long n
                    && map.get("size") instanceof Long bytes) {
                expected = n;
                size = bytes;
            }
        } catch (IOException e) {
            expected = -1;
        }
        if (expected < 0) {
            findings.error(where, "says that it is in segments, but not in how many", "put the value anew");
            return;
        }
        long found = 0;
        long foundBytes = 0;
        long odd = 0;
        if (exists) {
            try (Rows rows = session.query(
                    "SELECT count(*), coalesce(sum(length(data)), 0), count(DISTINCT iif(segment < ?2 - 1, length(data), NULL)) FROM "
                            + q(table + "_segments") + " WHERE key = ?1 AND segment < ?2",
                    key,
                    expected)) {
                if (rows.next()) {
                    found = rows.getLong(0);
                    foundBytes = rows.getLong(1);
                    odd = rows.getLong(2);
                }
            }
        }
        if (found != expected || foundBytes != size) {
            findings.error(
                    where,
                    "should be " + size + " bytes in " + expected + " segments, there are " + foundBytes + " in "
                            + found,
                    "put the value anew");
        } else if (odd > 1) {
            findings.error(where, "is in segments of several lengths, which cannot be read", "put the value anew");
        }
    }

    private void value(String where, byte @Nullable [] stored) {
        if (stored == null) {
            findings.error(where, "has a value that is not a BLOB", "write it anew");
            return;
        }
        try {
            ValueCodec.decode(stored, where, NumberGuess.BETTER);
        } catch (VaultException e) {
            findings.warning(where, "the value cannot be decoded: " + e.getMessage(), "its bytes can be read");
        }
    }

    void documents() {
        for (Fts5Entry entry : Fts5Schema.list(session)) {
            guarded("documents " + entry.name(), () -> documents(entry));
        }
    }

    private void documents(Fts5Entry entry) {
        String where = "documents " + entry.name();
        switch (entry.state()) {
            case READ -> {}
            case MENDABLE -> {
                boolean lacks = Catalog.lacksDocuments(session, entry);
                findings.error(
                        where,
                        entry.unread() + (lacks ? LACKS : "") + "; no document can be read",
                        lacks ? RESTORE : entry.remedy());
            }
            case LOST -> findings.error(where, entry.unread() + "; no document can be read", entry.remedy());
            case FOREIGN -> {
                String looked = entry.keepsTexts() && entry.reference() >= 0
                        ? "its values are looked at, its texts are not"
                        : "its values are looked at, but not whether each document has its own";
                findings.warning(
                        where, "is not read by this library: " + entry.unread() + "; " + looked, entry.remedy());
            }
        }
        if (entry.hasValues() && entry.keepsTexts() && entry.reference() >= 0) {
            values(entry, where);
        } else if (entry.hasValues()) {
            try (Rows rows = session.query("SELECT id, value FROM " + q(entry.name() + "_values"))) {
                while (rows.next()) {
                    findings.value();
                    value(where + ", value " + rows.getLong(0), rows.getBlob(1));
                }
            }
        }
    }

    /** By the table in which FTS5 keeps the documents, which needs neither its tokenizer nor its index. */
    private void values(Fts5Entry entry, String where) {
        String content = q(entry.name() + "_content");
        String values = q(entry.name() + "_values");
        String reference = "d.c" + entry.reference();
        try (Rows rows = session.query("SELECT d.id, v.id, v.value FROM " + content + " d LEFT JOIN " + values
                + " v ON v.id = " + reference)) {
            while (rows.next()) {
                findings.value();
                String document = where + ", document " + rows.getLong(0);
                if (rows.getString(1) == null) {
                    findings.error(
                            document,
                            "its value is missing: searches that find it fail",
                            "update its value or delete it");
                } else {
                    value(document, rows.getBlob(2));
                }
            }
        }
        Long lost = session.queryLong("SELECT count(*) FROM " + values + " v WHERE v.id NOT IN (SELECT " + reference
                + " FROM " + content + " d WHERE " + reference + " IS NOT NULL)");
        if (lost != null && lost > 0) {
            if ((entry.isRead() || entry.state() == Fts5Entry.State.MENDABLE)
                    && Catalog.lacksDocuments(session, entry)) {
                findings.error(
                        where, lost + " documents are gone, of which the words and the values are left", RESTORE);
            } else {
                findings.warning(
                        where, lost + " values belong to no document", entry.isRead() ? REPAIR : entry.remedy());
            }
        }
    }

    void vectors() {
        for (Vec0Entry entry : Vec0Schema.list(session)) {
            guarded("vectors " + entry.name(), () -> new VectorVerifier(session, findings, this::value).verify(entry));
        }
    }
}
