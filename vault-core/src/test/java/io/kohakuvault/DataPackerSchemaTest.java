package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.kohakuvault.codec.DataPacker;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packers with a JSON schema. */
class DataPackerSchemaTest {
    private static final String ORDER = """
            {"type": "object",
             "required": ["items"],
             "properties": {"items": {"type": "array", "items": {
                "type": "object", "properties": {"price": {"type": "number", "minimum": 0}, "a/b": {"type": "integer"}}}}}}""";

    @TempDir
    Path folder;

    private static void refused(Runnable call, String... parts) {
        assertThatThrownBy(call::run)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"msgpack", "cbor", "msgpack:100", "cbor:100"})
    void violationsNameThePathAndTheRuleOnPackingAndOnUnpacking(String dtype) {
        DataPacker plain = DataPacker.of(dtype);
        DataPacker packer = plain.withJsonSchema(ORDER);
        Map<String, Object> good = Map.of("items", List.of(Map.of("price", 0L), Map.of("price", 2.5)));
        Map<String, Object> bad = Map.of("items", List.of(Map.of("price", 1), Map.of("price", -1.5)));
        assertThat(packer.pack(good)).isEqualTo(plain.pack(good));
        assertThat(packer.unpack(plain.pack(good))).isEqualTo(good);
        String[] why = {"/items/1/price", "minimum", "0"};
        refused(() -> packer.pack(bad), why);
        refused(() -> packer.unpack(plain.pack(bad)), why);
        refused(() -> packer.packMany(List.of(good, bad)), "value 1: ", "/items/1/price");
        refused(() -> packer.pack(Map.of()), "the value itself", "required", "items");
        refused(() -> packer.pack(null), "the value itself", "null found, object expected");
        refused(() -> packer.pack(Map.of("items", List.of(Map.of("a/b", 1.5)))), "/items/0/a~1b", "integer");
        if (!packer.isVariableSize()) {
            refused(() -> packer.unpackMany(plain.packMany(List.of(good, bad)), 2), "element 1: ", "/items/1/price");
        }
    }

    @Test
    void messagesAreInEnglishWhateverTheLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            refused(
                    () -> DataPacker.of("cbor")
                            .withJsonSchema("{\"type\": \"string\"}")
                            .pack(1),
                    "string expected");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void manyViolationsAreCounted() {
        DataPacker texts = DataPacker.of("msgpack").withJsonSchema("{\"items\": {\"type\": \"string\"}}");
        refused(() -> texts.pack(List.of(1, 2, 3, 4, 5, 6, 7)), "/0: ", "/4: ", "; and 2 more");
    }

    @Test
    void whatJsonDoesNotHaveIsRefused() throws Exception {
        DataPacker any = DataPacker.of("msgpack").withJsonSchema("true");
        refused(() -> any.pack(List.of(1.0, Double.NaN)), "/1: ", "NaN");
        refused(() -> any.pack(Double.POSITIVE_INFINITY), "the value itself", "Infinity");
        byte[] withBytes = {(byte) 0x81, (byte) 0xA1, '~', (byte) 0xC4, 1, 7}; // {"~": bytes}
        byte[] withNumber = {(byte) 0x81, 1, 7}; // {1: 7}
        assertThat(DataPacker.of("msgpack").unpack(withBytes)).isInstanceOf(Map.class);
        refused(() -> any.unpack(withBytes), "/~0: ", "byte[]");
        refused(() -> any.unpack(withNumber), "key");
        assertThat(any.unpack(any.pack(Arrays.asList(null, true, 1L, 2.5, "x", Map.of()))))
                .isEqualTo(Arrays.asList(null, true, 1L, 2.5, "x", Map.of()));
    }

    @Test
    void olderDraftsAreKnownBySchema() {
        // In draft 4 a bound is exclusive by a boolean; in 2020-12 such a schema is none.
        String draft4 =
                "{\"$schema\": \"http://json-schema.org/draft-04/schema#\", \"minimum\": 1, \"exclusiveMinimum\": true}";
        refused(() -> DataPacker.of("cbor").withJsonSchema(draft4).pack(1), "inimum");
        refused(
                () -> DataPacker.of("cbor").withJsonSchema("{\"minimum\": 1, \"exclusiveMinimum\": true}"),
                "/exclusiveMinimum");
        for (String draft : List.of("draft-04", "draft-06", "draft-07", "draft/2019-09", "draft/2020-12")) {
            for (String end : List.of("", "#")) {
                String http = draft.contains("/") ? "https" : "http";
                String named = "{\"$schema\": \"%s://json-schema.org/%s/schema%s\", \"type\": \"null\"}"
                        .formatted(http, draft, end);
                assertThat(DataPacker.of("cbor").withJsonSchema(named).pack(null))
                        .as(named)
                        .hasSize(1);
                refused(() -> DataPacker.of("cbor").withJsonSchema(named).pack(1), "null expected");
            }
        }
        assertThat(DataPacker.of("cbor").withJsonSchema(draft4).pack(2)).isEqualTo(new byte[] {2});
        DataPacker schemas =
                DataPacker.of("cbor").withJsonSchema("{\"$ref\": \"https://json-schema.org/draft/2020-12/schema\"}");
        refused(() -> schemas.pack(Map.of("type", "strng")), "/type");
    }

    @Test
    void schemasThatAreNoneAreRefusedAtOnce() {
        DataPacker packer = DataPacker.of("msgpack");
        refused(() -> packer.withJsonSchema("{\"type\": "), "no JSON");
        refused(() -> packer.withJsonSchema("{} {}"), "no JSON");
        refused(() -> packer.withJsonSchema("{\"type\": \"null\", \"type\": \"string\"}"), "uplicate");
        refused(() -> packer.withJsonSchema(""), "object");
        refused(() -> packer.withJsonSchema("[]"), "object");
        refused(() -> packer.withJsonSchema("{\"type\": \"strng\"}"), "/type");
        refused(() -> packer.withJsonSchema("{\"pattern\": \"[\"}"), "[");
        refused(() -> packer.withJsonSchema("{\"$ref\": \"#/nowhere\"}"), "/nowhere");
        refused(() -> packer.withJsonSchema("{\"$schema\": \"https://example.com/own\"}"), "https://example.com/own");
        refused(() -> packer.withJsonSchema("{\"$ref\": \"https://json-schema.org/draft/none\"}"), "/draft/none");
        refused(() -> packer.withJsonSchema("{\"$ref\": \"#\"}").pack(1), "$ref");
        refused(() -> DataPacker.of("i64").withJsonSchema("{}"), "i64");
        refused(() -> packer.withJsonSchema("{\"items\":".repeat(900) + "{}" + "}".repeat(900)), "nested too deeply");
    }

    @Test
    void nothingIsFetched() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            Path schema = Files.writeString(folder.resolve("any.json"), "{}");
            String http = "http://localhost:" + server.getAddress().getPort() + "/any.json";
            for (String place : List.of(
                    http,
                    "https://json-schema.org/draft/../draft/2020-12/schema",
                    schema.toUri().toString(),
                    "classpath:draft/2020-12/schema",
                    "resource:draft/2020-12/schema")) {
                for (String form : List.of(
                        "{\"$ref\": \"%s\"}",
                        "{\"$dynamicRef\": \"%s\"}",
                        "{\"$schema\": \"%s\"}",
                        "{\"properties\": {\"a\": {\"anyOf\": [{\"$ref\": \"%s\"}]}}}",
                        "{\"$id\": \"%s\", \"$ref\": \"other.json\"}")) {
                    refused(
                            () -> DataPacker.of("msgpack")
                                    .withJsonSchema(form.formatted(place))
                                    .pack(Map.of("a", 1)),
                            "JSON schema");
                }
            }
            assertThat(requests).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    /** Without the library: the rest works, and the error says what to add, each time. */
    @Test
    void aMissingLibraryIsNamed() throws Exception {
        List<URL> without = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("json-schema-validator") && !entry.contains("jackson-databind")) {
                without.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(without.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> type = loader.loadClass(DataPacker.class.getName());
            assertThat(type).isNotSameAs(DataPacker.class);
            Object packer = type.getMethod("of", String.class).invoke(null, "msgpack");
            assertThat(type.getMethod("pack", Object.class).invoke(packer, 1L)).isEqualTo(new byte[] {1});
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() ->
                                type.getMethod("withJsonSchema", String.class).invoke(packer, "{}"))
                        .isInstanceOf(InvocationTargetException.class)
                        .cause()
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("com.networknt:json-schema-validator:2.0");
            }
        }
    }
}
