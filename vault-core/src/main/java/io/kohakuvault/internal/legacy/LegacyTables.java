package io.kohakuvault.internal.legacy;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table of columns of the older layout. A column {@code c} of variable size is two rows of it, {@code c_data} and
 * {@code c_idx}.
 */
public final class LegacyTables {
    private static final String DATA = "_data";
    private static final String INDEX = "_idx";
    private static final String INDEX_DTYPE = "adaptive_idx";
    /** The chunk, where the element begins in it and where it ends, each as i32. */
    private static final int INDEX_ENTRY_BYTES = 12;

    private static final String META =
            "SELECT col_id, name, dtype, elem_size, length, coalesce(max_chunk_bytes, 16777216) FROM col_meta ";

    private LegacyTables() {}

    private record Meta(String dtype, long length, LegacyColumn.Chunks chunks) {}

    /** Every column as it is written there; {@link #check} says whether that can be true. */
    public static List<LegacyColumn> columns(Session session) {
        return exists(session) ? resolve(session.query(META + "ORDER BY col_id")) : List.of();
    }

    private static boolean exists(Session session) {
        return session.hasTable("col_meta") && session.hasTable("col_chunks");
    }

    /** The columns that rows of col_meta are. A row counts as what it is only beside those that belong to it. */
    private static List<LegacyColumn> resolve(Rows opened) {
        Map<String, Meta> rows = new LinkedHashMap<>();
        try (Rows found = opened) {
            while (found.next()) {
                String name = String.valueOf(found.getString(1));
                Meta meta = new Meta(
                        String.valueOf(found.getString(2)),
                        found.getLong(4),
                        new LegacyColumn.Chunks(found.getLong(0), found.getInt(3), found.getLong(5)));
                rows.put(name, meta);
            }
        }
        List<LegacyColumn> columns = new ArrayList<>();
        rows.forEach((name, meta) -> {
            String base = name.endsWith(DATA) ? name.substring(0, name.length() - DATA.length()) : "";
            Meta index = base.isEmpty() ? null : rows.get(base + INDEX);
            if (index != null && index.dtype.equals(INDEX_DTYPE)) {
                columns.add(new LegacyColumn(base, meta.dtype, index.length, meta.chunks, index.chunks));
            } else if (!meta.dtype.equals(INDEX_DTYPE) && !isVariable(rows, name)) {
                columns.add(new LegacyColumn(name, meta.dtype, meta.length, meta.chunks, meta.chunks));
            }
        });
        return columns;
    }

    /** A column of variable size hides a fixed one of its name. */
    private static boolean isVariable(Map<String, Meta> rows, String name) {
        Meta index = rows.get(name + INDEX);
        return rows.containsKey(name + DATA) && index != null && index.dtype.equals(INDEX_DTYPE);
    }

    /** The column of a name; looks at the few rows that decide about it, however many there are. */
    public static Optional<LegacyColumn> column(Session session, String name) {
        if (!exists(session)) {
            return Optional.empty();
        }
        String base = name.endsWith(DATA) ? name.substring(0, name.length() - DATA.length()) : name;
        Rows rows = session.query(
                META + "WHERE name IN (?, ?, ?, ?) ORDER BY col_id", name, name + DATA, name + INDEX, base + INDEX);
        Optional<LegacyColumn> column =
                resolve(rows).stream().filter(c -> c.name().equals(name)).findFirst();
        column.ifPresent(c -> check(session, c));
        return column;
    }

    /** Throws when what is written of a column cannot be true. */
    public static void check(Session session, LegacyColumn column) {
        for (LegacyColumn.Chunks chunks : List.of(column.data(), column.index())) {
            if (chunks.elemSize() <= 0
                    || column.length() < 0
                    || column.length() > Long.MAX_VALUE / chunks.elemSize()
                    || chunks.chunkBytes() < chunks.elemSize()
                    || chunks.chunkBytes() > Integer.MAX_VALUE) {
                throw new VaultCorruptException(
                        session.file() + ": col_meta row " + chunks.colId() + ": " + column.describe()
                                + " has elem_size " + chunks.elemSize() + ", length " + column.length()
                                + " and max_chunk_bytes " + chunks.chunkBytes(),
                        null);
            }
        }
        if (!column.isFixed() && column.index().elemSize() != INDEX_ENTRY_BYTES) {
            throw new VaultCorruptException(
                    session.file() + ": col_meta row " + column.index().colId() + ": the index of " + column.describe()
                            + " has elem_size " + column.index().elemSize() + " and not " + INDEX_ENTRY_BYTES,
                    null);
        }
    }

    /** Removes what has been taken over, and the tables with the last of it. */
    public static void remove(Session session, List<LegacyColumn> columns) {
        for (LegacyColumn column : columns) {
            for (LegacyColumn.Chunks chunks : List.of(column.data(), column.index())) {
                session.update("DELETE FROM col_chunks WHERE col_id = ?", chunks.colId());
                session.update("DELETE FROM col_meta WHERE col_id = ?", chunks.colId());
            }
        }
        if (session.queryLong("SELECT 1 FROM col_meta LIMIT 1") == null) {
            session.execute("DROP TABLE col_chunks");
            session.execute("DROP TABLE col_meta");
        }
    }
}
