package io.kohakuvault.notebook.kernel;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.column.ColumnReader;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.notebook.View;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.VectorReader;
import java.sql.ResultSet;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/** What kernels are told to ask us about. */
final class Shown {
    static final List<Class<?>> TYPES = List.of(
            View.class,
            Vault.class,
            Snapshot.class,
            TableReader.class,
            ColumnReader.class,
            KvReader.class,
            TextReader.class,
            VectorReader.class,
            VectorSchemaRoot.class,
            ResultSet.class,
            List.class);

    private Shown() {}

    /** As the kernel would without us: lists that are not of hits. */
    static View plain(Object value) {
        return View.of("", String.valueOf(value));
    }
}
