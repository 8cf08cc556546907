package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The first point in time that a unit has, which stands in a second that begins before it. */
class FirstTimestampTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = TimeUnit.class,
            names = {"MS", "US", "NS"})
    void whatIsReadCanBeWrittenAndAskedFor(TimeUnit unit) {
        try (Vault vault = Vault.open(folder.resolve("v.db"))) {
            Table table = vault.tables().ensure("t", s -> s.timestamp("at", unit));
            table.append(row -> row.set("at", Long.MIN_VALUE));
            Instant first = table.rows(0, 1).get(0).getInstant("at");
            table.append(row -> row.setObject("at", first));
            assertThat(table.rows(1, 2).get(0).getInstant("at")).isEqualTo(first);
            int found = 0;
            for (Row row : table.scan(Filter.equal("at", first), "at")) {
                assertThat(row.getInstant("at")).isEqualTo(first);
                found++;
            }
            assertThat(found).isEqualTo(2);
        }
    }
}
