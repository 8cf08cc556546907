package io.kohakuvault.spark;

import io.kohakuvault.VaultOptions;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StringType;
import org.jspecify.annotations.Nullable;

/** Writes what one task is given into a file, or one for each directory. Belongs to its task's thread. */
final class TaskWriter implements DataWriter<InternalRow> {
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    /** A batch is handed over when it has so many bytes. */
    private static final long BATCH_BYTES = 4 << 20;

    private static final int ROWS_BETWEEN_LOOKS = 16;

    private final WriteTask task;
    private final Schema schema;
    private final RowFiller filler;
    private final Path own;
    private final String name;
    private final List<Integer> partitionOrdinals = new ArrayList<>();
    private final ArrayList<String[]> files = new ArrayList<>();
    private final Set<String> directories = new HashSet<>();
    private String current = "";
    private @Nullable LoadThread load;
    private @Nullable RowBatch batch;

    TaskWriter(WriteTask task, int partition, long attempt, String epoch) {
        this.task = task;
        this.schema = task.schema();
        this.filler = new RowFiller(task.types(), schema);
        this.own = task.staging().resolve(String.format(Locale.ROOT, "%05d-%d", partition, attempt));
        this.name = String.format(
                Locale.ROOT, "part-%s%05d-%s.db", epoch, partition, task.job().substring(0, 8));
        for (String column : task.partitionBy()) {
            partitionOrdinals.add(task.types().fieldIndex(column));
        }
    }

    @Override
    public void write(InternalRow row) throws IOException {
        String directory = partitionOrdinals.isEmpty() ? "" : directory(row);
        if (load == null || !directory.equals(current)) {
            endFile();
            begin(directory);
        }
        RowBatch filled = batch;
        if (filled == null) {
            filled = next();
        }
        filled.add(writer -> filler.fill(row, writer));
        if (filled.rowCount() % ROWS_BETWEEN_LOOKS == 0 && filled.sizeBytes() >= BATCH_BYTES && load != null) {
            load.append(filled);
            batch = null;
        }
    }

    private RowBatch next() {
        if (load == null) {
            throw new IllegalStateException("no file");
        }
        RowBatch next = load.next();
        batch = next;
        return next;
    }

    private void begin(String directory) throws IOException {
        if (!directories.add(directory)) {
            throw new IllegalStateException("rows of " + directory + " do not stand together");
        }
        Path folder = own.resolve(directory);
        Files.createDirectories(folder);
        Path file = folder.resolve(name);
        load = new LoadThread(file, VaultOptions.defaults().withGuardNewFiles(task.isGuarded()), task.table(), schema);
        current = directory;
        Path staging = task.staging();
        files.add(new String[] {
            staging.relativize(file).toString(),
            task.target().isEmpty() ? Path.of(directory).resolve(name).toString() : task.target()
        });
    }

    private void endFile() {
        LoadThread ended = load;
        if (ended != null) {
            ended.finish(batch);
            load = null;
            batch = null;
        }
    }

    /** The directories of a row, named as Hive does. */
    private String directory(InternalRow row) {
        StringBuilder directory = new StringBuilder();
        for (int ordinal : partitionOrdinals) {
            DataType type = task.types().fields()[ordinal].dataType();
            String value = row.isNullAt(ordinal) ? NULL : text(row, ordinal, type);
            String column = escaped(task.types().fields()[ordinal].name());
            directory
                    .append(directory.isEmpty() ? "" : "/")
                    .append(column.startsWith(".") ? "%2E" + column.substring(1) : column) // not for readers otherwise
                    .append('=')
                    .append(value.isEmpty() ? NULL : escaped(value));
        }
        return directory.toString();
    }

    private static String text(InternalRow row, int ordinal, DataType type) {
        if (type instanceof StringType) {
            return row.getString(ordinal);
        } else if (type instanceof DateType) {
            return java.time.LocalDate.ofEpochDay(row.getInt(ordinal)).toString();
        }
        return String.valueOf(row.get(ordinal, type));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean isPlain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-_. +@".indexOf(c) >= 0;
            if (isPlain) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return escaped.toString();
    }

    @Override
    public WriterCommitMessage commit() {
        endFile();
        return new WriteTask.Written(files);
    }

    @Override
    public void abort() throws IOException {
        close();
        CommitLog.deleteTree(own);
    }

    @Override
    public void close() {
        LoadThread open = load;
        load = null;
        batch = null;
        if (open != null) {
            open.close();
        }
    }
}
