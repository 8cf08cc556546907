package io.kohakuvault.connect.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.table.Table;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verifier finds what is wrong in each of the four kinds: a verifier that finds nothing proves nothing. */
class FileVerifierTest {
    private static final TopicPartition PARTITION = new TopicPartition("main", 2);
    private static final int RECORDS = 20;

    @TempDir
    Path folder;

    private int files;

    private static SampleLog records() {
        SampleLog log = new SampleLog();
        for (int n = 0; n < RECORDS; n++) {
            log.add(2L * n, 1_000L + n, new Sample(n == 7 ? Sample.Kind.UNFIT : Sample.Kind.GOOD, n));
        }
        return log;
    }

    private record Stored(Table table, KVault kv, TextVault text, VectorKVault vectors) {
        void append(SampleLog records, int i) {
            Sample sample = records.sample(i);
            table.append(row -> row.set("n", sample.number())
                    .set("word", sample.text())
                    .set("vec", sample.vector())
                    .set("_topic", PARTITION.topic())
                    .set("_partition", PARTITION.partition())
                    .set("_offset", records.offset(i))
                    .set("_timestamp", Instant.ofEpochMilli(records.timestamp(i))));
            List<Long> numbers = List.of(1L, sample.number(), 0L);
            kv.putValue(sample.key(), Map.of("n", sample.number(), "word", sample.text(), "vec", numbers));
            long unused = text.insert(List.of(sample.text()), sample.key());
            unused = vectors.insert(sample.vector(), sample.key());
        }
    }

    /** Writes a file as a sink does, has it changed, and answers what is found. */
    private FileVerifier.Found found(Consumer<Stored> change) {
        Path file = folder.resolve(++files + ".db");
        SampleLog records = records();
        try (Vault vault = Vault.open(file)) {
            Stored stored = new Stored(
                    vault.tables()
                            .create(
                                    FileVerifier.TABLE,
                                    s -> s.column("n", DType.parse("i64"))
                                            .column("word", DType.parse("str"))
                                            .column("vec", DType.parse("vec:f32:3"))
                                            .column("_topic", DType.parse("str"))
                                            .column("_partition", DType.parse("i32"))
                                            .column("_offset", DType.parse("i64"))
                                            .timestamp("_timestamp", LogicalType.TimeUnit.MS)),
                    vault.kv(FileVerifier.KV),
                    vault.text(FileVerifier.TEXT, TextOptions.defaults().withColumns("word")),
                    vault.vectors(FileVerifier.VECTORS, VectorOptions.l2(3)));
            for (int i = 0; i < records.size(); i++) {
                if (records.isGood(i)) {
                    stored.append(records, i);
                }
            }
            change.accept(stored);
        }
        return FileVerifier.verify(file, PARTITION, new ChaosTopic.Expected(records, records), RECORDS);
    }

    @Test
    void findsNothingInWhatIsRight() {
        FileVerifier.Found right = found(s -> {});
        assertThat(right.problems()).isEmpty();
        assertThat(right.rows()).isEqualTo(RECORDS - 1);
        assertThat(right.lost() + right.doubled()).isZero();
    }

    @Test
    void findsARecordThatIsThereTwiceOrNot() {
        FileVerifier.Found twice = found(s -> s.append(records(), 3));
        assertThat(twice.doubled()).as("row, document and vector").isEqualTo(3);
        assertThat(twice.problems()).isNotEmpty();
        assertThat(found(s -> s.table().remove(4, 5)).lost()).isEqualTo(1);
        assertThat(found(s -> s.text().delete(5)).lost()).isEqualTo(1);
        assertThat(found(s -> s.vectors().delete(5)).lost()).isEqualTo(1);
        assertThat(found(s -> s.kv().delete("key5")).problems()).isNotEmpty();
        assertThat(found(s -> s.append(records(), 7)).problems())
                .as("what was to be rejected")
                .isNotEmpty();
    }

    @Test
    void findsAnotherValue() {
        assertThat(found(s -> s.table().set(3, row -> row.set("word", "other"))).problems())
                .isNotEmpty();
        assertThat(found(s -> s.table().set(3, row -> row.set("vec", new float[] {1, 2, 3})))
                        .problems())
                .isNotEmpty();
        assertThat(found(s -> s.table().set(3, row -> row.set("_offset", 7))).problems())
                .isNotEmpty();
        assertThat(found(s -> s.table().set(3, row -> row.set("_timestamp", Instant.ofEpochMilli(1))))
                        .problems())
                .isNotEmpty();
        assertThat(found(s -> s.kv().putValue("key5", Map.of("n", 5L))).problems())
                .isNotEmpty();
        assertThat(found(s -> s.kv().putValue("key7", Map.of("n", 7L))).problems())
                .isNotEmpty();
    }

    @Test
    void findsAnotherOrder() {
        assertThat(found(s -> {
                            s.table().remove(RECORDS - 3, RECORDS - 1);
                            s.text().delete(RECORDS - 1);
                            s.text().delete(RECORDS - 2);
                            s.vectors().delete(RECORDS - 1);
                            s.vectors().delete(RECORDS - 2);
                            s.append(records(), RECORDS - 1);
                            s.append(records(), RECORDS - 2);
                        })
                        .problems())
                .hasSize(3)
                .allMatch(p -> p.contains("not in order"));
    }
}
