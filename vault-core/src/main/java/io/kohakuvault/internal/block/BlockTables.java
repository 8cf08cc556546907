package io.kohakuvault.internal.block;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.TableNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The tables of columns and blocks: their DDL, and reading their rows. */
public final class BlockTables {
    private static final List<String> COLUMN_DDL = List.of(
            "CREATE TABLE IF NOT EXISTS kvault_col_format (singleton INTEGER PRIMARY KEY CHECK(singleton = 1), version INTEGER NOT NULL)",
            "INSERT OR IGNORE INTO kvault_col_format VALUES (1, 1)",
            "CREATE TABLE IF NOT EXISTS kvault_col_columns (col_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, "
                    + "dtype TEXT NOT NULL, elem_size INTEGER NOT NULL CHECK(elem_size >= 0), "
                    + "length INTEGER NOT NULL DEFAULT 0 CHECK(length >= 0), block_bytes INTEGER NOT NULL CHECK(block_bytes > 0))",
            "CREATE TABLE IF NOT EXISTS kvault_col_blocks (block_id INTEGER PRIMARY KEY, "
                    + "col_id INTEGER NOT NULL REFERENCES kvault_col_columns(col_id) ON DELETE CASCADE, block_no INTEGER NOT NULL, "
                    + "first_row INTEGER NOT NULL, row_count INTEGER NOT NULL, used_bytes INTEGER NOT NULL, "
                    + "capacity_bytes INTEGER NOT NULL, row_capacity INTEGER NOT NULL, UNIQUE(col_id, block_no))",
            "CREATE INDEX IF NOT EXISTS kvault_col_row_index ON kvault_col_blocks(col_id, first_row)",
            "CREATE TABLE IF NOT EXISTS kvault_col_data (block_id INTEGER PRIMARY KEY REFERENCES kvault_col_blocks(block_id) "
                    + "ON DELETE CASCADE, payload BLOB NOT NULL, offsets BLOB)");

    private static final List<String> TABLE_DDL = List.of(
            "CREATE TABLE IF NOT EXISTS vault_format (singleton INTEGER PRIMARY KEY CHECK(singleton = 1), version INTEGER NOT NULL)",
            "INSERT OR IGNORE INTO vault_format VALUES (1, 1)",
            "CREATE TABLE IF NOT EXISTS vault_tables (table_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)",
            "CREATE TABLE IF NOT EXISTS vault_table_columns (col_id INTEGER PRIMARY KEY REFERENCES kvault_col_columns(col_id) "
                    + "ON DELETE CASCADE, table_id INTEGER NOT NULL REFERENCES vault_tables(table_id) ON DELETE CASCADE, "
                    + "ordinal INTEGER NOT NULL, name TEXT NOT NULL, logical_type TEXT, nullable INTEGER NOT NULL, "
                    + "UNIQUE(table_id, ordinal), UNIQUE(table_id, name))",
            "CREATE TABLE IF NOT EXISTS vault_block_ext (block_id INTEGER PRIMARY KEY REFERENCES kvault_col_blocks(block_id) "
                    + "ON DELETE CASCADE, row_count INTEGER NOT NULL, validity BLOB, null_count INTEGER NOT NULL, min_value BLOB, "
                    + "max_value BLOB, crc32c INTEGER)");

    private static final String COLUMN =
            "SELECT col_id, name, dtype, elem_size, length, block_bytes FROM kvault_col_columns ";

    private static final String ENTRY =
            "SELECT block_id, block_no, first_row, row_count, used_bytes, capacity_bytes, row_capacity FROM kvault_col_blocks ";

    private BlockTables() {}

    /** Makes the tables of KohakuVault's columns where they are missing. */
    public static void createColumnTables(Session session) {
        COLUMN_DDL.forEach(session::execute);
    }

    /** Makes the tables of section 7 of the format where they are missing, and those of columns. */
    public static void createTableTables(Session session) {
        createColumnTables(session);
        TABLE_DDL.forEach(session::execute);
    }

    /**
     * Whether the file has the tables of columns.
     *
     * @throws io.kohakuvault.VaultFormatException when something else than a table has the name of one of the format
     */
    public static boolean hasColumns(Session session) {
        return TableNames.reserved(session).contains("kvault_col_columns");
    }

    public static boolean hasExtensions(Session session) {
        return session.hasTable("vault_block_ext");
    }

    /**
     * Whether the file has the tables of tables with nulls.
     *
     * @throws io.kohakuvault.VaultFormatException when something else than a table has the name of one of the format
     */
    public static boolean hasTables(Session session) {
        return TableNames.reserved(session).contains("vault_tables");
    }

    public static Optional<ColumnRecord> columnByName(Session session, String name) {
        Objects.requireNonNull(name, "name");
        if (!hasColumns(session)) {
            return Optional.empty();
        }
        try (Rows rows = session.query(COLUMN + "WHERE name = ?", name)) {
            return rows.next() ? Optional.of(column(session, rows)) : Optional.empty();
        }
    }

    public static Optional<ColumnRecord> columnById(Session session, long colId) {
        try (Rows rows = session.query(COLUMN + "WHERE col_id = ?", colId)) {
            return rows.next() ? Optional.of(column(session, rows)) : Optional.empty();
        }
    }

    /**
     * Every column as it is written there. Only {@link #columnById}, {@link #columnByName} and {@link #checked} say
     * that it can be true.
     */
    public static List<ColumnRecord> columns(Session session) {
        List<ColumnRecord> all = new ArrayList<>();
        if (hasColumns(session)) {
            try (Rows rows = session.query(COLUMN + "ORDER BY col_id")) {
                while (rows.next()) {
                    all.add(unchecked(rows));
                }
            }
        }
        return all;
    }

    private static ColumnRecord unchecked(Rows rows) {
        return new ColumnRecord(
                rows.getLong(0),
                String.valueOf(rows.getString(1)),
                String.valueOf(rows.getString(2)),
                rows.getInt(3),
                rows.getLong(4),
                rows.getLong(5));
    }

    private static ColumnRecord column(Session session, Rows rows) {
        return checked(session, unchecked(rows));
    }

    /**
     * A column of which what is written there can be true.
     *
     * @throws VaultCorruptException when it cannot
     */
    public static ColumnRecord checked(Session session, ColumnRecord column) {
        if (column.elemSize() < 0
                || column.length() < 0
                || column.blockBytes() <= 0
                || column.blockBytes() > 512L << 20) {
            throw new VaultCorruptException(
                    session.file() + ": kvault_col_columns row " + column.colId() + ": " + column.describe()
                            + " has elem_size " + column.elemSize() + ", length " + column.length() + ", block_bytes "
                            + column.blockBytes(),
                    null);
        }
        return column;
    }

    /** The blocks of a column that hold rows of [from, to), in order. */
    public static List<BlockEntry> entries(Session session, ColumnRecord column, long from, long to) {
        List<BlockEntry> entries = new ArrayList<>();
        try (Rows rows = session.query(
                ENTRY + "WHERE col_id = ?1 AND first_row < ?3 AND first_row >= "
                        + "(SELECT max(first_row) FROM kvault_col_blocks WHERE col_id = ?1 AND first_row <= ?2) ORDER BY first_row, block_no",
                column.colId(),
                from,
                to)) {
            while (rows.next()) {
                entries.add(entry(rows));
            }
        }
        return entries;
    }

    /** All blocks of a column by their number, whatever they say. */
    public static List<BlockEntry> allEntries(Session session, long colId) {
        List<BlockEntry> entries = new ArrayList<>();
        try (Rows rows = session.query(ENTRY + "WHERE col_id = ? ORDER BY block_no", colId)) {
            while (rows.next()) {
                entries.add(entry(rows));
            }
        }
        return entries;
    }

    /** The block that KohakuVault and we append to: the one with the highest number. */
    public static Optional<BlockEntry> lastEntry(Session session, long colId) {
        try (Rows rows = session.query(ENTRY + "WHERE col_id = ? ORDER BY block_no DESC LIMIT 1", colId)) {
            return rows.next() ? Optional.of(entry(rows)) : Optional.empty();
        }
    }

    /** The block before another one. */
    public static Optional<BlockEntry> entryBefore(Session session, long colId, BlockEntry entry) {
        try (Rows rows = session.query(
                ENTRY + "WHERE col_id = ? AND block_no < ? ORDER BY block_no DESC LIMIT 1", colId, entry.blockNo())) {
            return rows.next() ? Optional.of(entry(rows)) : Optional.empty();
        }
    }

    /** The block after another one. */
    public static Optional<BlockEntry> entryAfter(Session session, long colId, BlockEntry entry) {
        try (Rows rows = session.query(
                ENTRY + "WHERE col_id = ? AND block_no > ? ORDER BY block_no LIMIT 1", colId, entry.blockNo())) {
            return rows.next() ? Optional.of(entry(rows)) : Optional.empty();
        }
    }

    /** The blocks of a column that have a bitmap of nulls. */
    static Set<Long> blocksWithNulls(Session session, long colId) {
        Set<Long> ids = new HashSet<>();
        try (Rows rows = session.query(
                "SELECT block_id FROM vault_block_ext WHERE validity IS NOT NULL AND block_id IN "
                        + "(SELECT block_id FROM kvault_col_blocks WHERE col_id = ?)",
                colId)) {
            while (rows.next()) {
                ids.add(rows.getLong(0));
            }
        }
        return ids;
    }

    /** Those of them that hold rows of [from, to). */
    public static Set<Long> blocksWithNulls(Session session, long colId, long from, long to) {
        Set<Long> ids = new HashSet<>();
        if (!hasExtensions(session)) {
            return ids;
        }
        try (Rows rows = session.query(
                "SELECT e.block_id FROM kvault_col_blocks b JOIN vault_block_ext e USING (block_id) "
                        + "WHERE e.validity IS NOT NULL AND b.col_id = ?1 AND b.first_row < ?3 AND b.first_row >= "
                        + "(SELECT max(first_row) FROM kvault_col_blocks WHERE col_id = ?1 AND first_row <= ?2)",
                colId,
                from,
                to)) {
            while (rows.next()) {
                ids.add(rows.getLong(0));
            }
        }
        return ids;
    }

    private static BlockEntry entry(Rows rows) {
        return new BlockEntry(
                rows.getLong(0),
                rows.getLong(1),
                rows.getLong(2),
                rows.getInt(3),
                rows.getInt(4),
                rows.getInt(5),
                rows.getInt(6));
    }

    /** The number of a column's last block, -1 where it has none. */
    static long lastBlockNo(Session session, long colId) {
        Long last =
                session.queryLong("SELECT coalesce(max(block_no), -1) FROM kvault_col_blocks WHERE col_id = ?", colId);
        return last == null ? -1 : last;
    }
}
