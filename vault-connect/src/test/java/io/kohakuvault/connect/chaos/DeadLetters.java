package io.kohakuvault.connect.chaos;

import io.kohakuvault.testkit.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Compares the dead letter queue with the poison in the topic. All of it must be there, and nothing else. The queue is
 * a topic that the worker sends to beside the file's transaction: what was reported and not yet committed when a worker
 * was killed or fenced is delivered again, and reported again. So poison that came while processes were killed and
 * stopped may be there more than once, which is counted; all other is there once.
 */
final class DeadLetters {
    private static final String HEADER = "__connect.errors.";

    private final Map<At, Integer> expected = new HashMap<>();
    private final Map<At, Sample> samples = new HashMap<>();

    /** Where a record stood. */
    private record At(int partition, long offset) {}

    /** What stood in a partition while something rough happened. */
    record Rough(int partition, long from, long to) {
        private boolean holds(At at) {
            return at.partition() == partition && at.offset() >= from && at.offset() < to;
        }
    }

    /**
     * What was found.
     *
     * @param expected how many there must be
     * @param seen how many of them are there
     * @param again how many are there once more, which they may
     * @param problems what is wrong
     */
    record Found(long expected, long seen, long again, List<String> problems) {}

    /** Poison of these records is to be there; of those that are delivered twice on purpose, twice. */
    void expect(int partition, SampleLog records) {
        for (int i = 0; i < records.size(); i++) {
            Sample sample = records.sample(i);
            if (sample.kind().isPoison()) {
                At at = new At(partition, records.offset(i));
                expected.merge(at, 1, Integer::sum);
                samples.put(at, sample);
            }
        }
    }

    Found compare(KafkaBroker broker, String queue, List<Rough> rough) {
        List<String> problems = new ArrayList<>();
        Map<At, Integer> seen = new HashMap<>();
        broker.readAll(queue, r -> {
            At at = new At(Integer.parseInt(header(r, "partition")), Long.parseLong(header(r, "offset")));
            seen.merge(at, 1, Integer::sum);
            Sample sample = samples.get(at);
            if (sample == null || !sample.equals(Sample.of(r.key(), r.value()))) {
                problems.add("a dead letter that is no poison: " + at + " " + r.key() + " " + r.value());
            }
        });
        long all = 0;
        long there = 0;
        long again = 0;
        for (Map.Entry<At, Integer> e : expected.entrySet()) {
            At at = e.getKey();
            int found = seen.getOrDefault(at, 0);
            all += e.getValue();
            there += Math.min(found, e.getValue());
            if (found < e.getValue()) {
                problems.add("poison that is no dead letter: " + at + ", " + found + " of " + e.getValue());
            } else if (found > e.getValue() && rough.stream().anyMatch(r -> r.holds(at))) {
                again += found - e.getValue();
            } else if (found > e.getValue()) {
                problems.add("a dead letter more than once: " + at + ", " + found + " of " + e.getValue());
            }
        }
        return new Found(all, there, again, problems);
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(HEADER + name).value(), StandardCharsets.UTF_8);
    }
}
