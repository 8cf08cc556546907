package io.kohakuvault.tabular.internal;

import io.kohakuvault.Vault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds JSON lines to a table of documents or vectors, all or none. Their ids are given anew. Not thread-safe.
 *
 * @param <T> what a line becomes
 */
public abstract class LineLoader<T> {
    private static final int BATCH_LINES = 1 << 10;
    private static final int HEARD_LINES = 1 << 6;
    private static final String ID = "id";

    private final TextInput input;
    private final Consumer<String> notes;
    private final String valueField;

    private final List<Read<T>> batch = new ArrayList<>();
    private boolean otherIds;

    /**
     * What a line has become.
     *
     * @param id the one that it had, null when it says none
     */
    private record Read<T>(
            T item, long line, long row, @Nullable String id) {}

    LineLoader(TextInput input, String valueField, Consumer<String> notes) {
        this.input = input;
        this.valueField = valueField;
        this.notes = notes;
    }

    /** Opens the table in the transaction of the load, or says how it is made, by what the first line has. */
    abstract void open(Vault vault, Map<String, @Nullable Object> first);

    /** Whether a table that is there takes a load of nothing. */
    abstract boolean isThere(Vault vault);

    /** What a line says, which has neither id nor value any more. */
    abstract T item(Map<String, @Nullable Object> fields, @Nullable Object value);

    /** Adds what has been gathered; answers the new ids. */
    abstract long[] add(List<T> items);

    /** What a line is called in messages. */
    abstract String noun();

    String valueField() {
        return valueField;
    }

    static boolean isId(String field) {
        return field.equals(ID);
    }

    /**
     * Adds all lines in one transaction.
     *
     * @param vault what is written to
     * @param heard called now and then; what it throws ends the load, and nothing is added
     * @return how many there were
     * @throws IOException when the input cannot be read
     * @throws IllegalArgumentException when a line cannot be read or does not fit; the message says which
     */
    public long load(Vault vault, Runnable heard) throws IOException {
        if (input.isFileOf(vault.path())) { // closing a stream of it would drop SQLite's locks of this process
            throw new IllegalArgumentException(
                    input.name() + " is the vault itself, and no text; nothing was imported");
        }
        long rows = vault.compute(() -> fill(vault, heard));
        if (otherIds) {
            notes.accept("the " + noun() + "s have got new ids, not those that the input says");
        }
        return rows;
    }

    private long fill(Vault vault, Runnable heard) throws IOException {
        try (JsonLinesReader lines = new JsonLinesReader(input.all(), JsonFaults.OF_LINES)) {
            long row = 0;
            long written = 0; // bytes of the input
            while (next(lines, row + 1)) {
                row++;
                take(vault, lines, row);
                if (batch.size() == BATCH_LINES || lines.offset() - written > MemoryShare.batchBytes() / 4) {
                    write();
                    written = lines.offset();
                }
                if (row % HEARD_LINES == 0) {
                    heard.run();
                }
            }
            if (row == 0 && !isThere(vault)) {
                throw new IllegalArgumentException(input.name() + ": has no lines, and a table is made with its first "
                        + noun() + "; nothing was imported");
            }
            write();
            return row;
        }
    }

    private boolean next(JsonLinesReader lines, long row) throws IOException {
        try {
            return lines.next();
        } catch (RecordException e) {
            throw refused(lines.line(), row, e);
        }
    }

    private IllegalArgumentException refused(long line, long row, IllegalArgumentException e) {
        return new IllegalArgumentException(
                input.name() + ", line " + line + ": " + noun() + " " + row + ": " + e.getMessage()
                        + "; nothing was imported",
                e);
    }

    private void take(Vault vault, JsonLinesReader lines, long row) {
        try {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            for (int i = 0; i < lines.size(); i++) {
                fields.put(lines.name(i), StructureConverters.tree(lines.cell(i)));
            }
            Object value = ValueJson.value(fields.remove(valueField));
            String id = id(fields);
            if (row == 1) {
                open(vault, fields);
            }
            batch.add(new Read<>(item(fields, value), lines.line(), row, id));
        } catch (IllegalArgumentException e) {
            throw refused(lines.line(), row, e);
        }
    }

    /** What export writes; an id of another kind is somebody's own, and must not get lost. */
    private static @Nullable String id(Map<String, @Nullable Object> fields) {
        Object id = fields.remove(ID);
        if (id != null
                && !(id instanceof JsonTree.Digits digits && digits.text().matches("[0-9]+"))) {
            throw new RecordException("its id '" + Cell.shorten(String.valueOf(id))
                    + "' is none that a table gives; have it stored as the value, or leave it out");
        }
        return id == null ? null : id.toString();
    }

    private void write() {
        long[] ids;
        try {
            ids = add(batch.stream().map(Read::item).toList());
        } catch (IllegalArgumentException e) {
            for (Read<T> read : batch) { // which of them? what is added meanwhile is undone with all
                try {
                    add(List.of(read.item));
                } catch (IllegalArgumentException ofThis) {
                    throw refused(read.line, read.row, ofThis);
                }
            }
            throw e;
        }
        for (int i = 0; i < ids.length; i++) {
            String before = batch.get(i).id;
            otherIds |= before != null && !before.equals(Long.toString(ids[i]));
        }
        batch.clear();
    }
}
