package io.kohakuvault;

import com.google.common.collect.testing.ConcurrentNavigableMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringSortedMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import io.kohakuvault.codec.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import junit.framework.Test;
import org.junit.runner.RunWith;
import org.junit.runners.AllTests;

/**
 * {@code asMap()} against Guava's conformance suite of concurrent navigable maps, sub maps and descending ones
 * included.
 */
@RunWith(AllTests.class)
public final class KvMapTest {
    private static final Vault VAULT = open();

    private KvMapTest() {}

    private static Vault open() {
        try {
            Path folder = Files.createTempDirectory("kv-map");
            folder.toFile().deleteOnExit();
            Path file = folder.resolve("map.db");
            for (String part : List.of("", "-wal", "-shm")) { // open until the end
                Path.of(file + part).toFile().deleteOnExit();
            }
            return Vault.open(file, VaultOptions.defaults().withPageSizeBytes(4096));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** JUnit 3's way to name the tests of a class. */
    public static Test suite() {
        return ConcurrentNavigableMapTestSuiteBuilder.using(new TestStringSortedMapGenerator() {
                    @Override
                    protected SortedMap<String, String> create(Map.Entry<String, String>[] entries) {
                        SortedMap<String, String> map = VAULT.kv("map").asMap(Codec.ofType(String.class));
                        map.clear();
                        VAULT.transact(() -> {
                            for (Map.Entry<String, String> entry : entries) {
                                map.put(entry.getKey(), entry.getValue());
                            }
                        });
                        return map;
                    }
                })
                .named("asMap")
                .withFeatures(
                        MapFeature.GENERAL_PURPOSE,
                        CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                        CollectionFeature.KNOWN_ORDER,
                        CollectionSize.ANY)
                .createTestSuite();
    }
}
