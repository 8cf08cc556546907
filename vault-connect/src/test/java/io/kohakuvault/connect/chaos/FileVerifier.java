package io.kohakuvault.connect.chaos;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.Row;
import io.kohakuvault.text.TextDocument;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.vector.StoredVector;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Compares a file with its topic: offset by offset, value by value, in order, in all four kinds. */
final class FileVerifier {
    static final String TABLE = "events";
    static final String KV = "latest";
    static final String TEXT = "words";
    static final String VECTORS = "vecs";

    private final Path file;
    private final TopicPartition partition;
    private final SampleLog records;
    private final Sequence rows;
    private final Sequence documents;
    private final Sequence vectors;
    private final List<String> problems = new ArrayList<>();

    private FileVerifier(Path file, TopicPartition partition, ChaosTopic.Expected expected, long numbers) {
        this.file = file;
        this.partition = partition;
        this.records = expected.records();
        this.rows = new Sequence("row", expected, numbers);
        this.documents = new Sequence("document", expected, numbers);
        this.vectors = new Sequence("vector", expected, numbers);
    }

    /**
     * What was found, of all kinds together: a record that is lost in two of them counts twice.
     *
     * @param records how many records the file was to take
     * @param rows how many rows it has
     * @param gone how many were compacted away before the sink came to them
     * @param problems what is wrong
     */
    record Found(String file, long records, long rows, long gone, long lost, long doubled, List<String> problems) {}

    /**
     * Compares them.
     *
     * @param numbers more than any record's
     */
    static Found verify(Path file, TopicPartition partition, ChaosTopic.Expected expected, long numbers) {
        FileVerifier verifier = new FileVerifier(file, partition, expected, numbers);
        try (Vault vault = Vault.open(verifier.file)) {
            for (Finding finding : vault.maintenance().verify(Progress.none()).findings()) {
                verifier.problems.add(finding.severity() + " " + finding.where() + ": " + finding.what());
            }
            try (Snapshot snapshot = vault.snapshot()) {
                verifier.compareRows(snapshot);
                verifier.compareDocuments(snapshot);
                verifier.compareVectors(snapshot);
                verifier.compareEntries(snapshot);
            }
        }
        return verifier.found();
    }

    private Found found() {
        long lost = 0;
        long doubled = 0;
        for (Sequence sequence : List.of(rows, documents, vectors)) {
            lost += sequence.lost();
            doubled += sequence.doubled();
            problems.addAll(sequence.problems());
        }
        if (rows.size() != documents.size() || rows.size() != vectors.size()) {
            problems.add(rows.size() + " rows, " + documents.size() + " documents, " + vectors.size() + " vectors");
        }
        return new Found(file.getFileName().toString(), rows.most(), rows.size(), rows.gone(), lost, doubled, problems);
    }

    private void compareRows(Snapshot snapshot) {
        for (Row row : snapshot.tables().get(TABLE).scan()) {
            long number = row.getLong("n");
            Sample sample = new Sample(Sample.Kind.GOOD, number);
            int at = rows.next(number);
            boolean same = sample.text().equals(row.getString("word"))
                    && Arrays.equals(sample.vector(), row.getFloats("vec"))
                    && partition.topic().equals(row.getString("_topic"))
                    && row.getLong("_partition") == partition.partition()
                    && (at < 0
                            || (records.offset(at) == row.getLong("_offset")
                                    && Instant.ofEpochMilli(records.timestamp(at))
                                            .equals(row.getInstant("_timestamp"))));
            if (!same) {
                rows.differs(row.toMap().toString());
            }
        }
    }

    private void compareDocuments(Snapshot snapshot) {
        for (TextDocument document :
                snapshot.text(TEXT, TextOptions.defaults().withColumns("word")).scan()) {
            String text = document.texts().get(0);
            Sample sample = new Sample(Sample.Kind.GOOD, Sample.numberOf(text));
            int unused = documents.next(sample.number());
            if (!sample.text().equals(text)
                    || !sample.key().equals(document.value().orElse(""))) {
                documents.differs(document.id() + ": " + text + " " + document.value());
            }
        }
    }

    private void compareVectors(Snapshot snapshot) {
        for (StoredVector vector : snapshot.vectors(VECTORS).scan()) {
            Sample sample = new Sample(Sample.Kind.GOOD, Sample.numberOf(vector.vector()));
            int unused = vectors.next(sample.number());
            if (!Arrays.equals(sample.vector(), vector.vector())
                    || !sample.key().equals(vector.value().orElse(""))) {
                vectors.differs(vector.id() + ": " + Arrays.toString(vector.vector()) + " " + vector.value());
            }
        }
    }

    /** The last value of each key, unless it was deleted since. */
    private void compareEntries(Snapshot snapshot) {
        Map<String, Sample> last = new HashMap<>();
        for (int i = 0; i < records.size(); i++) {
            Sample sample = records.sample(i);
            switch (sample.kind()) {
                case GOOD -> last.put(sample.key(), sample);
                case TOMBSTONE -> last.remove(sample.key());
                default -> {
                    // it leaves no trace
                }
            }
        }
        for (KvEntry entry : snapshot.kv(KV).prefix("")) {
            Sample sample = last.remove(entry.keyText());
            Object value = snapshot.kv(KV).findValue(entry.key()).orElseThrow();
            if (sample == null || !value.equals(asStored(sample))) {
                problems.add("entry " + entry.keyText() + " is " + value + " and not " + sample);
            }
        }
        last.values().forEach(sample -> problems.add("there is no entry " + sample.key() + " with " + sample));
    }

    private static Map<String, Object> asStored(Sample sample) {
        List<Long> vector = new ArrayList<>();
        for (float number : sample.vector()) {
            vector.add((long) number);
        }
        return Map.of("n", sample.number(), "word", sample.text(), "vec", vector);
    }
}
