package io.kohakuvault.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatioGuardTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("vault.root"), "docs", "benchmarks.md");

    @TempDir
    Path folder;

    @Test
    void theDocumentRecordsWhatIsMeasured() throws IOException {
        Map<String, Double> recorded = RecordedRatios.read(DOCUMENT);
        assertThat(new ArrayList<>(recorded.keySet())).isEqualTo(RatioGuard.names());
        assertThat(recorded.values()).allSatisfy(ratio -> assertThat(ratio).isPositive());
    }

    @Test
    void aTableWithoutItsMarksOrWithANameTwiceIsRefused() throws IOException {
        Path document = folder.resolve("benchmarks.md");
        Files.write(document, List.of("| `a` | 1 | x |"));
        assertThatThrownBy(() -> RecordedRatios.read(document)).hasMessageContaining("guard: begin");
        Files.write(
                document,
                List.of("<!-- guard: begin -->", "| `a` | 1 | x |", "| `a` | 2 | x |", "<!-- guard: end -->"));
        assertThatThrownBy(() -> RecordedRatios.read(document)).hasMessageContaining("two rows for a");
    }

    @Test
    void whatIsSlowerThanAThirdOfWhatIsRecordedFailsAfterThreeTries() throws Exception {
        int[] tries = {0, 0, 0};
        Map<String, Double> recorded = Map.of("good", 3.0, "bad", 3.0, "unlucky", 3.0);
        boolean passed = RatioGuard.isPassed(recorded, List.of("good", "bad", "unlucky"), name -> switch (name) {
            case "good" -> 1.0 + tries[0]++;
            case "bad" -> 0.99 - tries[1]++;
            default -> tries[2]++ == 0 ? 0.1 : 2.0;
        });
        assertThat(passed).isFalse();
        assertThat(tries).containsExactly(1, 3, 2);
        assertThat(RatioGuard.isPassed(recorded, List.of("good", "unlucky"), name -> 1.0))
                .isTrue();
        assertThatThrownBy(() -> RatioGuard.isPassed(recorded, List.of("new"), name -> 1.0))
                .hasMessageContaining("records no ratio of new");
    }
}
