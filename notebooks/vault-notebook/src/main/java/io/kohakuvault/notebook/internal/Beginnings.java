package io.kohakuvault.notebook.internal;

import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.text.TextDocument;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The first key-values, documents and vectors, and how many there are. */
public final class Beginnings {
    private Beginnings() {}

    public static Rendered of(KvReader entries) {
        List<Object[]> rows = new ArrayList<>();
        for (KvEntry entry : entries.scan(KvRange.all().limit(Grid.HEAD))) {
            Object value = entries.findValue(entry.key()).orElse(null);
            rows.add(new Object[] {key(entry.key()), value});
        }
        return grid(
                "Key-values " + entries.name(),
                List.of(new Grid.Column("key", ""), new Grid.Column("value", "")),
                rows,
                entries.count());
    }

    /** As text where it is one. */
    private static Object key(byte[] key) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            return key;
        }
    }

    public static Rendered of(TextReader documents) {
        List<Grid.Column> columns = new ArrayList<>();
        columns.add(new Grid.Column("id", ""));
        documents.columns().forEach(name -> columns.add(new Grid.Column(name, "")));
        columns.add(new Grid.Column("value", ""));
        List<Object[]> rows = new ArrayList<>();
        for (TextDocument document : documents.scan()) {
            if (rows.size() == Grid.HEAD) {
                break;
            }
            List<Object> row = new ArrayList<>();
            row.add(document.id());
            row.addAll(document.texts());
            row.add(document.value().orElse(null));
            rows.add(row.toArray());
        }
        return grid("Documents " + documents.name(), columns, rows, documents.count());
    }

    public static Rendered of(VectorReader vectors) {
        List<Object[]> rows = new ArrayList<>();
        for (StoredVector vector : vectors.scan()) {
            if (rows.size() == Grid.HEAD) {
                break;
            }
            rows.add(new Object[] {vector.id(), vector.vector(), vector.value().orElse(null)});
        }
        return grid(
                "Vectors " + vectors.name() + ", " + vectors.dimensions() + " dimensions, " + vectors.metric(),
                List.of(new Grid.Column("id", ""), new Grid.Column("vector", ""), new Grid.Column("value", "")),
                rows,
                vectors.count());
    }

    private static Rendered grid(String title, List<Grid.Column> columns, List<Object[]> rows, long count) {
        String note = count > rows.size() ? "the first " + rows.size() + " are shown" : "";
        return new Grid(title, columns, rows, List.of(), count, note)
                .unnumbered()
                .render();
    }
}
