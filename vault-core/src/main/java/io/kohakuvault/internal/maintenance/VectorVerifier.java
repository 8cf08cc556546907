package io.kohakuvault.internal.maintenance;

import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.vec0.ChunkReader;
import io.kohakuvault.internal.vec0.MetadataType;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.internal.vec0.VectorColumn;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Looks at a table of vectors: chunks against rows, columns of every kind, values. */
final class VectorVerifier {
    private static final String RESTORE = "restore the file from a backup";
    private static final String ANEW = "delete and insert it anew";

    private final Session session;
    private final Findings findings;
    private final BiConsumer<String, byte @Nullable []> values;

    /** @param values looks at a value, given where it is */
    VectorVerifier(Session session, Findings findings, BiConsumer<String, byte @Nullable []> values) {
        this.session = session;
        this.findings = findings;
        this.values = values;
    }

    void verify(Vec0Entry entry) {
        String tag = "vectors " + entry.name();
        if (!entry.unread().isEmpty()) {
            String what = "is not read by this library: " + entry.unread();
            if (entry.lacksTables()) {
                findings.error(tag, what, entry.remedy());
            } else {
                findings.warning(tag, what, entry.remedy());
            }
        }
        entry.declared().ifPresent(table -> new Check(table, tag, entry.unread().isEmpty()).run());
    }

    private record Place(long chunk, long slot) {}

    /** One table. */
    private final class Check {
        private final Vec0Table table;
        private final String tag;
        private final boolean hasValues;
        private final Map<Long, Place> places = new HashMap<>();
        private final Map<Long, Long> references = new HashMap<>();
        private final Map<Integer, Set<Long>> longTexts = new HashMap<>();
        private long unsearchable;
        private boolean damaged;

        Check(Vec0Table table, String tag, boolean hasValues) {
            this.table = table;
            this.tag = tag;
            this.hasValues = hasValues;
        }

        void run() {
            Set<Long> ids = new HashSet<>();
            try (Rows rows = session.query("SELECT rowid, chunk_id, chunk_offset FROM " + table.rowids())) {
                while (rows.next()) {
                    ids.add(rows.getLong(0));
                    places.put(rows.getLong(0), new Place(rows.getLong(1), rows.getLong(2)));
                }
            }
            try (ChunkReader chunk = ChunkReader.all(
                    session,
                    table,
                    numbers(table.vectors().size()),
                    numbers(table.metadata().size()))) {
                while (chunk.next()) {
                    String damage = chunk.damage();
                    if (damage != null) {
                        damaged = true;
                        findings.error(
                                tag + ", chunk " + chunk.id(),
                                (damage.startsWith("and ") ? "it " : "") + damage,
                                RESTORE);
                    } else {
                        chunk(chunk);
                    }
                }
            }
            damaged |= !places.isEmpty();
            places.forEach((id, place) -> findings.error(
                    tag + ", vector " + id,
                    "should stand in slot " + place.slot + " of chunk " + place.chunk + ", where it is not",
                    RESTORE));
            if (unsearchable > 0) {
                findings.warning(
                        tag,
                        unsearchable + " vectors have no distance from others, being zero or not finite",
                        "KohakuVault's searches fail until they are deleted");
            }
            for (int i = 0; i < table.metadata().size(); i++) {
                if (table.metadata().get(i).type() == MetadataType.TEXT) {
                    beside(
                            table.metadataTexts(i),
                            longTexts.getOrDefault(i, Set.of()),
                            "texts of column " + table.metadata().get(i).name());
                }
            }
            if (!table.auxiliary().isEmpty()) {
                beside(table.auxiliaryTable(), ids, "auxiliary columns");
            }
            if (hasValues) {
                values();
            }
        }

        private void chunk(ChunkReader chunk) {
            for (int slot = 0; slot < table.slots(); slot++) {
                if (!chunk.isUsed(slot)) {
                    continue;
                }
                findings.value();
                long id = chunk.rowid(slot);
                if (!new Place(chunk.id(), slot).equals(places.remove(id))) {
                    findings.error(
                            tag + ", vector " + id,
                            "stands in slot " + slot + " of chunk " + chunk.id() + ", which " + table.name()
                                    + "_rowids does not say",
                            RESTORE);
                }
                if (hasValues) {
                    references.put(
                            id, little(chunk.metadata(table.referenceNumber())).getLong(8 * slot));
                }
                for (int i = 0; i < table.metadata().size(); i++) {
                    if (table.metadata().get(i).type() == MetadataType.TEXT
                            && little(chunk.metadata(i)).getInt(MetadataType.TEXT.slotBytes() * slot)
                                    > MetadataType.SHORT_TEXT_BYTES) {
                        longTexts.computeIfAbsent(i, k -> new HashSet<>()).add(id);
                    }
                }
                for (int i = 0; i < table.vectors().size(); i++) {
                    if (!isSearchable(table.vectors().get(i), chunk.vectors(i), slot)) {
                        unsearchable++;
                    }
                }
            }
        }

        /** Each id must have its row in a table beside the chunks, else sqlite-vec cannot read the vector. */
        private void beside(String quoted, Set<Long> expected, String what) {
            Set<Long> left = new HashSet<>(expected);
            long lost = 0;
            try (Rows rows = session.query("SELECT rowid FROM " + quoted)) {
                while (rows.next()) {
                    if (!left.remove(rows.getLong(0))) {
                        lost++;
                    }
                }
            }
            left.forEach(id -> findings.error(
                    tag + ", vector " + id, "has no row for its " + what + ": sqlite-vec cannot read it", ANEW));
            if (lost > 0) {
                findings.warning(tag, lost + " rows for " + what + " belong to no vector", "");
            }
        }

        private void values() {
            Map<Long, Boolean> used = new HashMap<>();
            references.values().forEach(reference -> used.put(reference, false));
            long lost = 0;
            try (Rows rows = session.query("SELECT id, value FROM " + table.values())) {
                while (rows.next()) {
                    if (used.replace(rows.getLong(0), true) == null) {
                        lost++;
                    } else {
                        values.accept(tag + ", value " + rows.getLong(0), rows.getBlob(1));
                    }
                }
            }
            references.forEach((id, reference) -> {
                if (Boolean.FALSE.equals(used.get(reference))) {
                    findings.error(tag + ", vector " + id, "its value is missing", ANEW);
                }
            });
            if (lost > 0) {
                // Repair does not remove them either where it is not known what is used.
                findings.warning(
                        tag,
                        lost + " values belong to no vector" + (damaged ? " that can be read" : ""),
                        damaged ? RESTORE : "repair removes it");
            }
        }
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether its distance from an ordinary vector is a number. */
    private static boolean isSearchable(VectorColumn column, byte[] vectors, int slot) {
        int bytes = column.vectorBytes();
        if (column.type() == VectorType.INT8 && column.metric() == Metric.COSINE) {
            return IntStream.range(bytes * slot, bytes * (slot + 1)).anyMatch(i -> vectors[i] != 0);
        } else if (column.type() != VectorType.F32) {
            return true;
        }
        FloatBuffer vector = little(vectors)
                .slice(bytes * slot, bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float squares = 0;
        while (vector.hasRemaining()) {
            float x = vector.get();
            if (Float.isNaN(x) || (Float.isInfinite(x) && column.metric() == Metric.COSINE)) {
                return false;
            }
            squares += x * x;
        }
        return column.metric() != Metric.COSINE || (squares > 0 && squares <= Float.MAX_VALUE);
    }
}
