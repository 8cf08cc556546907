package io.kohakuvault.spark;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that a table is read from, looked at when a query is planned: which there are, their columns and rows.
 * Files that were not written since are not opened again. Thread-safe.
 */
final class TableFiles {
    /** What a column is in its file, in the metadata of Spark's column. */
    static final String TYPE = "kohakuvault.type";

    private static final Logger LOG = LoggerFactory.getLogger(TableFiles.class);

    private final SourceOptions options;
    private final Map<Path, FileInfo> known = new ConcurrentHashMap<>();
    private final Set<Path> foreign = ConcurrentHashMap.newKeySet();

    TableFiles(SourceOptions options) {
        this.options = options;
    }

    SourceOptions options() {
        return options;
    }

    /** The files as they are now, at least one path; none of them when all are left out as damaged. */
    List<FileInfo> look() {
        return look(SourceFiles.list(options.paths()));
    }

    /** One file as it is now; none when it is left out as damaged. */
    List<FileInfo> look(Path path) {
        return look(path, options.ignoresCorruptFiles(), false, TableFiles::opens).stream()
                .toList();
    }

    /**
     * {@link #look()} without opening all of them.
     *
     * @param isLeft whether a file that nobody writes to is not opened; asked with what is known of it then
     */
    List<FileInfo> look(Predicate<FileInfo> isLeft) {
        return look(SourceFiles.list(options.paths()), isLeft);
    }

    /** The first of the files that is a whole one; none when all are left out as damaged. */
    List<FileInfo> lookAtFirst() {
        RuntimeException first = null;
        for (Path path : SourceFiles.list(options.paths())) {
            try {
                Optional<FileInfo> info = look(path, options.ignoresCorruptFiles(), true, TableFiles::opens);
                if (info.isPresent()) {
                    return List.of(info.get());
                }
            } catch (OpenTable.NoTables | VaultException e) {
                if (!isBegun(path, e)) {
                    throw e;
                }
                leftOut(path, e);
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return List.of();
    }

    /** Files that somebody has begun with and that hold nothing yet are left out, unless there are no others. */
    List<FileInfo> look(List<Path> paths) {
        return look(paths, TableFiles::opens);
    }

    private List<FileInfo> look(List<Path> paths, Predicate<FileInfo> isLeft) {
        boolean ignoresCorrupt = options.ignoresCorruptFiles();
        known.keySet().retainAll(paths);
        Queue<RuntimeException> begun = new ConcurrentLinkedQueue<>();
        List<FileInfo> infos = paths.parallelStream()
                .map(path -> {
                    try {
                        return look(path, ignoresCorrupt, true, isLeft);
                    } catch (OpenTable.NoTables | VaultException e) {
                        if (!isBegun(path, e)) {
                            throw e;
                        }
                        leftOut(path, e);
                        begun.add(e);
                        return Optional.<FileInfo>empty();
                    }
                })
                .flatMap(Optional::stream)
                .toList();
        RuntimeException first = begun.peek();
        if (first != null && infos.isEmpty()) {
            throw first;
        }
        return infos;
    }

    /** Says of a file once that it is not read, where that is no matter of time. */
    void leftOut(Path path, RuntimeException e) {
        if (e instanceof OpenTable.NoTables none && none.isForeign() && foreign.add(path)) {
            leftOutForeign(e.getMessage());
        } else {
            LOG.debug("not yet, or no longer: {}", e.getMessage());
        }
    }

    /** @param what which file, and what it is */
    static void leftOutForeign(@Nullable String what) {
        LOG.warn("left out a file that is not a vault: {}", what);
    }

    /** Whether a file that could not be looked at is one that a writer has just made, or that a retention took. */
    static boolean isBegun(Path path, RuntimeException e) {
        return e instanceof OpenTable.NoTables none
                ? none.isEmpty()
                : path.toFile().length() == 0;
    }

    /** Leaves no file unopened. */
    private static boolean opens(FileInfo unopened) {
        return false;
    }

    /**
     * @param isPlanned whether a query follows that needs the file
     * @param isLeft whether the file, when nobody writes to it, is not opened
     */
    private Optional<FileInfo> look(Path path, boolean ignoresCorrupt, boolean isPlanned, Predicate<FileInfo> isLeft) {
        try {
            FileInfo.Stamp stamp = FileInfo.Stamp.of(path);
            FileInfo before = known.get(path);
            String identity = FileInfo.identity(path);
            if (before != null
                    && before.stamp().isSame(stamp)
                    && before.identity().equals(identity)) {
                return Optional.of(before);
            } else if (stamp.isQuiet() && !identity.isEmpty()) {
                FileInfo unopened = FileInfo.unopened(path, identity, stamp);
                if (isLeft.test(unopened)) {
                    return Optional.of(unopened);
                }
            }
            OpenTable table = new OpenTable(path, options.table());
            boolean isKept = false;
            try {
                FileInfo info = table.info(stamp);
                known.put(path, info);
                isKept = isPlanned;
                return Optional.of(info);
            } finally {
                if (isKept) {
                    HeldTables.offer(table, options.table());
                } else {
                    table.close();
                }
            }
        } catch (IOException e) {
            throw new VaultIoException(
                    path + (Files.exists(path) ? ": cannot be read: " + e.getMessage() : ": the file is gone"), e);
        } catch (VaultException e) {
            if (ignoresCorrupt && isDamage(e)) {
                LOG.warn("left out a damaged file: {}", e.getMessage());
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether it is the file that is wrong, and not the way to it or this program's age. */
    static boolean isDamage(VaultException e) {
        return e instanceof VaultCorruptException || e instanceof VaultFormatException;
    }

    /**
     * The columns of all files, in the order in which they are met, under the names that the first file gives them. All
     * of them are nullable: a file that comes later may lack one, and Spark would take its nulls for values.
     *
     * @throws IllegalArgumentException when a column has two types; names both files
     */
    static StructType schema(List<FileInfo> files, ColumnNames names) {
        record Met(FileInfo file, FileInfo last, SchemaColumn column, DataType type) {}
        Map<String, Met> columns = new LinkedHashMap<>();
        for (FileInfo file : files) {
            for (SchemaColumn column : file.columns()) {
                DataType type = SparkTypes.of(column);
                Met met = columns.get(names.key(column.name()));
                if (met == null) {
                    columns.put(names.key(column.name()), new Met(file, file, column, type));
                } else if (met.last.path().equals(file.path())) {
                    throw new IllegalArgumentException(file.path() + ": the columns '" + met.column.name() + "' and '"
                            + column.name() + "' differ in upper and lower case alone: set spark.sql.caseSensitive");
                } else if (!met.type.equals(type)) {
                    throw new IllegalArgumentException("column '" + column.name() + "' is "
                            + met.type.simpleString() + " (" + met.column + ") in " + met.file.path() + " and "
                            + type.simpleString() + " (" + column + ") in " + file.path()
                            + ": give the wider type by schema(…), or read the files apart");
                } else {
                    columns.put(names.key(column.name()), new Met(met.file, file, met.column, type));
                }
            }
        }
        List<StructField> fields = new ArrayList<>();
        columns.values()
                .forEach(met -> fields.add(new StructField(
                        met.column.name(),
                        met.type,
                        true,
                        new MetadataBuilder()
                                .putString(TYPE, met.column.typeToken())
                                .build())));
        return new StructType(fields.toArray(StructField[]::new));
    }

    /** Throws where a column of a file cannot be read as the schema that was given says. */
    static void check(List<FileInfo> files, StructType wanted, ColumnNames names) {
        for (FileInfo file : files) {
            for (StructField field : wanted.fields()) {
                names.find(file.columns(), field.name())
                        .ifPresent(column -> check(file.path(), column, field.dataType()));
            }
        }
    }

    static void check(Path path, SchemaColumn column, DataType wanted) {
        Objects.requireNonNull(column, "column");
        if (!SparkTypes.canRead(column, wanted)) {
            throw new IllegalArgumentException(path + ": column '" + column.name() + "' (" + column
                    + ") cannot be read as " + wanted.simpleString() + ", but as "
                    + SparkTypes.of(column).simpleString());
        }
    }
}
