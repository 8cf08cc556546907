package io.kohakuvault.internal.maintenance;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.ShadowTables;
import io.kohakuvault.internal.sqlite.TableNames;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tables that columns and tables of columns stand in: they are made together, so one that is missing was dropped.
 */
final class FormatTables {
    /** The columns that KohakuVault's tables must have, in this order; its inserts into the data need exactly these. */
    static final Map<String, List<String>> COLUMNS = columns();

    private static final Map<String, List<String>> TABLES = tables();
    private static final Map<String, List<String>> LEGACY = Map.of(
            "col_meta", List.of("col_id", "name", "dtype", "elem_size", "length"),
            "col_chunks", List.of("col_id", "chunk_idx", "data"));
    private static final Map<String, List<String>> OFFSETS =
            Map.of("vault_offsets", List.of("source", "topic", "partition", "epoch", "next_offset"));

    private FormatTables() {}

    private static Map<String, List<String>> columns() {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        columns.put("kvault_col_format", List.of("singleton", "version"));
        columns.put("kvault_col_columns", List.of("col_id", "name", "dtype", "elem_size", "length", "block_bytes"));
        columns.put(
                "kvault_col_blocks",
                List.of(
                        "block_id",
                        "col_id",
                        "block_no",
                        "first_row",
                        "row_count",
                        "used_bytes",
                        "capacity_bytes",
                        "row_capacity"));
        columns.put("kvault_col_data", List.of("block_id", "payload", "offsets"));
        return Collections.unmodifiableMap(columns);
    }

    private static Map<String, List<String>> tables() {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        tables.put("vault_tables", List.of("table_id", "name"));
        tables.put("vault_table_columns", List.of("col_id", "table_id", "ordinal", "name", "logical_type", "nullable"));
        tables.put(
                "vault_block_ext",
                List.of("block_id", "row_count", "validity", "null_count", "min_value", "max_value", "crc32c"));
        return Collections.unmodifiableMap(tables);
    }

    /** What is wrong with them, in words that follow the table's name; empty where there are none. */
    static Map<String, String> faults(Session session) {
        Map<String, String> faults = new LinkedHashMap<>(together(session, COLUMNS));
        faults.putAll(together(session, TABLES));
        return faults;
    }

    /** The same of the columns of KohakuVault 0.x. */
    static Map<String, String> legacyFaults(Session session) {
        return together(session, LEGACY);
    }

    /** The same of the offsets, which are there when a source has delivered. */
    static Map<String, String> offsetFaults(Session session) {
        return session.queryLong("SELECT 1 FROM sqlite_master WHERE name = 'vault_offsets' COLLATE NOCASE") == null
                ? Map.of()
                : ShadowTables.faults(session, OFFSETS);
    }

    /** Of tables that are made together, one that is as it should be says that the others should be there. */
    private static Map<String, String> together(Session session, Map<String, List<String>> needed) {
        Map<String, String> faults = ShadowTables.faults(session, needed);
        return faults.size() < needed.size() ? faults : Map.of();
    }

    /**
     * Which of the directories has nothing in it, though there is what it would name: that is no left-over, but all
     * that there is. For tables without {@link #faults}.
     */
    static Optional<String> emptied(Session session) {
        if (!TableNames.isOrdinary(session, "kvault_col_columns")) {
            return Optional.empty();
        } else if (isEmpty(session, "kvault_col_columns") && !isEmpty(session, "kvault_col_blocks")) {
            return Optional.of("kvault_col_columns is empty, and there are blocks of columns");
        } else if (isEmpty(session, "kvault_col_blocks") && !isEmpty(session, "kvault_col_data")) {
            return Optional.of("kvault_col_blocks is empty, and there are blocks in kvault_col_data");
        }
        return Optional.empty();
    }

    private static boolean isEmpty(Session session, String table) {
        return session.queryLong("SELECT 1 FROM " + table + " LIMIT 1") == null;
    }
}
