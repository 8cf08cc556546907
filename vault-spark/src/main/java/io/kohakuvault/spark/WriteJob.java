package io.kohakuvault.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Where and how a writing goes, checked before a row is written. */
final class WriteJob {
    /** Set by {@link #run} for the writing that it starts: Spark asks one table of modes, and not whether it may. */
    static final String CHECKED = "__kohakuvault.mode";

    private static final String PARTITION_COLUMNS = "__partition_columns";

    private WriteJob() {}

    /** Does what {@code df.write().mode(mode).save(path)} asks for. */
    static void run(Dataset<Row> data, SaveMode mode, SourceOptions options) {
        Path path = target(options);
        boolean exists = exists(path);
        if (exists && mode == SaveMode.Ignore) {
            return;
        } else if (exists && mode == SaveMode.ErrorIfExists) {
            throw new IllegalArgumentException(
                    path + " exists already: write with mode append, overwrite or ignore, or give another path");
        } else if (exists && mode == SaveMode.Append && isOneFile(path)) {
            throw new IllegalArgumentException(path
                    + " exists already, and one file is not appended to: give a directory, to which files are added");
        }
        task(data.schema(), options, "", mode == SaveMode.Overwrite); // throws what is wrong with the schema
        Dataset<Row> written = isOneFile(path) ? data.coalesce(1) : data;
        written.write()
                .format("kohakuvault")
                .options(options.asMap())
                .option(CHECKED, mode == SaveMode.Overwrite ? "overwrite" : "append")
                .mode(SaveMode.Append)
                .save(); // the path is among the options
    }

    /** The one path of a writing. */
    private static Path target(SourceOptions options) {
        List<String> paths = options.paths();
        if (paths.size() != 1) {
            throw new IllegalArgumentException("give one path to write to, not " + paths);
        } else if (options.kind() != SourceOptions.Kind.TABLE) {
            throw new IllegalArgumentException("tables are written, not "
                    + options.kind().name().toLowerCase(Locale.ROOT) + ": leave option kind out");
        }
        return SourceFiles.local(paths.get(0));
    }

    private static boolean isOneFile(Path path) {
        return path.toString().endsWith(".db") && !Files.isDirectory(path);
    }

    private static boolean exists(Path path) {
        if (!Files.isDirectory(path)) {
            return Files.exists(path);
        }
        return !SourceFiles.find(List.of(path.toString())).isEmpty();
    }

    /**
     * What the tasks are told.
     *
     * @param job the name of the job or stream, empty for a new one
     * @param overwrites whether what is there goes, and so need not be looked at
     */
    static WriteTask task(StructType types, SourceOptions options, String job, boolean overwrites) {
        Path path = target(options);
        String table = options.tableToWrite();
        Content.Kind.TABLE.checkName(table);
        boolean isOneFile = isOneFile(path);
        Path directory = isOneFile ? Objects.requireNonNull(path.getParent(), "a path of a file") : path;
        if (Files.isRegularFile(directory)) {
            throw new IllegalArgumentException(directory + " is a file, and not a directory to write into");
        }
        List<String> partitionBy = partitionColumns(options.get(PARTITION_COLUMNS), types);
        if (isOneFile && !partitionBy.isEmpty()) {
            throw new IllegalArgumentException(path + " is one file: partitionBy makes directories, give one");
        }
        List<FileInfo> existing = overwrites || isOneFile || !Files.isDirectory(directory)
                ? List.of()
                : new TableFiles(options).look(SourceFiles.find(List.of(directory.toString())));
        Schema schema = WriteSchema.of(types, options, existing);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": cannot be made: " + e.getMessage(), e);
        }
        return new WriteTask(
                job.isEmpty() ? UUID.randomUUID().toString() : job,
                directory.toString(),
                isOneFile ? String.valueOf(path.getFileName()) : "",
                table,
                types,
                WriteTask.texts(schema),
                new ArrayList<>(partitionBy),
                options.guards(),
                SparkSession.active().conf().get("spark.sql.session.timeZone"));
    }

    /** The columns to partition by under the names that they have. */
    private static List<String> partitionColumns(@Nullable String json, StructType types) {
        if (json == null) {
            return List.of();
        }
        List<String> columns = new ArrayList<>();
        try {
            for (String name : new ObjectMapper().readValue(json, String[].class)) {
                columns.add(partitionColumn(name, types));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the columns to partition by are no list of texts: " + json, e);
        }
        return columns;
    }

    private static String partitionColumn(String name, StructType types) {
        StructField field = ColumnNames.ofSession()
                .find(List.of(types.fields()), StructField::name, name)
                .orElseThrow(() -> new IllegalArgumentException("there is no column '" + name
                        + "' to partition by, there are " + Arrays.toString(types.fieldNames())));
        DataType type = field.dataType();
        if (type instanceof ArrayType || type instanceof MapType || type instanceof StructType) {
            throw new IllegalArgumentException("column '" + field.name() + "' is " + type.simpleString()
                    + ", by which no directory can be named: partition by another one");
        }
        return field.name();
    }
}
