package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The columns of tables as snapshots hand them on. */
class SnapshotTablesTest {
    @TempDir
    Path folder;

    @AfterEach
    void stopCounting() {
        Session.hook(null);
    }

    private static List<String> columns(Snapshot snapshot, String table) {
        return snapshot.blocks().table(table).stream()
                .map(c -> c.name() + " " + c.length())
                .toList();
    }

    @Test
    void eachSnapshotHasTheColumnsOfItsState() {
        try (Vault vault = Vault.open(folder.resolve("a.db"));
                Vault other = Vault.open(folder.resolve("a.db"))) {
            Table table = vault.tables().ensure("t", s -> s.column("a", DType.I64));
            try (Snapshot empty = vault.snapshot()) {
                assertThat(columns(empty, "t")).containsExactly("a 0");
                table.append(r -> r.set("a", 1));
                try (Snapshot one = vault.snapshot()) {
                    assertThat(columns(one, "t")).containsExactly("a 1");
                    other.tables().get("t").addColumn(SchemaColumn.of("b", DType.STR, true));
                    try (Snapshot two = vault.snapshot()) {
                        assertThat(columns(two, "t")).containsExactly("a 1", "b 1");
                        other.tables().rename("t", "u");
                        other.tables().ensure("t", s -> s.column("x", DType.F64));
                        try (Snapshot three = vault.snapshot()) {
                            assertThat(columns(three, "t")).containsExactly("x 0");
                            assertThat(columns(three, "u")).containsExactly("a 1", "b 1");
                            assertThat(vault.tables().delete("t")).isTrue();
                            try (Snapshot four = vault.snapshot()) {
                                assertThatThrownBy(() -> columns(four, "t"))
                                        .isInstanceOf(NoSuchElementException.class)
                                        .hasMessageContaining("there is no table 't', there are [u]");
                            }
                            assertThat(columns(three, "t")).containsExactly("x 0");
                        }
                        assertThat(columns(two, "t")).containsExactly("a 1", "b 1");
                    }
                }
                assertThat(columns(empty, "t")).containsExactly("a 0");
            }
        }
    }

    @Test
    void oneOfAThousandColumnsCostsNoQueryForEach() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.tables().ensure("t", s -> {
                for (int i = 0; i < 1000; i++) {
                    s.column("c" + i, DType.I64);
                }
            });
            AtomicInteger queries = new AtomicInteger();
            Session.hook(sql -> queries.incrementAndGet());
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(snapshot.blocks().table("t")).hasSize(1000);
            }
            assertThat(queries).hasValueLessThan(50);
            int first = queries.getAndSet(0);
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(snapshot.blocks().table("t"))
                        .extracting(ColumnBlocks::name)
                        .contains("c999");
            }
            assertThat(queries.get()).isLessThan(first);
        }
    }
}
