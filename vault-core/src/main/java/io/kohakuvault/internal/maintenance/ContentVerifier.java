package io.kohakuvault.internal.maintenance;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.value.MessagePack;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Schema;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at key-values, documents and vectors, and at what hangs on them. */
final class ContentVerifier {
    private static final String REPAIR = "repair removes it";

    private final Session session;
    private final Findings findings;

    ContentVerifier(Session session, Findings findings) {
        this.session = session;
        this.findings = findings;
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
            findings.error(where, String.valueOf(e.getMessage()), "restore the file from a backup");
        }
    }

    void keyValues() {
        for (String table : Catalog.keyValues(session)) {
            guarded("table " + table, () -> keyValues(table));
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
        for (String table : Catalog.documents(session)) {
            guarded("documents " + table, () -> documents(table));
        }
        for (String table : Catalog.documentsWithoutValues(session)) {
            findings.error(
                    "documents " + table,
                    "the table " + table + "_values is gone, where their values are; no document can be read",
                    "restore the file from a backup");
        }
    }

    private void documents(String table) {
        try (Rows rows = session.query("SELECT d.rowid, v.id, v.value FROM " + q(table) + " d LEFT JOIN "
                + q(table + "_values") + " v ON v.id = d.value_ref")) {
            while (rows.next()) {
                findings.value();
                String where = "documents " + table + ", document " + rows.getLong(0);
                if (rows.getString(1) == null) {
                    findings.error(
                            where, "its value is missing: searches that find it fail", "update its value or delete it");
                } else {
                    value(where, rows.getBlob(2));
                }
            }
        }
        Long lost = session.queryLong("SELECT count(*) FROM " + q(table + "_values")
                + " WHERE id NOT IN (SELECT value_ref FROM " + q(table) + " WHERE value_ref IS NOT NULL)");
        if (lost != null && lost > 0) {
            findings.warning("documents " + table, lost + " values belong to no document", REPAIR);
        }
    }

    void vectors() {
        for (Vec0Entry entry : Vec0Schema.list(session)) {
            guarded("vectors " + entry.name(), () -> new VectorVerifier(session, findings, this::value).verify(entry));
        }
    }
}
