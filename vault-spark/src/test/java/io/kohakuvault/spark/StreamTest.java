package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams out of files that grow, and into directories. */
class StreamTest {
    @TempDir
    Path folder;

    private Path in;

    @BeforeEach
    void folders() throws IOException {
        in = Files.createDirectory(folder.resolve("in"));
    }

    private static void append(Path file, long from, long to) {
        Local.table(
                file,
                "t",
                s -> s.column("id", DType.I64),
                table -> table.appendColumns(columns -> {
                    long[] ids = new long[(int) (to - from)];
                    for (int i = 0; i < ids.length; i++) {
                        ids[i] = from + i;
                    }
                    columns.set("id", ids);
                }));
    }

    private Dataset<Row> stream(String... options) {
        var reader = Local.spark()
                .readStream()
                .format("kohakuvault")
                .schema("id bigint")
                .option("table", "t");
        for (int i = 0; i < options.length; i += 2) {
            reader = reader.option(options[i], options[i + 1]);
        }
        return reader.load(in.toString());
    }

    /** Runs a query over what is there, into a directory of vaults, and answers all rows that are there then. */
    private List<Long> run(Dataset<Row> stream) throws Exception {
        StreamingQuery query = stream.writeStream()
                .format("kohakuvault")
                .option("table", "out")
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start(folder.resolve("out").toString());
        query.awaitTermination();
        List<Long> ids = new ArrayList<>();
        Local.read("out", folder.resolve("out")).collectAsList().forEach(row -> ids.add(row.getLong(0)));
        Collections.sort(ids);
        return ids;
    }

    private static List<Long> numbers(long from, long to) {
        return Stream.iterate(from, i -> i + 1).limit(to - from).toList();
    }

    @Test
    void whatIsAppendedAndNewFilesComeOnceEach() throws Exception {
        append(in.resolve("a.db"), 0, 100);
        assertThat(run(stream())).isEqualTo(numbers(0, 100));
        assertThat(run(stream())).as("nothing new").isEqualTo(numbers(0, 100));
        append(in.resolve("a.db"), 100, 150);
        append(in.resolve("b.db"), 150, 200);
        assertThat(run(stream())).isEqualTo(numbers(0, 200));
        Files.delete(in.resolve("a.db")); // a retention
        append(in.resolve("b.db"), 200, 210);
        assertThat(run(stream())).isEqualTo(numbers(0, 210));
    }

    @Test
    void batchesHaveSoManyRowsAtMost() throws Exception {
        append(in.resolve("a.db"), 0, 25);
        append(in.resolve("b.db"), 25, 45);
        assertThat(run(stream("maxRowsPerTrigger", "10"))).isEqualTo(numbers(0, 45));
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            assertThat(files.map(path -> path.getFileName().toString().replaceAll("-.*?-.*", ""))
                            .filter(name -> name.endsWith("part")))
                    .hasSizeGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void progressTellsRowsAndHowManyAreLeft() throws Exception {
        append(in.resolve("a.db"), 0, 25);
        append(in.resolve("b.db"), 100, 105);
        StreamingQuery query = stream("maxRowsPerTrigger", "10")
                .writeStream()
                .format("noop")
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();
        List<String> told = new ArrayList<>();
        for (StreamingQueryProgress progress : query.recentProgress()) {
            Map<String, String> metrics = progress.sources()[0].metrics();
            told.add(progress.numInputRows() + " rows, " + metrics.get("rowsBehind") + " of " + metrics.get("files")
                    + " files left");
        }
        assertThat(told)
                .startsWith("10 rows, 20 of 2 files left", "10 rows, 10 of 2 files left", "10 rows, 0 of 2 files left");
    }

    @Test
    void aBatchIsCommittedOnceHoweverOftenSparkTriesIt() throws Exception {
        append(in.resolve("a.db"), 0, 100);
        assertThat(run(stream())).isEqualTo(numbers(0, 100));
        // As a driver leaves it that ends behind the sink's commit, before Spark has written it down.
        try (Stream<Path> files = Files.list(folder.resolve("checkpoint/commits"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        append(in.resolve("a.db"), 100, 120);
        assertThat(run(stream())).isEqualTo(numbers(0, 120));
    }

    @Test
    void rowsThatWereReadAndAreOthersNowAreAnErrorOrSkipped() throws Exception {
        Path file = in.resolve("a.db");
        append(file, 0, 100);
        run(stream());
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables().get("t");
            table.removeBefore(50);
            assertThatThrownBy(() -> run(stream()))
                    .isInstanceOf(StreamingQueryException.class)
                    .satisfies(e -> assertThat(Local.messages(e))
                            .contains("a.db: it has 50 rows, of which 100 were read already")
                            .contains("onRewrite=skip"));
        }
        append(file, 1000, 1060); // as many as before and more, but others
        assertThatThrownBy(() -> run(stream()))
                .satisfies(e -> assertThat(Local.messages(e))
                        .contains("a.db: rows that were read already were removed or corrected"));
        assertThat(run(stream("onRewrite", "skip"))).isEqualTo(numbers(0, 100));
        append(file, 2000, 2001);
        assertThat(run(stream())).hasSize(101).contains(2000L);
        Path other = folder.resolve("other.db");
        append(other, 5000, 5300);
        Files.deleteIfExists(Path.of(file + "-wal"));
        Files.deleteIfExists(Path.of(file + "-shm"));
        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> run(stream()))
                .satisfies(e -> assertThat(Local.messages(e)).contains("a.db: another file is in its place"));
        assertThat(run(stream("onRewrite", "skip"))).hasSize(101);
        append(file, 6000, 6001);
        assertThat(run(stream())).hasSize(102).contains(6000L);
    }

    /** A batch that was begun and not finished is made of rows that are others when the query goes on. */
    @Test
    void aBatchThatWasBegunIsToldWhenItsRowsAreOthersNow() throws Exception {
        Path file = in.resolve("a.db");
        append(file, 0, 100);
        run(stream());
        append(file, 100, 200);
        run(stream());
        // As a driver leaves it that ends within the second batch: its offsets are written down, and nothing else.
        Files.delete(folder.resolve("checkpoint/commits/1"));
        Files.deleteIfExists(folder.resolve("checkpoint/commits/.1.crc"));
        try (Vault vault = Vault.open(file)) {
            vault.tables().get("t").removeBefore(50);
            append(file, 200, 300); // so that there are enough
        }
        assertThatThrownBy(() -> run(stream()))
                .isInstanceOf(StreamingQueryException.class)
                .satisfies(e -> assertThat(Local.messages(e))
                        .contains("a.db: its rows are no longer those that were there, but rows 100 to 200")
                        .contains("onRewrite=skip"));
        assertThat(run(stream("onRewrite", "skip"))).isEqualTo(numbers(0, 200));
        append(file, 5000, 5001);
        assertThat(run(stream())).hasSize(201).contains(5000L);
    }

    @Test
    void aStreamMayBeginBeforeThereIsAFile() throws Exception {
        StreamingQuery query = stream()
                .writeStream()
                .format("memory")
                .queryName("early")
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .start();
        try {
            query.processAllAvailable();
            Files.createFile(in.resolve("begun.db"));
            Vault.open(in.resolve("empty.db")).close(); // its table comes later
            query.processAllAvailable();
            append(in.resolve("empty.db"), 15, 15);
            append(in.resolve("late.db"), 0, 10);
            query.processAllAvailable();
            assertThat(Local.spark().table("early").count()).isEqualTo(10);
            append(in.resolve("late.db"), 10, 15);
            query.processAllAvailable();
            assertThat(Local.spark().table("early").count()).isEqualTo(15);
        } finally {
            query.stop();
        }
    }
}
