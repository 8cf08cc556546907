package io.kohakuvault.spark;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultMovedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadMaxRows;
import org.apache.spark.sql.connector.read.streaming.ReportsSourceMetrics;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows that are appended to files, and new files, batch by batch. Files that are gone are forgotten. Belongs to the
 * thread of its query.
 */
final class VaultStream implements MicroBatchStream, SupportsTriggerAvailableNow, ReportsSourceMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(VaultStream.class);

    private final TableFiles files;
    private final StructType schema;
    private final StructType required;
    private final PartitionReaderFactory readers;
    private final Map<String, FileInfo.Stamp> checked = new HashMap<>();
    private @Nullable Map<String, Long> until;

    /** How many rows each file had when it was looked at last; read by whoever asks how far the query is. */
    private volatile Map<String, Long> there = Map.of();

    VaultStream(TableFiles files, StructType schema, StructType required, PartitionReaderFactory readers) {
        this.files = files;
        this.schema = schema;
        this.required = required;
        this.readers = readers;
    }

    @Override
    public Offset initialOffset() {
        return new StreamOffset(Map.of());
    }

    @Override
    public Offset deserializeOffset(String json) {
        return StreamOffset.parse(json);
    }

    @Override
    public ReadLimit getDefaultReadLimit() {
        long most = files.options().maxRowsPerTrigger();
        return most == Long.MAX_VALUE ? ReadLimit.allAvailable() : ReadLimit.maxRows(most);
    }

    @Override
    public Offset latestOffset() {
        throw new UnsupportedOperationException("asked with the offset before and a limit");
    }

    private List<FileInfo> look() {
        List<FileInfo> infos = new ArrayList<>();
        for (Path path : SourceFiles.find(files.options().paths())) {
            try {
                infos.addAll(files.look(path));
            } catch (OpenTable.NoTables e) {
                files.leftOut(path, e); // else somebody is making the file
            } catch (VaultException e) {
                if (path.toFile().length() > 0) {
                    throw e;
                } // that somebody has just begun with, or that a retention has taken since it was found
            }
        }
        TableFiles.check(infos, schema, ColumnNames.ofSession());
        return infos;
    }

    @Override
    public void prepareForTriggerAvailableNow() {
        Map<String, Long> rows = new HashMap<>();
        look().forEach(info -> rows.put(info.path().toString(), info.rows()));
        until = rows;
    }

    @Override
    public Offset latestOffset(Offset start, ReadLimit limit) {
        StreamOffset before = (StreamOffset) start;
        long left = limit instanceof ReadMaxRows most ? most.maxRows() : Long.MAX_VALUE;
        Map<String, StreamOffset.Position> next = new HashMap<>();
        boolean hasMoved = false;
        List<FileInfo> infos = look();
        there = infos.stream().collect(Collectors.toMap(info -> info.path().toString(), FileInfo::rows));
        for (FileInfo info : infos) {
            String path = info.path().toString();
            StreamOffset.Position position = before.files().get(path);
            if (position != null && isRewritten(info, position)) {
                position = position(info, info.rows(), info.rows()); // what it holds now counts as read
                hasMoved = true;
            }
            Map<String, Long> most = until;
            long end = most == null ? info.rows() : Math.min(info.rows(), most.getOrDefault(path, 0L));
            long read = position == null ? 0 : position.rows();
            long rows = Math.min(left, end - read);
            if (rows > 0) {
                position = position(info, read, read + rows);
                left -= rows;
                hasMoved = true;
            }
            if (position != null) {
                next.put(path, position);
            }
        }
        return hasMoved ? new StreamOffset(next) : before;
    }

    private StreamOffset.Position position(FileInfo info, long from, long rows) {
        try (OpenTable table = new OpenTable(info.path(), files.options().table())) {
            if (table.rows() < rows) {
                throw new VaultMovedException(
                        info.path() + ": rows were removed while the batch was made; start the query again", null);
            }
            return new StreamOffset.Position(
                    from, rows, table.identity(), Fingerprint.of(table, Arrays.asList(schema.fieldNames()), rows));
        }
    }

    /** Whether rows that were read are others now, which ends the query unless it is to go on. */
    private boolean isRewritten(FileInfo info, StreamOffset.Position position) {
        String path = info.path().toString();
        FileInfo.Stamp last = checked.get(path);
        if (last != null && last.isSame(info.stamp())) {
            return false;
        }
        String what = null;
        if (FileInfo.isReplaced(position.identity(), info.identity())) {
            what = "another file is in its place";
        } else if (info.rows() < position.rows()) {
            what = "it has " + info.rows() + " rows, of which " + position.rows() + " were read already";
        } else if (!position(info, 0, position.rows()).fingerprint().equals(position.fingerprint())) {
            what = "rows that were read already were removed or corrected";
        }
        if (what == null) {
            checked.put(path, info.stamp());
            return false;
        }
        String message = path + ": " + what;
        if (files.options().onRewrite() == SourceOptions.OnRewrite.FAIL) {
            throw new IllegalStateException(message + "; start the query with a new checkpoint to read the file again,"
                    + " or with option onRewrite=skip to go on behind the rows that it has now");
        }
        LOG.warn("{}; going on behind the {} rows that it has now", message, info.rows());
        return true;
    }

    @Override
    public InputPartition[] planInputPartitions(Offset start, Offset end) {
        StreamOffset before = (StreamOffset) start;
        List<FileRange> ranges = new ArrayList<>();
        List<Long> bytes = new ArrayList<>();
        boolean skips = files.options().onRewrite() == SourceOptions.OnRewrite.SKIP;
        ((StreamOffset) end).files().forEach((path, position) -> {
            long from = position.from();
            if (position.rows() <= from || position.equals(before.files().get(path))) {
                return; // not of this batch
            }
            String what = Files.exists(Path.of(path)) ? changed(path, position) : "the file is gone";
            if (what != null && !skips) {
                throw new IllegalStateException(path + ": " + what + ", but rows " + from + " to " + position.rows()
                        + " of it belong to a batch that was begun; start the query with option onRewrite=skip to go on"
                        + " without them");
            } else if (what != null) {
                LOG.warn(
                        "{}: {}; going on without rows {} to {} of a batch that was begun",
                        path,
                        what,
                        from,
                        position.rows());
                return;
            }
            ranges.add(new FileRange(position.seen(path, schema), from, position.rows()));
            bytes.add((position.rows() - from) * Math.max(1, required.defaultSize()));
        });
        long total =
                bytes.stream().mapToLong(size -> size + RangePlanner.OPEN_BYTES).sum();
        return new RangePlanner(
                        files.options().table(),
                        required,
                        files.options().maxPartitionBytes(),
                        total,
                        SparkSession.active().sparkContext().defaultParallelism())
                .pack(ranges, bytes)
                .toArray(InputPartition[]::new);
    }

    /** What is another about a file than when the batch was made, null for nothing. */
    private @Nullable String changed(String path, StreamOffset.Position position) {
        try (OpenTable table = new OpenTable(Path.of(path), files.options().table())) {
            position.seen(path, schema).check(table);
            return null;
        } catch (VaultMovedException | IllegalArgumentException e) { // also without the table
            return "its rows are no longer those that were there";
        }
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        return readers;
    }

    /** How many files there are, and how many of their rows are not read yet. */
    @Override
    public Map<String, String> metrics(Optional<Offset> latest) {
        Map<String, StreamOffset.Position> read =
                latest.isPresent() && latest.get() instanceof StreamOffset offset ? offset.files() : Map.of();
        Map<String, Long> files = there;
        long behind = 0;
        for (Map.Entry<String, Long> file : files.entrySet()) {
            StreamOffset.Position position = read.get(file.getKey());
            behind += Math.max(0, file.getValue() - (position == null ? 0 : position.rows()));
        }
        return Map.of("files", Integer.toString(files.size()), "rowsBehind", Long.toString(behind));
    }

    @Override
    public void commit(Offset end) {}

    @Override
    public void stop() {}
}
