package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.testkit.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every value that the original wrote, read as what it was when it was put, or exactly as the original reads it. */
class GoldenValuesTest {
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    Path folder;

    private static String read(KvReader kv, byte[] key) {
        try {
            return Tagged.of(kv.findValue(key).orElse(null));
        } catch (VaultCorruptException e) {
            return "error";
        }
    }

    @Test
    void valuesReadAsWhatTheyWereWhereTheBytesAllow() {
        JsonNode manifest = Golden.manifest("kv-text-vector");
        Map<String, JsonNode> wrong = new HashMap<>();
        manifest.get("original_reads_wrong")
                .forEach(e -> wrong.put(e.path("table").asText() + e.path("key").asText(), e));
        TreeSet<String> misread = new TreeSet<>();
        int right = 0;
        try (Vault vault = Vault.open(Golden.database("kv-text-vector", folder))) {
            for (JsonNode entry : manifest.get("kv").get("entries")) {
                String key = entry.get("key").asText();
                String table = entry.get("table").asText();
                JsonNode original = wrong.get(table + key);
                if (original != null && original.get("why").asText().equals("lost")) {
                    continue; // not in the bytes
                }
                String expected = Tagged.of(original == null ? entry.get("read") : original.get("true"));
                String found = read(vault.kv(table), HEX.parseHex(key));
                if (entry.path("encoding").asText().equals("01")) {
                    assertThat(found).as("a pickle is never unpickled").isEqualTo("pickle");
                } else if (found.equals(expected)) {
                    right++;
                } else {
                    misread.add(entry.path("name").asText(key));
                }
            }
        }
        // Eight bytes that mean two things at once: the rule of docs/format.md decides for the other.
        assertThat(misread)
                .containsExactlyInAnyOrder(
                        "int 9007199254740993",
                        "int 4611686018427387904",
                        "int 9223372036854775807",
                        "int 4604930618986332160",
                        "int 4614162998222441677",
                        "float 0.0",
                        "float -5e-324",
                        "float nan fff8000000000001",
                        "float -0.0",
                        "float 5e-324",
                        "float 4.9e-312",
                        "rnd int 6",
                        "rnd int 8",
                        "rnd int 11",
                        "array u1 2",
                        "array i1 2",
                        "array u2 1",
                        "array i2 1");
        assertThat(right).isGreaterThan(300);
    }

    @Test
    void theOriginalsGuessReadsWhatTheOriginalReads() {
        JsonNode manifest = Golden.manifest("kv-text-vector");
        int compared = 0;
        VaultOptions options = VaultOptions.defaults().withNumberGuess(NumberGuess.ORIGINAL);
        try (Vault vault = Vault.open(Golden.database("kv-text-vector", folder), options)) {
            for (JsonNode entry : manifest.get("kv").get("entries")) {
                if (entry.path("encoding").asText().equals("02")) {
                    assertThat(read(
                                    vault.kv(entry.get("table").asText()),
                                    HEX.parseHex(entry.get("key").asText())))
                            .as(entry.get("name").asText())
                            .isEqualTo(Tagged.of(entry.get("read")));
                    compared++;
                }
            }
        }
        assertThat(compared).isEqualTo(175);
    }

    @Test
    void scansFindWhatTheOriginalFound() {
        JsonNode scans = Golden.manifest("kv-text-vector").get("kv").get("scans");
        try (Vault vault = Vault.open(Golden.database("kv-text-vector", folder))) {
            for (JsonNode scan : scans) {
                JsonNode prefix = scan.get("prefix");
                KvRange range = KvRange.prefix(HEX.parseHex(prefix.isNull() ? "" : prefix.asText()));
                if (scan.hasNonNull("after")) {
                    byte[] after = HEX.parseHex(scan.get("after").asText());
                    if (range.contains(after)) {
                        range = range.resumeAfter(after);
                    } else if (!prefix.isNull() && scan.get("after").asText().compareTo(prefix.asText()) > 0) {
                        range = range.limit(0);
                    }
                }
                if (scan.hasNonNull("limit")) {
                    range = range.limit(scan.get("limit").asLong());
                }
                List<String> found = new ArrayList<>();
                vault.kv(scan.get("table").asText()).keys(range).forEach(key -> found.add(HEX.formatHex(key)));
                List<String> expected = new ArrayList<>();
                scan.get("keys").forEach(key -> expected.add(key.asText()));
                assertThat(found).as(scan.toString()).isEqualTo(expected);
            }
        }
        assertThat(scans.size()).isEqualTo(20);
    }
}
