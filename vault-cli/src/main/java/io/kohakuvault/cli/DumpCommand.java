package io.kohakuvault.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.text.TextDocument;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorReader;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "dump",
        description = {
            "Prints everything as JSON, one object a line, so that another program can compare it: values say what they are, floats are given by their bits.",
            "A column's sha256 is over its elements' bytes one after the other, those of variable size each behind its length as a little-endian u32; migrating a column of KohakuVault 0.x does not change it.",
            "What cannot be read is a line with an \"error\" and makes the exit code 1; the rest is printed all the same."
        })
final class DumpCommand extends FileCommand {
    private static final HexFormat HEX = HexFormat.of();

    /** A value may be nested 512 deep; each list is an object with a list in it here. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(4 * 512).build())
            .build();

    /** Kinds of content as the lines name them. */
    enum Kind {
        kv,
        columns,
        text,
        vector
    }

    @Option(names = "--json", description = "as JSON lines; there is no other form yet", required = true)
    boolean json;

    @Option(names = "--only", description = "only this kind: ${COMPLETION-CANDIDATES}")
    Kind only;

    @Option(names = "--name", description = "only the table or column of this name")
    String name;

    @Option(names = "--no-values", description = "columns without their values, by their SHA-256 alone")
    boolean noValues;

    @Option(
            names = "--guess",
            defaultValue = "better",
            description =
                    "how eight bytes are taken for an integer or a float: better, or original as KohakuVault does it")
    NumberGuess guess;

    private boolean failed;

    @Override
    protected int run() throws IOException {
        VaultOptions options = VaultOptions.defaults().withNumberGuess(guess);
        boolean found = name == null;
        try (Vault vault = read(options);
                Snapshot snapshot = vault.snapshot()) {
            for (Content content : vault.contents().list()) {
                if (name != null && !name.equals(content.name())) {
                    continue;
                }
                found = true;
                switch (content.kind()) {
                    case KEY_VALUES -> dump(Kind.kv, content, () -> keyValues(snapshot, content.name()));
                    case COLUMN, LEGACY_COLUMN -> dump(Kind.columns, content, () -> column(snapshot, content));
                    case DOCUMENTS -> dump(Kind.text, content, () -> documents(snapshot, content));
                    case VECTORS -> dump(Kind.vector, content, () -> vectors(snapshot, content.name()));
                    default -> {}
                }
            }
        }
        out().flush();
        if (!found) {
            throw new NoSuchElementException(
                    file + ": has nothing of the name " + name + "; 'vault ls' lists what it has");
        }
        return failed ? 1 : 0;
    }

    private interface Dumping {
        void run() throws IOException;
    }

    private void dump(Kind kind, Content content, Dumping dumping) throws IOException {
        if (only != null && only != kind) {
            return;
        }
        try {
            dumping.run();
        } catch (VaultException | IllegalArgumentException | NoSuchElementException e) {
            failed(kind == Kind.columns ? "column" : kind.name(), content.name(), null, e);
        }
    }

    private void failed(String kind, String what, String key, Exception e) throws IOException {
        Interruption.check(); // else what is whole would be reported as damaged
        failed = true;
        line(out -> {
            out.writeStringField("kind", kind);
            out.writeStringField("name", what);
            if (key != null) {
                out.writeStringField(kind.equals("kv") ? "key" : "id", key);
            }
            out.writeStringField("error", String.valueOf(e.getMessage()));
        });
    }

    /** What stands in a line. */
    interface Line {
        void write(JsonGenerator out) throws IOException;
    }

    private void line(Line line) throws IOException {
        print(text(line));
    }

    static String text(Line line) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            line.write(out);
            out.writeEndObject();
        }
        return text.toString();
    }

    private void print(String line) {
        Interruption.check();
        out().print(line);
        out().print('\n');
    }

    /**
     * Written as it is read: a column may be larger than the memory. What fails half way is reported in a separate
     * line.
     */
    private void column(Snapshot snapshot, Content content) throws IOException {
        ColumnDump dump = new ColumnDump(snapshot, content);
        String sha256 = dump.sha256();
        if (noValues) {
            line(out -> dump.describe(out, sha256));
            return;
        }
        dump.check();
        JsonGenerator generator = JSON.createGenerator(out())
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
        generator.writeStartObject();
        dump.describe(generator, sha256);
        generator.writeArrayFieldStart("values");
        dump.values(generator);
        generator.writeEndArray();
        generator.writeEndObject();
        generator.close();
        out().print('\n');
    }

    private void keyValues(Snapshot snapshot, String table) throws IOException {
        KvReader kv = snapshot.kv(table);
        for (byte[] key : kv.keys(KvRange.all())) {
            String hex = HEX.formatHex(key);
            try {
                Object value = kv.findValue(key).orElse(null);
                line(out -> {
                    out.writeStringField("kind", "kv");
                    out.writeStringField("table", table);
                    out.writeStringField("key", hex);
                    out.writeFieldName("value");
                    TaggedJson.write(out, value);
                });
            } catch (VaultException | IllegalArgumentException e) {
                failed("kv", table, hex, e);
            }
        }
    }

    private void documents(Snapshot snapshot, Content content) throws IOException {
        TextReader reader = snapshot.text(content.name());
        List<String> columns = reader.columns();
        for (long id : reader.ids()) {
            try {
                TextDocument document = reader.get(id);
                line(out -> {
                    out.writeStringField("kind", "text");
                    out.writeStringField("table", content.name());
                    out.writeStringField("id", Long.toString(id));
                    out.writeObjectFieldStart("texts");
                    for (int i = 0; i < columns.size(); i++) {
                        out.writeStringField(columns.get(i), document.texts().get(i));
                    }
                    out.writeEndObject();
                    out.writeFieldName("value");
                    TaggedJson.write(out, document.value().orElse(null));
                });
            } catch (VaultException | IllegalArgumentException | NoSuchElementException e) {
                failed("text", content.name(), Long.toString(id), e);
            }
        }
    }

    private void vectors(Snapshot snapshot, String table) throws IOException {
        VectorReader reader = snapshot.vectors(table);
        for (long id : reader.ids()) {
            try {
                StoredVector stored = reader.get(id);
                line(out -> {
                    out.writeStringField("kind", "vector");
                    out.writeStringField("table", table);
                    out.writeStringField("id", Long.toString(id));
                    out.writeStringField("vector", HEX.formatHex(stored.bytes()));
                    out.writeFieldName("value");
                    TaggedJson.write(out, stored.value().orElse(null));
                });
            } catch (VaultException | IllegalArgumentException | NoSuchElementException e) {
                failed("vector", table, Long.toString(id), e);
            }
        }
    }
}
