package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days in milliseconds that are none, and types of which a table has no such. */
class ImportedTimesTest {
    private static final long DAY = 86_400_000;

    @TempDir
    Path folder;

    /** Imports a column, into whose vector milliseconds are set where it is of days. */
    private long imported(Vault vault, Field field, long... millis) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BufferAllocator allocator = VaultArrow.allocator()) {
            try (VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(List.of(field)), allocator);
                    ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
                root.allocateNew();
                for (int i = 0; i < millis.length; i++) {
                    ((DateMilliVector) root.getVector(0)).setSafe(i, millis[i]);
                }
                root.setRowCount(millis.length);
                writer.writeBatch();
            }
            try (ArrowStreamReader reader =
                    new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
                return ArrowImport.of(reader).into(vault, "t");
            }
        }
    }

    @Test
    void timesOfDaysAreRefusedAndNotCut() throws IOException {
        Field days = Field.nullable("day", new ArrowType.Date(DateUnit.MILLISECOND));
        try (Vault vault = Vault.open(folder.resolve("v.db"))) {
            assertThat(imported(vault, days, 0, -DAY, DAY)).isEqualTo(3);
            assertThat(vault.tables().get("t").rows(1, 2).get(0).getDate("day")).isEqualTo(LocalDate.of(1969, 12, 31));
            for (long time : new long[] {1, -1, DAY + 1, Long.MAX_VALUE}) {
                assertThatThrownBy(() -> imported(vault, days, 0, time))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("column 'day', row 1: it is no day, but has a time: " + time);
            }
            assertThat(vault.tables().get("t").length()).isEqualTo(3);
        }
    }

    @Test
    void typesThatNoTableHasAreNamedWithTheirColumn() {
        try (Vault vault = Vault.open(folder.resolve("v.db"))) {
            for (ArrowType type : List.of(
                    new ArrowType.Timestamp(TimeUnit.MICROSECOND, "Nowhere/Land"),
                    new ArrowType.Timestamp(TimeUnit.SECOND, ""),
                    new ArrowType.Decimal(2, 5, 128))) {
                assertThatThrownBy(() -> imported(vault, Field.nullable("odd one", type)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("column 'odd one' is " + type);
            }
            assertThat(vault.tables().list()).isEmpty();
        }
    }
}
