package io.kohakuvault.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A real Connect worker as a child process, spoken to by its REST interface. */
public final class ConnectWorker implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();
    private final String name;
    private final int port;
    private final ChildJvm process;

    private ConnectWorker(String name, int port, ChildJvm process) {
        this.name = name;
        this.port = port;
        this.process = process;
    }

    private static Map<String, String> settings(String brokers, Path pluginPath) {
        Map<String, String> settings = new HashMap<>();
        settings.put("bootstrap.servers", brokers);
        settings.put("group.id", "connect");
        for (String kind : List.of("config", "offset", "status")) {
            settings.put(kind + ".storage.topic", "connect-" + kind);
            settings.put(kind + ".storage.replication.factor", "1");
        }
        settings.put("offset.storage.partitions", "1");
        settings.put("status.storage.partitions", "1");
        settings.put("plugin.path", pluginPath.toString());
        settings.put("plugin.discovery", "service_load");
        settings.put("connector.client.config.override.policy", "All");
        settings.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        settings.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        settings.put("value.converter.schemas.enable", "false");
        settings.put("offset.flush.interval.ms", "1000");
        // A killed worker's tasks go to another one as soon as its session has expired, not five minutes later.
        settings.put("scheduled.rebalance.max.delay.ms", "0");
        settings.put("session.timeout.ms", "6000");
        settings.put("heartbeat.interval.ms", "1500");
        settings.put("task.shutdown.graceful.timeout.ms", "3000");
        return settings;
    }

    /**
     * Starts a worker and waits until it answers.
     *
     * @param pluginPath the folder with one folder for each unpacked plugin
     */
    public static ConnectWorker start(String name, KafkaBroker broker, Path pluginPath, Path folder) {
        return start(KafkaRuntime.NEWEST, name, broker, pluginPath, folder);
    }

    /**
     * Starts a worker of a release and waits until it answers.
     *
     * @param version one that the build has copied
     * @param pluginPath the folder with one folder for each unpacked plugin
     */
    public static ConnectWorker start(String version, String name, KafkaBroker broker, Path pluginPath, Path folder) {
        return start(version, name, broker.address(), pluginPath, folder);
    }

    /**
     * Starts a worker of a release on brokers that somebody else has started, and waits until it answers.
     *
     * @param version one that the build has copied
     * @param brokers their hosts and ports
     * @param pluginPath the folder with one folder for each unpacked plugin
     */
    public static ConnectWorker start(String version, String name, String brokers, Path pluginPath, Path folder) {
        return started(version, name, "Distributed", settings(brokers, pluginPath), List.of(), folder);
    }

    /**
     * Starts a worker with settings of the test's own, in distributed mode, and waits until it answers.
     *
     * @param settings all but the listeners
     */
    public static ConnectWorker startDistributed(String name, Map<String, String> settings, Path folder) {
        return started(KafkaRuntime.NEWEST, name, "Distributed", settings, List.of(), folder);
    }

    /**
     * Starts a worker in standalone mode, which has its connectors from files, and waits until it answers.
     *
     * @param settings all but the listeners
     * @param connectors files of settings, one for each connector
     */
    public static ConnectWorker startStandalone(
            String name, Map<String, String> settings, List<Path> connectors, Path folder) {
        return started(KafkaRuntime.NEWEST, name, "Standalone", settings, connectors, folder);
    }

    private static ConnectWorker started(
            String version,
            String name,
            String mode,
            Map<String, String> settings,
            List<Path> connectors,
            Path folder) {
        int port = Ports.free();
        Map<String, String> all = new HashMap<>(settings);
        all.put("listeners", "http://127.0.0.1:" + port);
        List<String> args = new ArrayList<>();
        args.add(KafkaRuntime.properties(folder.resolve(name + ".properties"), all)
                .toString());
        connectors.forEach(file -> args.add(file.toString()));
        ConnectWorker worker = new ConnectWorker(
                name,
                port,
                KafkaRuntime.startVersion(
                        version,
                        name,
                        folder,
                        System.getProperty("vault.worker.heap", "1g"),
                        "info",
                        "org.apache.kafka.connect.cli.Connect" + mode,
                        args.toArray(String[]::new)));
        try {
            Await.until(
                    name + " answers",
                    () -> {
                        if (!worker.process.isAlive()) {
                            throw new IllegalStateException(name + " has ended");
                        }
                        return worker.request("GET", "/connectors", null).isArray();
                    },
                    worker.process::tail);
            return worker;
        } catch (RuntimeException e) {
            worker.close();
            throw e;
        }
    }

    private JsonNode request(String method, String path, @Nullable Object body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", "application/json")
                        .method(method, publisher)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(method + " " + path + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body());
    }

    /** Creates or changes a connector; while the workers rebalance, tries again. */
    public void configure(String connector, Map<String, String> config) {
        Await.until(
                "connector " + connector + " is accepted",
                () -> {
                    request("PUT", "/connectors/" + connector + "/config", config);
                    return true;
                },
                process::tail);
    }

    /** Waits until the connector and so many tasks run. */
    public void awaitRunning(String connector, int tasks) {
        Await.until(
                "connector " + connector + " runs with " + tasks + " tasks",
                () -> states(connector).equals(java.util.Collections.nCopies(tasks + 1, "RUNNING")),
                process::tail);
    }

    /** The states of the connector and its tasks. */
    public List<String> states(String connector) throws IOException, InterruptedException {
        JsonNode status = request("GET", "/connectors/" + connector + "/status", null);
        List<String> states = new ArrayList<>();
        states.add(status.path("connector").path("state").asText());
        status.path("tasks").forEach(t -> states.add(t.path("state").asText()));
        return states;
    }

    /**
     * The worker that the first task of the connector runs on, as this worker has heard; empty while there is none. A
     * worker that was stopped or killed is named until another one has taken its task over.
     */
    public Optional<String> owner(String connector) throws IOException, InterruptedException {
        JsonNode task = request("GET", "/connectors/" + connector + "/status", null)
                .path("tasks")
                .path(0);
        return task.path("state").asText().equals("RUNNING")
                ? Optional.of(task.path("worker_id").asText())
                : Optional.empty();
    }

    /** The name under which workers speak of this one. */
    public String id() {
        return "127.0.0.1:" + port;
    }

    /** What the worker says of the connector, traces of failed tasks included. */
    public String status(String connector) {
        try {
            return request("GET", "/connectors/" + connector + "/status", null).toPrettyString();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    /** The classes of the plugins that the worker has found. */
    public List<String> plugins() throws IOException, InterruptedException {
        List<String> plugins = new ArrayList<>();
        request("GET", "/connector-plugins", null)
                .forEach(p -> plugins.add(p.path("class").asText()));
        return plugins;
    }

    /** Has the worker validate a configuration; answers the errors by key. */
    public Map<String, List<String>> validate(String plugin, Map<String, String> config)
            throws IOException, InterruptedException {
        Map<String, List<String>> errors = new HashMap<>();
        for (JsonNode entry : request("PUT", "/connector-plugins/" + plugin + "/config/validate", config)
                .path("configs")) {
            List<String> messages = new ArrayList<>();
            entry.path("value").path("errors").forEach(e -> messages.add(e.asText()));
            if (!messages.isEmpty()) {
                errors.put(entry.path("value").path("name").asText(), messages);
            }
        }
        return errors;
    }

    public ChildJvm process() {
        return process;
    }

    /** Stops a connector's tasks and waits until they are gone; it keeps its configuration. */
    public void stop(String connector) {
        Await.until(
                "connector " + connector + " is stopped",
                () -> {
                    request("PUT", "/connectors/" + connector + "/stop", null);
                    return states(connector).equals(List.of("STOPPED"));
                },
                process::tail);
    }

    /** Pauses a connector's tasks, which keep their partitions, and waits until they are. */
    public void pause(String connector) {
        Await.until(
                "connector " + connector + " is paused",
                () -> {
                    request("PUT", "/connectors/" + connector + "/pause", null);
                    List<String> states = states(connector);
                    return states.size() > 1 && states.stream().allMatch("PAUSED"::equals);
                },
                process::tail);
    }

    /** Starts a stopped or paused connector again. */
    public void resume(String connector) throws IOException, InterruptedException {
        JsonNode unused = request("PUT", "/connectors/" + connector + "/resume", null);
    }

    /**
     * Moves the offset of one partition of a stopped connector.
     *
     * @param offset the offset to go on from; null for all partitions to none
     */
    public void moveOffset(String connector, String topic, int partition, @Nullable Long offset) {
        Await.until(
                "the offsets of " + connector + " are moved",
                () -> {
                    if (offset == null) {
                        request("DELETE", "/connectors/" + connector + "/offsets", null);
                    } else {
                        request(
                                "PATCH",
                                "/connectors/" + connector + "/offsets",
                                Map.of(
                                        "offsets",
                                        List.of(Map.of(
                                                "partition",
                                                Map.of("kafka_topic", topic, "kafka_partition", partition),
                                                "offset",
                                                Map.of("kafka_offset", offset)))));
                    }
                    return true;
                },
                process::tail);
    }

    /** Deletes a connector. */
    public void delete(String connector) {
        Await.until(
                "connector " + connector + " is deleted",
                () -> {
                    request("DELETE", "/connectors/" + connector, null);
                    return true;
                },
                process::tail);
    }

    @Override
    public void close() {
        process.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
