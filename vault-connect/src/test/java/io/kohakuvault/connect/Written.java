package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a sink has written into the table {@code events} of a file. */
final class Written {
    private Written() {}

    /** A column's numbers in the order of the rows; none while there is no file or no table. */
    static List<Long> numbers(Path file, String column) {
        List<Long> numbers = new ArrayList<>();
        if (Files.exists(file)) {
            try (Vault vault = Vault.openReadOnly(file)) {
                vault.tables()
                        .find("events")
                        .ifPresent(table -> table.scan(column).forEach(row -> numbers.add(row.getLong(column))));
            }
        }
        return numbers;
    }

    static long rows(Path file) {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Vault vault = Vault.openReadOnly(file)) {
            return vault.tables().find("events").map(t -> t.length()).orElse(0L);
        }
    }
}
