package io.kohakuvault.connect.chaos;

import io.kohakuvault.testkit.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Compares the dead letter queue with the poison in the topic. All of it must be there, and nothing else. A queue is a
 * topic that the worker sends to beside the file's transaction: what was sent and not yet committed when a worker was
 * killed or fenced is delivered again, and reported again. So more than once is counted, and forbidden for poison that
 * came while nothing happened.
 */
final class DeadLetters {
    private static final String HEADER = "__connect.errors.";

    private DeadLetters() {}

    /** Where a record stood. */
    record At(int partition, long offset) {}

    /**
     * What was found.
     *
     * @param expected how many there must be
     * @param seen how many of them are there
     * @param again how many are there once more
     * @param problems what is wrong
     */
    record Found(long expected, long seen, long again, List<String> problems) {}

    /**
     * Compares them.
     *
     * @param records by partition, with those that are delivered twice on purpose twice
     * @param once those that must be there as often as they are delivered, and no more
     */
    static Found compare(KafkaBroker broker, String queue, Map<Integer, ChaosTopic.Expected> records, Set<At> once) {
        Map<At, Integer> expected = new HashMap<>();
        Map<At, Sample> samples = new HashMap<>();
        records.forEach((partition, e) -> {
            for (int i = 0; i < e.records().size(); i++) {
                Sample sample = e.records().sample(i);
                if (sample.kind().isPoison()) {
                    At at = new At(partition, e.records().offset(i));
                    expected.merge(at, 1, Integer::sum);
                    samples.put(at, sample);
                }
            }
        });
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
            int found = seen.getOrDefault(e.getKey(), 0);
            all += e.getValue();
            there += Math.min(found, e.getValue());
            again += Math.max(0, found - e.getValue());
            if (found < e.getValue()) {
                problems.add("poison that is no dead letter: " + e.getKey() + ", " + found + " of " + e.getValue());
            } else if (found > e.getValue() && once.contains(e.getKey())) {
                problems.add("a dead letter more than once: " + e.getKey() + ", " + found + " of " + e.getValue());
            }
        }
        return new Found(all, there, again, problems);
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(HEADER + name).value(), StandardCharsets.UTF_8);
    }
}
