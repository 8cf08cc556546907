package io.kohakuvault.connect;

import java.time.Duration;
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

    private final Admin admin;

    TopicIds(Map<String, Object> settings) {
        this.admin = Admin.create(settings);
    }

    /** What Kafka says of a topic. */
    record Answer(Optional<String> id, boolean isThere) {}

    /** The id; empty when Kafka does not answer or is too old to have ids. */
    Answer ask(String topic) {
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
            return new Answer(Optional.empty(), true);
        } catch (TimeoutException e) {
            LOG.warn("who topic {} is cannot be asked: no answer within {}", topic, PATIENCE);
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
