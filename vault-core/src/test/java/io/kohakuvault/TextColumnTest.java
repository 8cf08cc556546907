package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.TextEncoding;
import io.kohakuvault.column.BytesColumn;
import io.kohakuvault.column.StrColumn;
import io.kohakuvault.column.StrReader;
import io.kohakuvault.maintenance.Progress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of text in all encodings, and what is said when something does not fit. */
class TextColumnTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void choose() {
        file = folder.resolve("a.db");
    }

    private static DType.StringType text(String token) {
        return (DType.StringType) DType.parse(token);
    }

    @Test
    void textOfEveryEncodingComesBack() {
        try (Vault vault = Vault.open(file)) {
            for (TextEncoding encoding : TextEncoding.values()) {
                for (int size : new int[] {0, 40}) {
                    StrColumn column =
                            vault.columns().ensure(encoding.name() + size, new DType.StringType(size, encoding));
                    column.appendAll(List.of("", "Abc 123"));
                    column.set(0, "x");
                    column.insert(1, "yz");
                    assertThat(column.asList()).as(encoding.name()).containsExactly("x", "yz", "Abc 123");
                    assertThat(vault.columns().strings(column.name()).take(2, 0))
                            .containsExactly("Abc 123", "x");
                    assertThat(vault.columns().bytes(column.name()).get(1)).startsWith(encoding.encode("yz"));
                }
            }
            vault.columns().ensure("spelled", text("str:Shift-JIS")).append("日本");
        }
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.columns().list())
                    .anySatisfy(info -> assertThat(info.dtype()).isEqualTo("str:Shift-JIS"));
            assertThat(vault.columns().strings("spelled").get(0)).isEqualTo("日本");
            assertThat(vault.columns().bytes("spelled").get(0)).containsExactly(0x93, 0xFA, 0x96, 0x7B);
        }
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("spelled", text("str:sjis")).append("語"); // the same encoding
            assertThat(vault.columns().strings("spelled").dtype().token()).isEqualTo("str:Shift-JIS");
        }
    }

    @Test
    void whatDoesNotFitIsSaidWithColumnCharacterAndPlace() {
        try (Vault vault = Vault.open(file)) {
            StrColumn ascii = vault.columns().ensure("a", new DType.StringType(0, TextEncoding.ASCII));
            assertThatThrownBy(() -> ascii.append("Hello, 世界"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column 'a' (str:ascii)")
                    .hasMessageContaining("U+4E16 '世' at index 7 cannot be written in ascii");
            assertThatThrownBy(() -> vault.columns().ensure("s", text("str:5")).append("abcdé€"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column 's' (str:5)")
                    .hasMessageContaining("at most 5 bytes, has 9");
            assertThatThrownBy(() ->
                            vault.columns().ensure("b", new DType.BytesType(5)).append(new byte[10]))
                    .hasMessageContaining("column 'b' (bytes:5)")
                    .hasMessageContaining("at most 5 bytes, has 10");
            for (String token : List.of("msgpack:4", "cbor:4")) {
                assertThatThrownBy(() -> vault.columns()
                                .ensure(token, (DType.PackedType) DType.parse(token))
                                .append("abcdef"))
                        .hasMessageContaining("column '" + token + "'")
                        .hasMessageContaining("at most 4 bytes, has 7");
            }
            assertThatThrownBy(() -> vault.columns()
                            .ensureRaw("v", DType.parse("vec:f32:3"))
                            .append(new byte[10]))
                    .hasMessageContaining("column 'v' (vec:f32:3)")
                    .hasMessageContaining("12 bytes, has 10");
            vault.tables().ensure("t", s -> s.column("c", text("str:koi8_r")));
            assertThatThrownBy(() -> vault.tables().get("t").append(r -> r.set("c", "Приветé")))
                    .hasMessageContaining("column 'c'")
                    .hasMessageContaining("U+00E9 'é' at index 6 cannot be written in koi8_r");
            assertThat(ascii.length()).isZero();
        }
    }

    @Test
    void bytesThatAreNoTextAreAnErrorAndNotAnotherCharacter() {
        try (Vault vault = Vault.open(file)) {
            for (String token : List.of("str", "str:ascii", "str:cp1252", "str:gbk", "str:4")) {
                BytesColumn raw = vault.columns().ensureRaw(token, DType.parse(token));
                raw.append(new byte[] {'o', 'k', 0, 0});
                raw.append(new byte[] {'o', 'k', (byte) 0x81, 0});
                assertThat(vault.columns().strings(token).get(0)).startsWith("ok");
                assertThatThrownBy(() -> vault.columns().strings(token).slice(0, 2))
                        .isInstanceOf(VaultCorruptException.class)
                        .hasMessageContaining("column '" + token + "'")
                        .hasMessageContaining("element 1")
                        .hasMessageContaining("byte 2 of 4 (0x81)");
                assertThat(vault.columns().bytes(token).get(1)).hasSize(4);
            }
        }
    }

    @Test
    void anUnknownEncodingStopsNothingButTheText() throws Exception {
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("a", text("str:cp1252")).append("x");
            vault.tables().ensure("t", s -> s.column("c", text("str:cp1252")).column("n", DType.I64));
            vault.tables().get("t").append(r -> r.set("c", "y").set("n", 1));
            assertThatThrownBy(() -> vault.columns().ensure("b", text("str:nosuch")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column 'b' (str:nosuch)")
                    .hasMessageContaining("'nosuch' is not known");
        }
        TestSql.run(file, "UPDATE kvault_col_columns SET dtype = 'str:nosuch' WHERE dtype = 'str:cp1252'");
        try (Vault vault = Vault.open(file)) {
            StrReader column = vault.columns().strings("a");
            assertThat(column.length()).isEqualTo(1);
            assertThatThrownBy(() -> column.get(0))
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContaining("column 'a' (str:nosuch) cannot be read")
                    .hasMessageContaining("'nosuch' is not known");
            assertThatThrownBy(() ->
                            vault.columns().ensure("a", text("str:nosuch")).append("x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column 'a' (str:nosuch)");
            assertThat(vault.columns().bytes("a").get(0)).containsExactly('x');
            assertThat(vault.tables().get("t").rows(0, 1, "n").get(0).get("n")).isEqualTo(1L);
            assertThat(vault.columns().longs("t.n").get(0)).isEqualTo(1);
            assertThatThrownBy(() -> vault.tables().get("t").rows(0, 1)).isInstanceOf(VaultFormatException.class);
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .anySatisfy(finding -> assertThat(finding.toString()).contains("str:nosuch", "'nosuch'"));
        }
    }
}
