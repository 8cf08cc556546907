package io.kohakuvault.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.testkit.KafkaBroker;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The topic that the demo streams. */
final class Topic {
    static final String NAME = "api-docs";
    static final int PARTITIONS = 3;

    private Topic() {}

    static void produce(KafkaBroker broker, List<ApiDoc> docs) {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        ObjectMapper json = new ObjectMapper();
        try (KafkaProducer<String, String> producer = broker.producer()) {
            for (ApiDoc doc : docs) {
                String value = json.writeValueAsString(doc.toJson());
                Future<?> unused = producer.send(new ProducerRecord<>(NAME, doc.key(), value), (m, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
            }
            producer.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        Exception e = failure.get();
        if (e != null) {
            throw new IllegalStateException("the topic could not be written", e);
        }
    }
}
