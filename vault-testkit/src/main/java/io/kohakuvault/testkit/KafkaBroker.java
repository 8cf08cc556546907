package io.kohakuvault.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A real broker (KRaft, one node) as a child process. */
public final class KafkaBroker implements AutoCloseable {
    private final int port = Ports.free();
    private final Path folder;
    private final Path config;
    private ChildJvm process;

    private KafkaBroker(Path folder, Map<String, String> more) {
        String quorum = "127.0.0.1:" + Ports.free();
        Map<String, String> settings = new HashMap<>(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@" + quorum),
                Map.entry("listeners", "PLAINTEXT://" + address() + ",CONTROLLER://" + quorum),
                Map.entry("advertised.listeners", "PLAINTEXT://" + address()),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("inter.broker.listener.name", "PLAINTEXT"),
                Map.entry("log.dirs", folder.resolve("data").toString()),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("auto.create.topics.enable", "false")));
        settings.putAll(more);
        this.folder = folder;
        this.config = KafkaRuntime.properties(folder.resolve("server.properties"), settings);
        ChildJvm format = KafkaRuntime.start(
                "format",
                folder,
                "256m",
                "warn",
                "kafka.tools.StorageTool",
                "format",
                "-t",
                "4L6g3nShT-eMCtK--X86sw",
                "-c",
                config.toString());
        if (format.await() != 0) {
            throw new IllegalStateException("the broker's storage could not be formatted:\n" + format.tail());
        }
        this.process = run();
    }

    private ChildJvm run() {
        return KafkaRuntime.start("broker", folder, "512m", "warn", "kafka.Kafka", config.toString());
    }

    /** Starts a broker that keeps its data in a folder, and waits until it answers. */
    public static KafkaBroker start(Path folder) {
        return start(folder, Map.of());
    }

    /**
     * Starts a broker that keeps its data in a folder, and waits until it answers.
     *
     * @param more settings of the broker beside ours, or instead of them
     */
    public static KafkaBroker start(Path folder, Map<String, String> more) {
        KafkaBroker broker = new KafkaBroker(folder, more);
        try {
            broker.awaitAnswer();
            return broker;
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    private void awaitAnswer() {
        Await.until(
                "the broker answers",
                () -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("the broker has ended");
                    }
                    try (Admin admin = admin()) {
                        return !admin.describeCluster()
                                .nodes()
                                .get(20, TimeUnit.SECONDS)
                                .isEmpty();
                    }
                },
                process::tail);
    }

    /** The broker's process; another one after it was started anew. */
    public ChildJvm process() {
        return process;
    }

    /** SIGKILL; what it has acknowledged is in its folder. */
    public void kill() {
        process.kill();
    }

    /** Starts it again after a kill, on the same folder and ports, and waits until it answers. */
    public void restart() {
        process = run();
        awaitAnswer();
    }

    /** Host and port for clients. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** A client for administration, to be closed. */
    public Admin admin() {
        return Admin.create(Map.of(
                "bootstrap.servers", address(), "request.timeout.ms", "20000", "default.api.timeout.ms", "120000"));
    }

    /** Makes a topic. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Makes a topic with settings of its own. */
    public void createTopic(String name, int partitions, Map<String, String> settings) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings)))
                    .all()
                    .get(Await.LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("topic " + name + " could not be made", e);
        }
    }

    /** Deletes a topic and waits until it is gone. */
    public void deleteTopic(String name) {
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(name)).all().get(Await.LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            Await.until(
                    "topic " + name + " is gone",
                    () -> !admin.listTopics().names().get(20, TimeUnit.SECONDS).contains(name),
                    process::tail);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("topic " + name + " could not be deleted", e);
        }
    }

    /** Adds partitions to a topic, so that it has so many. */
    public void addPartitions(String name, int partitions) {
        try (Admin admin = admin()) {
            admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions)))
                    .all()
                    .get(Await.LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("topic " + name + " could not get " + partitions + " partitions", e);
        }
    }

    /** A producer of text that waits for all replicas, to be closed. */
    public KafkaProducer<String, String> producer() {
        return producer(Map.of());
    }

    /**
     * A producer of text that waits for all replicas, to be closed.
     *
     * @param more settings of the producer beside ours, or instead of them
     */
    public KafkaProducer<String, String> producer(Map<String, String> more) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", address());
        settings.put("acks", "all");
        settings.put("linger.ms", "20");
        settings.put("compression.type", "lz4");
        settings.putAll(more);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** Reads a topic once from its beginning to its end as it is now, in order within each partition. */
    public void readAll(String topic, Consumer<ConsumerRecord<String, String>> each) {
        readAll(topic, "read_uncommitted", each);
    }

    /** {@link #readAll(String, Consumer)} without what was aborted, and to the first transaction that is open. */
    public void readCommitted(String topic, Consumer<ConsumerRecord<String, String>> each) {
        readAll(topic, "read_committed", each);
    }

    private void readAll(String topic, String isolation, Consumer<ConsumerRecord<String, String>> each) {
        Properties settings = new Properties();
        settings.put("isolation.level", isolation);
        settings.put("bootstrap.servers", address());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
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

    @Override
    public void close() {
        process.close();
    }
}
