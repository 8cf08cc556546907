package io.kohakuvault.spark;

import io.kohakuvault.BulkLoad;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.table.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;
import org.apache.spark.sql.connector.write.streaming.StreamingWrite;

/** A writing: of one job, or of the batches of a stream. */
final class VaultWrite implements RequiresDistributionAndOrdering, BatchWrite {
    private final WriteTask task;
    private final boolean overwrites;

    /**
     * A writing.
     *
     * @param overwrites whether the files that are there when it is committed go
     */
    VaultWrite(WriteTask task, boolean overwrites) {
        this.task = task;
        this.overwrites = overwrites;
    }

    @Override
    public Distribution requiredDistribution() {
        return Distributions.unspecified();
    }

    /** So that a task has one file open at a time. */
    @Override
    public SortOrder[] requiredOrdering() {
        return task.partitionBy().stream()
                .map(name -> Expressions.sort(Expressions.column(quoted(name)), SortDirection.ASCENDING))
                .toArray(SortOrder[]::new);
    }

    /** As Spark parses names. */
    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    @Override
    public BatchWrite toBatch() {
        return this;
    }

    @Override
    public StreamingWrite toStreaming() {
        return new Stream(task, overwrites);
    }

    @Override
    public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
        return new Factory(task);
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {
        commit(task, messages, overwrites, "", 0);
    }

    @Override
    public void abort(WriterCommitMessage[] messages) {
        new CommitLog(Path.of(task.directory())).discard(task.job());
    }

    /**
     * Makes the writers of tasks.
     *
     * @param task what they all know
     */
    private record Factory(WriteTask task) implements DataWriterFactory, StreamingDataWriterFactory {
        @Override
        public DataWriter<InternalRow> createWriter(int partition, long taskId) {
            return new TaskWriter(task, partition, taskId, "");
        }

        @Override
        public DataWriter<InternalRow> createWriter(int partition, long taskId, long epoch) {
            return new TaskWriter(task, partition, taskId, epoch + "-");
        }
    }

    private static void commit(
            WriteTask task, WriterCommitMessage[] messages, boolean overwrites, String stream, long batch) {
        Path directory = Path.of(task.directory());
        CommitLog log = new CommitLog(directory);
        log.recover();
        Map<Path, Path> moves = new LinkedHashMap<>();
        for (WriterCommitMessage message : messages) {
            if (message instanceof WriteTask.Written written) {
                for (String[] file : written.files()) {
                    moves.put(task.staging().resolve(file[0]), directory.resolve(file[1]));
                }
            }
        }
        Set<Path> removed = new HashSet<>();
        if (!task.target().isEmpty()) {
            removed.add(directory.resolve(task.target()));
        } else if (overwrites) {
            removed.addAll(SourceFiles.find(List.of(directory.toString())));
        }
        boolean isFirst =
                overwrites || SourceFiles.find(List.of(directory.toString())).isEmpty();
        if (moves.isEmpty() && stream.isEmpty() && (isFirst || !task.target().isEmpty())) {
            moves.putAll(emptyFile(task)); // so that the table is there, without rows
        }
        log.commit(task.job(), moves, removed, stream, batch);
    }

    private static Map<Path, Path> emptyFile(WriteTask task) {
        String name = task.target().isEmpty() ? "part-00000-" + task.job().substring(0, 8) + ".db" : task.target();
        Path file = task.staging().resolve(name);
        Schema schema = task.schema();
        try {
            CommitLog.makeDirectories(task.staging());
        } catch (IOException e) {
            throw new UncheckedIOException(task.staging() + ": " + e, e);
        }
        BulkLoad.create(
                file,
                VaultOptions.defaults().withGuardNewFiles(task.isGuarded()),
                vault -> vault.tables().create(task.table(), schema));
        return Map.of(file, Path.of(task.directory()).resolve(name));
    }

    /**
     * The batches of a stream: each is committed once, by its number, however often Spark tries it.
     *
     * @param task what its tasks know
     * @param overwrites whether each batch replaces the one before
     */
    private record Stream(WriteTask task, boolean overwrites) implements StreamingWrite {
        @Override
        public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
            return new Factory(task);
        }

        @Override
        public void commit(long epoch, WriterCommitMessage[] messages) {
            CommitLog log = new CommitLog(Path.of(task.directory()));
            log.recover();
            if (log.lastBatch(task.job()) >= epoch) {
                log.discard(task.job()); // it was committed by an attempt that could not tell Spark
                return;
            }
            VaultWrite.commit(task, messages, overwrites, task.job(), epoch);
        }

        @Override
        public void abort(long epoch, WriterCommitMessage[] messages) {
            new CommitLog(Path.of(task.directory())).discard(task.job());
        }
    }
}
