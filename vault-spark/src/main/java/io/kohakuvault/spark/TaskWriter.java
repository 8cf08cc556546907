package io.kohakuvault.spark;

import io.kohakuvault.VaultOptions;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Writes what one task is given into a file, or one for each directory. Belongs to its task's thread. */
final class TaskWriter implements DataWriter<InternalRow> {
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    /** A batch is handed over when it has so many bytes. */
    private static final long BATCH_BYTES = 4 << 20;

    private static final int ROWS_BETWEEN_LOOKS = 16;

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .toFormatter(Locale.ROOT);

    private final WriteTask task;
    private final Schema schema;
    private final RowFiller filler;
    private final ZoneId zone;
    private final Path own;
    private final String name;
    private final List<Integer> partitionOrdinals = new ArrayList<>();
    private final ArrayList<String[]> files = new ArrayList<>();
    private final Map<String, Integer> directories = new HashMap<>();
    private String current = "";
    private @Nullable LoadThread load;
    private @Nullable RowBatch batch;

    TaskWriter(WriteTask task, int partition, long attempt, String epoch) {
        this.task = task;
        this.schema = task.schema();
        this.filler = new RowFiller(task.types(), schema);
        this.zone = DateTimeUtils.getZoneId(task.zone());
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

    /**
     * Begins a file. Spark's order does not put all rows of a directory together: null and an empty text share one, and
     * texts that a collation has for equal do not. A directory that is met again gets another file.
     */
    private void begin(String directory) throws IOException {
        int before = directories.merge(directory, 1, Integer::sum) - 1;
        Path folder = own.resolve(directory);
        CommitLog.makeDirectories(folder);
        String unique = before == 0 ? name : name.replace(".db", "-" + before + ".db");
        Path file = folder.resolve(unique);
        load = new LoadThread(file, VaultOptions.defaults().withGuardNewFiles(task.isGuarded()), task.table(), schema);
        current = directory;
        Path staging = task.staging();
        files.add(new String[] {
            staging.relativize(file).toString(),
            task.target().isEmpty() ? Path.of(directory).resolve(unique).toString() : task.target()
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

    /** A value as a text, as Spark casts it. */
    private String text(InternalRow row, int ordinal, DataType type) {
        if (type instanceof StringType
                || type instanceof BinaryType) { // bytes as Spark casts them, where they are text
            UTF8String value = type instanceof StringType
                    ? row.getUTF8String(ordinal)
                    : UTF8String.fromBytes(row.getBinary(ordinal));
            return Texts.written(task.types().fields()[ordinal].name(), value);
        } else if (type instanceof DateType) {
            return LocalDate.ofEpochDay(row.getInt(ordinal)).toString();
        } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
            Instant instant = Instant.EPOCH.plus(row.getLong(ordinal), ChronoUnit.MICROS);
            LocalDateTime time =
                    LocalDateTime.ofInstant(instant, type instanceof TimestampType ? zone : ZoneOffset.UTC);
            return TIME.format(time);
        }
        String text = String.valueOf(row.get(ordinal, type));
        return text.equals("-0.0") ? "0.0" : text; // which are equal to Spark's order
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
        new CommitLog(Path.of(task.directory())).discard(task.job(), own);
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
