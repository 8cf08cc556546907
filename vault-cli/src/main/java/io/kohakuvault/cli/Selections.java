package io.kohakuvault.cli;

import io.kohakuvault.maintenance.Content;
import io.kohakuvault.tabular.internal.ColumnTypes;
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

    static void check(FileCommand command, Content content, String columns, List<String> where) {
        if (content.kind() != Content.Kind.TABLE && (columns != null || !where.isEmpty())) {
            throw command.wrong((columns != null ? "--columns" : "--where") + " is for tables, and '" + content.name()
                    + "' is none");
        }
    }
}
