package io.kohakuvault.connect;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Kafka for the ids of topics, which a topic that is made anew under an old name does not share. */
final class TopicIds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicIds.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Partitions of one topic are claimed together. */
    private static final long FRESH_NANOS = Duration.ofMillis(200).toNanos();

    /** Brokers that do not answer are not waited for again at once. */
    private static final long RESPITE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Admin admin;
    private final Map<String, Asked> asked = new HashMap<>();
    private long silentUntil = System.nanoTime();

    private record Asked(Answer answer, long at) {}

    TopicIds(Map<String, Object> settings) {
        this.admin = Admin.create(settings);
    }

    /** What Kafka says of a topic. */
    record Answer(Optional<String> id, boolean isThere) {}

    /** The id; empty when Kafka does not answer or is too old to have ids. */
    Answer ask(String topic) {
        long now = System.nanoTime();
        Asked before = asked.get(topic);
        if (before != null && now - before.at < FRESH_NANOS) {
            return before.answer;
        }
        if (now - silentUntil < 0) {
            return new Answer(Optional.empty(), true);
        }
        Answer answer = askNow(topic);
        asked.put(topic, new Asked(answer, System.nanoTime()));
        return answer;
    }

    private Answer askNow(String topic) {
        try {
            TopicDescription description = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .get(topic);
            if (description == null) {
                return new Answer(Optional.empty(), true);
            }
            Uuid id = description.topicId();
            return new Answer(id.equals(Uuid.ZERO_UUID) ? Optional.empty() : Optional.of(id.toString()), true);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return new Answer(Optional.empty(), false);
            } else if (e.getCause() instanceof UnsupportedVersionException) {
                return new Answer(Optional.empty(), true);
            }
            LOG.warn("who topic {} is cannot be asked: {}", topic, String.valueOf(e.getCause()));
            silentUntil = System.nanoTime() + RESPITE_NANOS;
            return new Answer(Optional.empty(), true);
        } catch (TimeoutException e) {
            LOG.warn("who topic {} is cannot be asked: no answer within {}", topic, PATIENCE);
            silentUntil = System.nanoTime() + RESPITE_NANOS;
            return new Answer(Optional.empty(), true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted while Kafka was asked for the id of topic " + topic, e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
