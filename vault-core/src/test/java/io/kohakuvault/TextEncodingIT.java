package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.PythonEncodings;
import io.kohakuvault.codec.TextEncoding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text encodings against the Python that is there, and columns of them against the real KohakuVault. */
@Tag("interop")
class TextEncodingIT {
    private static final Path SCRIPT = Path.of("src/test/python/text_encodings.py");

    @TempDir
    Path folder;

    @Test
    void pythonMakesTheSameOfEveryCharacterAndOfRandomTexts() throws Exception {
        String python = RealKohakuVault.python().toString();
        long seed = System.nanoTime() & 0x7FFFFFFF;
        Path texts = folder.resolve("texts");
        Path names = folder.resolve("names");
        System.out.println(
                "text encodings: " + RealKohakuVault.run(python, "--version").strip() + ", seed " + seed);
        RealKohakuVault.run(python, SCRIPT.toString(), "texts", Long.toString(seed), "150", texts.toString());
        PythonEncodings.compareTexts(Files.readAllLines(texts));
        RealKohakuVault.run(python, SCRIPT.toString(), "names", names.toString());
        PythonEncodings.compareNames(Files.readAllLines(names));
        PythonEncodings.compareChecksums(RealKohakuVault.run(python, SCRIPT.toString(), "checksums")
                .lines()
                .toList());
    }

    @Test
    void kohakuVaultReadsAndAppendsToTextOfEveryEncoding() throws Exception {
        Path python = RealKohakuVault.python();
        Path file = folder.resolve("text.db");
        Map<String, List<String>> manifest = new LinkedHashMap<>();
        List<String> samples = List.of(
                "",
                "Abc 123",
                "Grüße, 5 €",
                "Привет",
                "Γειά",
                "日本語テキスト",
                "ｶﾅ",
                "中文简体",
                "繁體中文",
                "한글 갂",
                "שלום",
                "مرحبا",
                "ไทย",
                "😀",
                "\uFEFFa",
                "か゚",
                "a\nb");
        try (Vault vault = Vault.open(file)) {
            for (TextEncoding encoding : TextEncoding.values()) {
                boolean sized =
                        List.of("UTF8", "UTF16LE", "UTF16BE", "ASCII", "LATIN1").contains(encoding.name());
                for (int size : sized ? new int[] {0, 60} : new int[] {0}) {
                    List<String> texts = new ArrayList<>();
                    for (String sample : samples) {
                        try {
                            encoding.encode(sample);
                            texts.add(sample);
                        } catch (IllegalArgumentException e) {
                            assertThat(sample.chars()).as(encoding.name()).anyMatch(c -> c >= 0x80);
                        }
                    }
                    DType.StringType dtype = new DType.StringType(size, encoding);
                    vault.columns().ensure(dtype.token(), dtype).appendAll(texts);
                    manifest.put(dtype.token(), texts);
                }
            }
        }
        Path json = folder.resolve("manifest.json");
        Files.writeString(json, new ObjectMapper().writeValueAsString(manifest));
        String said = RealKohakuVault.run(
                python.toString(), "src/test/python/text_columns.py", file.toString(), json.toString());
        System.out.println("text columns: " + said.strip());
        assertThat(said).contains(" 0 differences");
        try (Vault vault = Vault.openReadOnly(file)) {
            manifest.forEach((token, texts) -> {
                List<String> twice = new ArrayList<>(texts);
                twice.addAll(texts);
                twice.add("a");
                assertThat(vault.columns().strings(token).asList()).as(token).isEqualTo(twice);
            });
        }
    }
}
