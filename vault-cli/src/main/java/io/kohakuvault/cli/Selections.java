package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.cli.tabular.ColumnTypes;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.SchemaColumn;
import java.util.List;

/** What head and export have in common about which rows and columns are asked for. */
final class Selections {
    private Selections() {}

    static List<String> names(FileCommand command, String columns) {
        try {
            List<String> names = ColumnTypes.names(columns);
            for (int i = 0; i < names.size(); i++) {
                if (names.indexOf(names.get(i)) < i) {
                    throw new IllegalArgumentException("'" + names.get(i) + "' stands there twice");
                }
            }
            return names;
        } catch (IllegalArgumentException e) {
            throw command.wrong("--columns " + columns + ": " + e.getMessage());
        }
    }

    /** What a column of a table has in place of its nulls is no value: only the table knows which they are. */
    static void checkNulls(Snapshot snapshot, String column) {
        for (String table : snapshot.tables().list()) {
            if (column.startsWith(table + ".")) {
                for (SchemaColumn of : snapshot.tables().get(table).schema().columns()) {
                    if (of.nullable() && column.equals(table + "." + of.name())) {
                        throw new IllegalArgumentException(
                                "'" + column + "' is a column with nulls, which its table knows; say '" + table
                                        + "' with --columns '" + of.name() + "'");
                    }
                }
            }
        }
    }

    static void check(FileCommand command, Content content, String columns, List<String> where) {
        if (content.kind() != Content.Kind.TABLE && (columns != null || !where.isEmpty())) {
            throw command.wrong((columns != null ? "--columns" : "--where") + " is for tables, and '" + content.name()
                    + "' is none");
        }
    }
}
