package io.kohakuvault;

import com.google.common.collect.testing.ListTestSuiteBuilder;
import com.google.common.collect.testing.SampleElements;
import com.google.common.collect.testing.TestListGenerator;
import com.google.common.collect.testing.TestStringListGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.ListFeature;
import io.kohakuvault.codec.DType;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.column.StrColumn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import junit.framework.Test;
import junit.framework.TestSuite;
import org.junit.runner.RunWith;
import org.junit.runners.AllTests;

/** {@code asList()} against Guava's conformance suite of lists: of elements of variable and of fixed size. */
@RunWith(AllTests.class)
public final class ColumnListTest {
    private static final Vault VAULT = open();

    private ColumnListTest() {}

    private static Vault open() {
        try {
            Path folder = Files.createTempDirectory("column-list");
            folder.toFile().deleteOnExit();
            Path file = folder.resolve("list.db");
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
        TestSuite suite = new TestSuite();
        suite.addTest(ListTestSuiteBuilder.using(new TestStringListGenerator() {
                    @Override
                    protected List<String> create(String[] elements) {
                        StrColumn column = VAULT.columns().ensure("str", DType.STR);
                        column.clear();
                        column.appendAll(List.of(elements));
                        return column.asList();
                    }
                })
                .named("str")
                .withFeatures(ListFeature.GENERAL_PURPOSE, CollectionSize.ANY)
                .createTestSuite());
        suite.addTest(ListTestSuiteBuilder.using(new TestListGenerator<Long>() {
                    @Override
                    public SampleElements<Long> samples() {
                        return new SampleElements<>(1L, -2L, Long.MAX_VALUE, 0L, 5L);
                    }

                    @Override
                    public List<Long> create(Object... elements) {
                        LongColumn column = VAULT.columns().ensure("i64", DType.I64);
                        column.clear();
                        List<Long> list = column.asList();
                        for (Object element : elements) {
                            list.add((Long) element);
                        }
                        return list;
                    }

                    @Override
                    public Long[] createArray(int length) {
                        return new Long[length];
                    }

                    @Override
                    public Iterable<Long> order(List<Long> insertionOrder) {
                        return new ArrayList<>(insertionOrder);
                    }
                })
                .named("i64")
                .withFeatures(ListFeature.GENERAL_PURPOSE, CollectionFeature.KNOWN_ORDER, CollectionSize.ANY)
                .createTestSuite());
        return suite;
    }
}
