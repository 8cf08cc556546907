package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.Table;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Elements that callers have encoded themselves: what could not be read again is not stored. */
class EncodedElementsTest {
    @TempDir
    Path folder;

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text == null ? "" : text);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "msgpack, none",
                "msgpack, 92 01", // an array of two that has one
                "msgpack, c1", // no type at all
                "msgpack, 01 02", // two values
                "msgpack, a3 61 ff 62", // no UTF-8
                "msgpack, 01 00", // a zero more, which is padding only where elements have a size
                "msgpack:4, 01 02",
                "msgpack:4, 01 00 00 00 00",
                "cbor, none",
                "cbor, 82 01",
                "cbor, ff",
                "cbor, 1c",
                "cbor, 01 02",
                "cbor:4, 01 02",
                "vec:f32, none",
                "vec:f32, 01",
                "vec:f32, 01 01 02 00 00 00 00 00 80 3f", // one of two numbers
                "vec:f32, 01 01 01 00 00 00 00 00 80 3f 00", // a byte more
                "vec:f32, 02 01 01 00 00 00 00 00 00 00 00 00 f0 3f", // of another element
                "vec:f32:2, 00 00 80 3f"
            })
    void whatIsNoElementIsRefused(String dtype, String bytes) {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = vault.tables()
                    .ensure(
                            "t",
                            Schema.builder().column("x", DType.parse(dtype)).build());
            String given = bytes == null ? "" : bytes.replace(" ", "");
            assertThatThrownBy(() -> table.append(row -> row.set("x", hex(given))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'x'")
                    .hasMessageContaining(dtype);
            assertThat(table.length()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "msgpack, 92 01 02",
        "msgpack, c0",
        "msgpack:4, 01",
        "msgpack:4, 01 00 00 00",
        "cbor, 82 01 02",
        "cbor, f6",
        "cbor:4, 01 00",
        "vec:f32, 01 01 01 00 00 00 00 00 80 3f",
        "vec:f32:1, 00 00 80 3f"
    })
    void whatIsOneIsReadAgain(String dtype, String bytes) {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = vault.tables()
                    .ensure(
                            "t",
                            Schema.builder().column("x", DType.parse(dtype)).build());
            table.append(row -> row.set("x", hex(bytes.replace(" ", ""))));
            table.rows(0, 1).get(0).get("x");
            assertThat(vault.columns().bytes("t.x").get(0)).startsWith(hex(bytes.replace(" ", "")));
        }
    }

    private static Table listAndMap(Vault vault) {
        return vault.tables()
                .ensure(
                        "t",
                        Schema.builder()
                                .nullable("list", new LogicalType.ListOf())
                                .nullable("map", new LogicalType.MapOf())
                                .build());
    }

    @Test
    void listsAndMapsAreSuch() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = listAndMap(vault);
            table.append(row -> row.set("list", hex("9101")).set("map", hex("81a16101")));
            assertThat(table.rows(0, 1).get(0).get("list")).isEqualTo(List.of(1L));
            assertThat(table.rows(0, 1).get(0).get("map")).isEqualTo(Map.of("a", 1L));
            assertThatThrownBy(() -> table.append(row -> row.set("list", hex("81a16101"))))
                    .isInstanceOf(IllegalArgumentException.class);
            // What is refused is not there either when the filler goes on.
            table.append(row -> {
                assertThatThrownBy(() -> row.set("list", hex("80"))).isInstanceOf(IllegalArgumentException.class);
                row.set("list", hex("90"));
            });
            assertThat(table.rows(1, 2).get(0).get("list")).isEqualTo(List.of());
            // Earlier versions took an element that says null.
            table.append(row -> row.set("map", hex("c0")));
            assertThat(table.rows(2, 3).get(0).get("map")).isNull();
            assertThat(table.present("map", 0, 3).cardinality()).isEqualTo(2);
            assertThat(table.length()).isEqualTo(3);
        }
    }

    @Test
    void numbersAreNoListsAndNoMaps() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = listAndMap(vault);
            for (String column : List.of("list", "map")) {
                for (Object number : List.of(5L, 5, (short) 5, 0.5, 5f, BigInteger.TEN, new BigDecimal("1.5"))) {
                    assertThatThrownBy(() -> table.append(row -> row.setObject(column, number)))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining(column);
                }
                assertThatThrownBy(() -> table.append(row -> row.set(column, 5L)))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> table.append(row -> row.set(column, 0.5)))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> table.appendColumns(
                                columns -> columns.column(column).add(5L)))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(table.length()).isZero();
        }
    }

    /** Shorter bytes are padded where they are bytes; of a UUID or a decimal that makes another one. */
    @Test
    void theBytesOfAUuidOrADecimalAreWhole() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = vault.tables()
                    .ensure(
                            "t",
                            Schema.builder()
                                    .nullable("uuid", new LogicalType.Uuid())
                                    .nullable("decimal", new LogicalType.Decimal(38, 2))
                                    .build());
            for (String column : List.of("uuid", "decimal")) {
                for (int length : new int[] {0, 1, 15, 17}) {
                    assertThatThrownBy(() -> table.append(row -> row.set(column, new byte[length])))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining(column);
                }
            }
            byte[] bytes = hex("000102030405060708090a0b0c0d0e0f");
            table.append(row -> row.set("uuid", bytes).set("decimal", hex("d2040000000000000000000000000000")));
            assertThat(table.rows(0, 1).get(0).get("uuid"))
                    .isEqualTo(UUID.fromString("00010203-0405-0607-0809-0a0b0c0d0e0f"));
            assertThat(table.rows(0, 1).get(0).getDecimal("decimal")).isEqualTo(new BigDecimal("12.34"));
        }
    }
}
