package io.kohakuvault.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The jars of a Kafka release, which the build copies, and how its main classes are started. */
final class KafkaRuntime {
    private KafkaRuntime() {}

    /** The release that brokers run. */
    static final String NEWEST = "4.3.1";

    private static String classPath(String version) {
        String newest = System.getProperty("vault.kafka.libs");
        String libs = newest == null ? null : newest.replace("kafka-" + NEWEST, "kafka-" + version);
        if (libs == null || !Files.isDirectory(Path.of(libs))) {
            throw new IllegalStateException(
                    "Kafka's jars are not in vault.kafka.libs=" + libs + "; run mvn generate-resources at the root");
        }
        return libs + File.separator + "*";
    }

    static ChildJvm start(String name, Path folder, String heap, String logLevel, String mainClass, String... args) {
        return startVersion(NEWEST, name, folder, heap, logLevel, mainClass, args);
    }

    static ChildJvm startVersion(
            String version, String name, Path folder, String heap, String logLevel, String mainClass, String... args) {
        List<String> flags = new ArrayList<>(ChildJvm.jvmFlags());
        flags.add("-Xmx" + heap);
        flags.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=" + logLevel);
        flags.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
        flags.add("-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS");
        return ChildJvm.start(name, classPath(version), flags, folder, mainClass, args);
    }

    static Path properties(Path file, Map<String, String> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        try {
            Files.createDirectories(file.getParent());
            try (var out = Files.newBufferedWriter(file)) {
                properties.store(out, null);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
