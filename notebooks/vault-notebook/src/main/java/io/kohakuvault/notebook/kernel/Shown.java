package io.kohakuvault.notebook.kernel;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.column.ColumnReader;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.notebook.Show;
import io.kohakuvault.notebook.View;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.VectorReader;
import java.sql.ResultSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.arrow.vector.VectorSchemaRoot;

/** What kernels are told to ask us about, and what we answer; the rest of a kernel's class is its own types. */
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

    /**
     * Shows a value.
     *
     * @param text offers the kernel the text
     * @param html offers it HTML; not called for lists that are not of hits or rows, which stay what the kernel shows
     */
    static void render(Object value, Consumer<Supplier<Object>> text, Consumer<Supplier<Object>> html) {
        // A result of SQL can be read once: the HTML and the text are of one view.
        View view = Show.known(value).orElseGet(() -> View.of("", String.valueOf(value)));
        text.accept(view::text);
        if (!view.html().isEmpty()) {
            html.accept(view::html);
        }
    }
}
