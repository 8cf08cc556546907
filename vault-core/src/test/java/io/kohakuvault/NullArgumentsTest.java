package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.BooleanColumn;
import io.kohakuvault.column.BytesColumn;
import io.kohakuvault.column.ColumnCatalog;
import io.kohakuvault.column.ColumnVault;
import io.kohakuvault.column.DoubleColumn;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.column.StrColumn;
import io.kohakuvault.column.ValueColumn;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.maintenance.Maintenance;
import io.kohakuvault.offset.OffsetLedger;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Table;
import io.kohakuvault.table.TableCatalog;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.table.Tables;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A null where none is taken is refused in every public method, at once, by an exception that says something. */
class NullArgumentsTest {
    @TempDir
    Path folder;

    @Test
    void aNullIsRefusedAtOnce() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.kv("kv").put(new byte[] {1}, new byte[] {1});
            vault.columns().ensure("longs", DType.I64).append(1);
            vault.tables()
                    .ensure("t", schema -> schema.nullable("a", DType.I64).nullable("b", DType.STR))
                    .append(row -> row.set("a", 1L));
            vault.text("docs").insert("made of text", "x");
            vault.vectors("vecs", VectorOptions.l2(2)).insert(new float[] {1, 2}, "x");
            try (Snapshot snapshot = vault.snapshot()) {
                for (int seed = 0; seed < 6; seed++) {
                    calls(seed, vault, snapshot).withNulls((call, thrown) -> {
                        boolean another = thrown instanceof IndexOutOfBoundsException
                                || thrown instanceof IllegalStateException
                                || thrown instanceof IllegalArgumentException; // something else is wrong with the call
                        boolean refused = another
                                || (thrown instanceof NullPointerException
                                        && (thrown.getMessage() != null
                                                || thrown.getStackTrace().length
                                                        == 0)); // the JVM leaves both out of what comes often
                        if (!refused) {
                            wrong.add(call + ": " + thrown
                                    + (thrown == null
                                            ? ""
                                            : " at "
                                                    + Arrays.asList(thrown.getStackTrace()).stream()
                                                            .findFirst()));
                        }
                    });
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private EveryCall calls(long seed, Vault vault, Snapshot snapshot) {
        EveryCall calls = new EveryCall(seed, folder, Set.of("close", "equals"));
        calls.on(Vault.class, () -> vault);
        calls.on(KVault.class, () -> vault.kv("kv"));
        calls.on(ColumnVault.class, vault::columns);
        calls.on(LongColumn.class, () -> vault.columns().ensure("longs", DType.I64));
        calls.on(StrColumn.class, () -> vault.columns().ensure("strs", DType.STR));
        calls.on(DoubleColumn.class, () -> vault.columns().ensure("doubles", DType.F64));
        calls.on(BooleanColumn.class, () -> vault.columns().ensure("bools", DType.BOOL));
        calls.on(BytesColumn.class, () -> vault.columns().ensure("bytes", DType.BYTES));
        calls.on(ValueColumn.class, () -> vault.columns().ensure("values", DType.MSGPACK));
        calls.on(Tables.class, vault::tables);
        calls.on(
                Table.class,
                () -> vault.tables()
                        .ensure("t", schema -> schema.nullable("a", DType.I64).nullable("b", DType.STR)));
        calls.on(RowBatch.class, () -> vault.tables().get("t").newBatch());
        calls.on(TextVault.class, () -> vault.text("docs"));
        calls.on(VectorKVault.class, () -> vault.vectors("vecs"));
        calls.on(OffsetLedger.class, vault::offsets);
        calls.on(Maintenance.class, vault::maintenance);
        calls.on(Snapshot.class, () -> snapshot);
        calls.on(KvReader.class, () -> snapshot.kv("kv"));
        calls.on(ColumnCatalog.class, snapshot::columns);
        calls.on(TableCatalog.class, snapshot::tables);
        calls.on(TableReader.class, () -> snapshot.tables().get("t"));
        calls.on(TextReader.class, () -> snapshot.text("docs"));
        calls.on(VectorReader.class, () -> snapshot.vectors("vecs"));
        return calls;
    }
}
