package io.kohakuvault.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A planned reading. The files are looked at once, when Spark asks first. */
final class VaultScan implements Scan, Batch, SupportsReportStatistics {
    private final TableFiles files;
    private final StructType schema;
    private final StructType required;
    private final BlockFilter filter;
    private final long limit;
    private @Nullable List<FileInfo> looked;
    private InputPartition @Nullable [] planned;

    VaultScan(TableFiles files, StructType schema, StructType required, BlockFilter filter, long limit) {
        this.files = files;
        this.schema = schema;
        this.required = required;
        this.filter = filter;
        this.limit = limit;
    }

    private synchronized List<FileInfo> infos() {
        List<FileInfo> infos = looked;
        if (infos == null) {
            infos = files.options().mergesSchema() ? files.look() : files.look(file -> true);
            TableFiles.check(infos, schema, ColumnNames.ofSession());
            looked = infos;
        }
        return infos;
    }

    @Override
    public StructType readSchema() {
        return required;
    }

    @Override
    public String description() {
        return "kohakuvault " + files.options().paths()
                + (files.options().table() == null
                        ? ""
                        : " table " + files.options().table())
                + (filter.isEmpty() ? "" : " blocks where " + filter)
                + (limit == Long.MAX_VALUE ? "" : " limit " + limit);
    }

    @Override
    public Statistics estimateStatistics() {
        OptionalLong rows = infos().stream().anyMatch(FileInfo::isUnopened)
                ? OptionalLong.empty()
                : OptionalLong.of(infos().stream().mapToLong(FileInfo::rows).sum());
        long bytes = infos().stream()
                .mapToLong(file -> RangePlanner.readBytes(file, required, schema))
                .sum();
        return new Statistics() {
            @Override
            public OptionalLong sizeInBytes() {
                return OptionalLong.of(Math.max(1, bytes));
            }

            @Override
            public OptionalLong numRows() {
                return rows;
            }
        };
    }

    @Override
    public Batch toBatch() {
        return this;
    }

    /** Spark asks again when it has copied its plan, which it does with each. */
    @Override
    public synchronized InputPartition[] planInputPartitions() {
        InputPartition[] known = planned;
        if (known == null) {
            known = partitions();
            planned = known;
        }
        return known.clone();
    }

    private InputPartition[] partitions() {
        long total = infos().stream()
                .mapToLong(file -> RangePlanner.readBytes(file, required, schema) + RangePlanner.OPEN_BYTES)
                .sum();
        RangePlanner planner = new RangePlanner(
                files.options().table(),
                required,
                files.options().maxPartitionBytes(),
                total,
                SparkSession.active().sparkContext().defaultParallelism());
        List<FileInfo> infos = opened(planner);
        List<FileRange> pieces = new ArrayList<>();
        List<Long> bytes = new ArrayList<>();
        // Of files that may be damaged not all rows come that were planned.
        long left = files.options().ignoresCorruptFiles() ? Long.MAX_VALUE : limit;
        boolean areMany = infos.size() > HeldTables.MOST_IDLE; // that were looked at and are open still
        List<List<FileRange>> wanted = infos.parallelStream()
                .map(file -> planner.cut(file, planner.wanted(file, filter, areMany)))
                .toList();
        for (int i = 0; i < wanted.size(); i++) {
            FileInfo file = infos.get(i);
            long all = RangePlanner.readBytes(file, required, schema);
            if (file.isUnopened()) {
                pieces.addAll(left > 0 ? wanted.get(i) : List.of());
                bytes.addAll(left > 0 ? List.of(all) : List.of());
                continue;
            }
            double rowBytes = (double) all / Math.max(1, file.rows());
            for (FileRange range : wanted.get(i)) {
                long rows = Math.min(range.rows(), left);
                if (rows > 0) {
                    pieces.add(new FileRange(file.seen(), range.from(), range.from() + rows));
                    bytes.add((long) (rows * rowBytes));
                    left -= rows;
                }
            }
        }
        return planner.pack(pieces, bytes).toArray(InputPartition[]::new);
    }

    /** The files, of which those have been opened that cannot be left to their tasks as a whole. */
    private List<FileInfo> opened(RangePlanner planner) {
        if (infos().stream().noneMatch(file -> file.isUnopened() && planner.mustOpen(file, filter, schema))) {
            return infos();
        }
        List<FileInfo> opened = files.look(file -> !planner.mustOpen(file, filter, schema));
        TableFiles.check(opened, schema, ColumnNames.ofSession());
        return opened;
    }

    @Override
    public MicroBatchStream toMicroBatchStream(String checkpoint) {
        return new VaultStream(files, schema, required, createReaderFactory());
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        List<String> own = Arrays.asList(schema.fieldNames());
        return new RangeReaderFactory(new ReadTask(
                files.options().table(),
                required,
                new ReadTask.Hidden(!own.contains(VaultTable.FILE), !own.contains(VaultTable.ROW)),
                files.options().ignoresCorruptFiles(),
                ColumnNames.ofSession()));
    }

    /** Spark reads once what a query reads twice, as in a join with itself. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VaultScan scan
                && files == scan.files
                && limit == scan.limit
                && schema.equals(scan.schema)
                && required.equals(scan.required)
                && filter.equals(scan.filter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(System.identityHashCode(files), limit, required, filter);
    }
}
