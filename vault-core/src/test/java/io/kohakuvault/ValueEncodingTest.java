package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.ValueEncoding;
import io.kohakuvault.kv.KVault;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encodings that are chosen, and what to do with what is no value. */
class ValueEncodingTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(ValueEncoding.class)
    void whatIsWrittenSoReadsAsWhatItWas(ValueEncoding encoding) {
        List<Object> values = new ArrayList<>(List.of(
                "text “ü” \u0000 \uD83D\uDE00",
                1L,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                0.1,
                -0.0,
                1e300,
                Double.MIN_VALUE,
                true,
                List.of(),
                Map.of(),
                BigInteger.TWO.pow(64).subtract(BigInteger.ONE),
                Map.of("a", List.of(1L, "two", Map.of("b", false)), "", 2.5)));
        Map<String, Object> holed = new HashMap<>();
        holed.put("nothing", null);
        values.add(holed);
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            KVault kv = vault.kv("kv");
            for (Object value : values) {
                kv.putValue("k", encoding.of(value));
                assertThat(kv.findValue("k")).as("%s", value).contains(value);
            }
            kv.putValue("k", encoding.of(null));
            assertThat(kv.findValue("k")).isEmpty();
            kv.putValue("k", encoding.of(7)); // as everywhere: an Integer is read as a Long
            assertThat(kv.findValue("k")).contains(7L);
            long id = vault.text("t").insert("a text", encoding.of(Map.of("k", 1)));
            assertThat(vault.text("t").get(id).value()).contains(Map.of("k", 1L));
            assertThatThrownBy(() -> kv.putValue("k", encoding.of(Set.of(1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("List.copyOf");
            assertThatThrownBy(() -> kv.putValue("k", encoding.of(encoding.of(1))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theBytesAreThoseOfTheEncoding() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            KVault kv = vault.kv("kv");
            kv.putValue("k", ValueEncoding.JSON.of(Map.of("b", 1, "a", List.of("x", 2.5))));
            byte[] stored = kv.get("k");
            assertThat(Arrays.copyOf(stored, 10))
                    .isEqualTo(new byte[] {(byte) 0x89, 0x4B, 1, 3, 0, 0, 0, 0, 0x56, 0x4B});
            assertThat(new String(stored, 10, stored.length - 10, StandardCharsets.UTF_8))
                    .isEqualTo("{\"a\":[\"x\",2.5],\"b\":1}");
            kv.putValue("k", ValueEncoding.CBOR.of(List.of(1, 2)));
            assertThat(kv.get("k")).endsWith(5, 0, 0, 0, 0, 0x56, 0x4B, 0x82, 1, 2);
            kv.putValue("k", ValueEncoding.MESSAGE_PACK.of("a"));
            assertThat(kv.get("k")).endsWith(4, 0, 0, 0, 0, 0x56, 0x4B, 0xA1, 'a');
            assertThatThrownBy(() -> kv.putValue("k", ValueEncoding.JSON.of(List.of(Double.NaN))))
                    .hasMessageContaining("JSON has no NaN");
        }
    }

    private enum Colour {
        RED
    }

    private record Point(int x, int y) {}

    @Test
    void aRefusalSaysWhatToStoreInstead() {
        Map<Object, String> hints = Map.of(
                Set.of(1),
                "List.copyOf",
                new BigDecimal("1.5"),
                "toPlainString()",
                Instant.EPOCH,
                "toEpochMilli()",
                LocalDate.EPOCH,
                "toString()",
                new UUID(1, 2),
                "toString()",
                Colour.RED,
                "name()",
                Optional.of(1),
                "orElse(null)",
                new Point(1, 2),
                "Map of its components",
                new Object(),
                "Codec");
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            hints.forEach((value, hint) -> {
                assertThatThrownBy(() -> vault.kv("kv").putValue("k", value))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(hint);
                assertThatThrownBy(() -> vault.kv("kv").putValue("k", List.of(value)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(hint);
            });
            assertThat(vault.kv("kv").exists("k")).isFalse();
        }
    }
}
