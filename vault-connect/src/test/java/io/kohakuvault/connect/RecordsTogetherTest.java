package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Content;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What records become does not depend on which ones they are mapped together with. */
class RecordsTogetherTest {
    private static final Schema WHOLE = SchemaBuilder.struct()
            .field("n", Schema.OPTIONAL_INT64_SCHEMA)
            .field("s", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    private static final Schema SHORTER =
            SchemaBuilder.struct().field("n", Schema.OPTIONAL_INT32_SCHEMA).build();

    @TempDir
    Path folder;

    static Stream<List<String>> kinds() {
        return Stream.of(
                List.of(),
                List.of("kv.table", "latest"),
                List.of("kv.table", "latest", "text.table", "docs", "text.fields", "s"),
                List.of("kv.table", "latest", "kv.value", "s", "kv.value.format", "raw"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void togetherOrOneByOneTheyBecomeTheSame(List<String> kinds) throws Exception {
        for (int seed = 0; seed < 6; seed++) {
            List<@Nullable Object> values = values(new Random(seed), seed % 3);
            OneTopic together = topic("together" + seed, kinds);
            OneTopic single = topic("single" + seed, kinds);
            together.put(records(together, values).toArray(SinkRecord[]::new));
            single.putEach(records(single, values));
            assertThat(together.rows()).as("seed %d", seed).isEqualTo(single.rows());
            assertThat(together.rejected()).as("seed %d", seed).isEqualTo(single.rejected());
            assertThat(entries(together)).as("seed %d", seed).isEqualTo(entries(single));
            assertThat(documents(together)).as("seed %d", seed).isEqualTo(documents(single));
            assertThat(together.rows().size() + together.rejected().size())
                    .isGreaterThan(values.size() / 2)
                    .isLessThanOrEqualTo(values.size());
        }
    }

    /** Runs of one class of numbers, which columns take as arrays, with others and such that do not fit among them. */
    @Test
    void numbersOfAllKindsBecomeTheSame() throws Exception {
        List<String> columns = List.of(
                "table.columns",
                "a i8 null, b i32 null, c i64 null, d u64 null, e f32 null, f f64 null, g bool null, h timestamp:s null, i timestamp:us null, j i32");
        for (int seed = 0; seed < 6; seed++) {
            List<@Nullable Object> values = numbers(new Random(seed), seed % 3);
            OneTopic together = topic("together" + seed, columns);
            OneTopic single = topic("single" + seed, columns);
            together.put(records(together, values).toArray(SinkRecord[]::new));
            single.putEach(records(single, values));
            assertThat(together.rows()).as("seed %d", seed).isEqualTo(single.rows());
            assertThat(together.rejected()).as("seed %d", seed).isEqualTo(single.rejected());
            assertThat(together.rows()).as("seed %d", seed).hasSizeGreaterThan(20);
        }
    }

    private static List<@Nullable Object> numbers(Random random, int poison) {
        List<@Nullable Object> values = new ArrayList<>();
        while (values.size() < 600) {
            int common = random.nextInt(4);
            int run = 1 << random.nextInt(8);
            boolean mixed = random.nextInt(3) == 0;
            for (int n = 0; n < run; n++) {
                Map<String, @Nullable Object> map = new HashMap<>();
                for (String column : List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")) {
                    int kind = mixed ? random.nextInt(5) : common;
                    map.put(
                            column,
                            column.equals("g") && !mixed ? n % 3 == 0 : number(kind, column.equals("j") ? 7 : n));
                }
                if (poison > 0 && random.nextInt(poison == 1 ? 80 : 6) == 0) {
                    List<@Nullable Object> odd = Arrays.asList(
                            1L << 40, 300, -1L, 0.5, 1e300, Double.NaN, Long.MIN_VALUE, "7", true, null, new byte[1]);
                    map.put(String.valueOf((char) ('a' + random.nextInt(10))), odd.get(random.nextInt(odd.size())));
                }
                values.add(map);
            }
        }
        return values;
    }

    private static @Nullable Object number(int kind, int n) {
        return switch (kind) {
            case 0 -> (long) n;
            case 1 -> n;
            case 2 -> (double) n;
            case 3 -> (short) n;
            default -> n % 2 == 0 && n != 7 ? null : (Object) BigDecimal.valueOf(n);
        };
    }

    private OneTopic topic(String name, List<String> kinds) throws Exception {
        List<String> settings = new ArrayList<>(List.of(
                "table.name",
                "events",
                "table.columns",
                "n i32 null, s str null",
                "table.metadata.columns",
                "topic,partition,offset,timestamp,key"));
        settings.addAll(kinds);
        return new OneTopic(Files.createDirectories(folder.resolve(name)), settings.toArray(String[]::new));
    }

    private static List<SinkRecord> records(OneTopic topic, List<@Nullable Object> values) {
        List<SinkRecord> records = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            records.add(topic.record("key" + i % 17, values.get(i)));
        }
        return records;
    }

    /** Long runs of one kind and short ones; with more or fewer that do not fit. */
    private static List<@Nullable Object> values(Random random, int poison) {
        List<@Nullable Object> values = new ArrayList<>();
        while (values.size() < 400) {
            int kind = random.nextInt(4);
            for (int run = 1 << random.nextInt(8); run > 0; run--) {
                values.add(
                        poison > 0 && random.nextInt(poison == 1 ? 50 : 3) == 0
                                ? unfit(random)
                                : value(random, kind, values.size()));
            }
        }
        return values;
    }

    private static @Nullable Object value(Random random, int kind, int i) {
        String text = random.nextInt(5) == 0 ? null : "text " + i;
        Struct whole = new Struct(WHOLE)
                .put("n", random.nextInt(5) == 0 ? null : (long) i)
                .put("s", text);
        return switch (kind) {
            case 0 -> {
                Map<String, @Nullable Object> map = new HashMap<>();
                map.put("n", random.nextInt(5) == 0 ? null : i);
                map.put("s", text);
                yield map;
            }
            case 1 -> whole;
            case 2 -> random.nextBoolean() ? whole : new Struct(SHORTER).put("n", i);
            default -> random.nextInt(4) == 0 ? null : whole;
        };
    }

    private static Object unfit(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Map.of("n", 1L << 40);
            case 1 -> new Struct(WHOLE).put("n", 1L << 40).put("s", "too large a number");
            case 2 -> Map.of("n", 1, "s", "half \uD83D");
            default -> "no map";
        };
    }

    private static Map<String, @Nullable Object> entries(OneTopic topic) {
        Map<String, @Nullable Object> entries = new TreeMap<>();
        try (Vault vault = Vault.open(topic.file())) {
            if (vault.contents().contains(Content.Kind.KEY_VALUES, "latest")) {
                KVault kv = vault.kv("latest");
                for (byte[] key : kv.keys(KvRange.all())) {
                    Object value = kv.findValue(key).orElse(null);
                    entries.put(
                            new String(key, StandardCharsets.UTF_8),
                            value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : value);
                }
            }
        }
        return entries;
    }

    private static List<String> documents(OneTopic topic) {
        List<String> documents = new ArrayList<>();
        try (Vault vault = Vault.open(topic.file())) {
            if (vault.contents().contains(Content.Kind.DOCUMENTS, "docs")) {
                vault.text("docs")
                        .scan()
                        .forEach(document -> documents.add(document.id() + " " + document.texts() + document.value()));
            }
        }
        return documents;
    }
}
