package io.kohakuvault.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.testkit.KafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The topic that the demo streams. */
final class Topic {
    static final String NAME = "api-docs";
    static final int PARTITIONS = 3;

    private Topic() {}

    static void produce(KafkaBroker broker, List<ApiDoc> docs) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", broker.address());
        settings.put("acks", "all");
        settings.put("linger.ms", "20");
        settings.put("compression.type", "lz4");
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        ObjectMapper json = new ObjectMapper();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (ApiDoc doc : docs) {
                producer.send(new ProducerRecord<>(NAME, doc.key(), json.writeValueAsString(doc.toJson())), (m, e) -> {
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

    /** Reads the whole topic once, in order within each partition. */
    static void read(KafkaBroker broker, Consumer<ConsumerRecord<String, String>> each) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", broker.address());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(NAME).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                consumer.poll(Duration.ofSeconds(1)).forEach(each);
            }
        }
    }
}
