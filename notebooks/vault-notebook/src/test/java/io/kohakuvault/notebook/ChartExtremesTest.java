package io.kohakuvault.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Charts of numbers, times and names that nobody would draw, and what their axes say. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChartExtremesTest {
    /** A drawing that is well-formed, or the sentence that says why there is none. */
    private static boolean isDrawn(View view) throws Exception {
        String html = view.html();
        if (!html.contains("<svg")) {
            assertThat(view.text()).containsAnyOf("an axis cannot show", "there is nothing to draw");
            return false;
        }
        String svg = html.substring(html.indexOf("<svg"), html.indexOf("</svg>") + 6);
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        return true;
    }

    static Stream<Arguments> extremes() {
        return Stream.of(
                Arguments.of("largest", new double[] {-Double.MAX_VALUE, Double.MAX_VALUE, 0}),
                Arguments.of("large", new double[] {1e308, -1e308, 3}),
                Arguments.of("least", new double[] {Double.MIN_VALUE, 2 * Double.MIN_VALUE, 3 * Double.MIN_VALUE}),
                Arguments.of("one", new double[] {42}),
                Arguments.of("one zero", new double[] {0}),
                Arguments.of("all the same", new double[] {5, 5, 5}),
                Arguments.of("all the same, large", new double[] {1e200, 1e200}),
                Arguments.of("neighbours", new double[] {1, Math.nextUp(1.0), 1}),
                Arguments.of("large neighbours", new double[] {1e18, Math.nextUp(1e18)}),
                Arguments.of("negative", new double[] {-5, -7, -6}),
                Arguments.of("infinite", new double[] {1, Double.NEGATIVE_INFINITY, 2}),
                Arguments.of("not a number first and last", new double[] {Double.NaN, 1, 2, Double.NaN}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("extremes")
    void numbersOfEverySizeAreDrawnOrSaidWhy(String name, double[] y) throws Exception {
        double[] places = new double[y.length];
        Arrays.setAll(places, i -> i);
        String[] names = new String[y.length];
        Arrays.setAll(names, i -> "n" + i);
        Chart chart = Chart.of(Map.of("p", places, "n", names, "y", y)).title(name);
        boolean drawn = isDrawn(chart.lines("p", "y"));
        assertThat(isDrawn(chart.points("p", "y"))).isEqualTo(drawn);
        assertThat(isDrawn(chart.bars("p", "y"))).isEqualTo(drawn);
        assertThat(isDrawn(chart.lines("n", "y"))).isEqualTo(drawn);
        assertThat(isDrawn(chart.bars("n", "y"))).isEqualTo(drawn);
        assertThat(isDrawn(chart.lines("y", "p"))).isEqualTo(drawn);
        assertThat(isDrawn(chart.points("y", "p"))).isEqualTo(drawn);
        assertThat(isDrawn(chart.bars("y", "p"))).isEqualTo(drawn);
        assertThat(drawn).isNotEqualTo(name.matches(".*largest|large|least|.*neighbours"));
    }

    @Test
    void whatAnAxisCannotShowIsSaidWithAWayOut() {
        double next = Math.nextUp(1e18); // JDK 19 and later write it with fewer digits
        Map<String, Object> columns = Map.of("x", new double[] {1, 2}, "y", new double[] {1e18, next});
        assertThat(Chart.of(columns).title("T").lines("x", "y [m]").text())
                .isEqualTo("T: an axis cannot show y [m] from 1.0E18 to " + next
                        + ": draw how far the numbers are from one" + " of them");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("times")
    void timesOfEveryAgeAreDrawnOrSaid(String name, List<Object> times) throws Exception {
        double[] y = new double[times.size()];
        Arrays.setAll(y, i -> i);
        Chart chart = Chart.of(Map.of("t", times, "y", y)).title(name);
        isDrawn(chart.points("t", "y"));
        isDrawn(chart.bars("t", "y"));
        View view = chart.lines("t", "y");
        assertThat(isDrawn(view)).isNotEqualTo(name.equals("ages"));
        if (name.equals("before and after") || name.equals("days")) {
            assertThat(view.text()).contains("2 rows have a time before the year -9999 or after 9999");
        }
    }

    static Stream<Arguments> times() {
        return Stream.of(
                Arguments.of("one", List.of(Instant.EPOCH)),
                Arguments.of("the same", List.of(Instant.EPOCH, Instant.EPOCH)),
                Arguments.of("a millisecond", List.of(Instant.EPOCH, Instant.ofEpochMilli(1))),
                Arguments.of("nanoseconds", List.of(Instant.EPOCH, Instant.ofEpochSecond(0, 1))),
                Arguments.of(
                        "ages", List.of(Instant.ofEpochMilli(Long.MIN_VALUE), Instant.ofEpochMilli(Long.MAX_VALUE))),
                Arguments.of("before and after", List.of(Instant.MIN, Instant.EPOCH, Instant.MAX)),
                Arguments.of("days", List.of(LocalDate.MIN, LocalDate.of(2024, 2, 29), LocalDate.MAX)),
                Arguments.of(
                        "a zero that is meant as none", List.of(Instant.EPOCH, Instant.parse("2026-01-01T00:00:00Z"))));
    }

    @Test
    @SuppressWarnings("JavaUtilDate") // drivers of databases give these
    void datesAndTimesOfDatabasesArePlaces() throws Exception {
        Map<String, Object> columns = Map.of(
                "d", List.of(java.sql.Date.valueOf("2024-02-28"), java.sql.Date.valueOf("2024-02-29")),
                "t", List.of(java.sql.Time.valueOf("09:30:00"), java.sql.Time.valueOf("10:00:00")),
                "y", List.of(1, 2));
        assertThat(Chart.of(columns).lines("d", "y").text()).contains("2024-02-28T00:00:00Z … 2024-02-29T00:00:00Z");
        assertThat(Chart.of(columns).bars("t", "y").text()).contains("09:30:00 ▇");
    }

    @Test
    void namesMayBeEmptyAndTheSame() throws Exception {
        Map<String, Object> columns = Map.of(
                "n", List.of("", "a", "a", " ", "\uFFFF", "\u05E9"),
                "", new int[] {1, 2, 3, 4, 5, 6},
                "b", new int[] {1, 2, 3, 4, 5, 6});
        View view = Chart.of(columns).bars("n", "", "b", "b", "b as b (2)");
        assertThat(isDrawn(view)).isTrue();
        assertThat(view.text()).contains("▇");
        assertThat(isDrawn(Chart.of(columns).lines("n", "", "b"))).isTrue();
        assertThat(isDrawn(Chart.of(columns).lines("", "b"))).isTrue();
    }

    @Test
    void whatIsMixedIsPlacedByItsName() throws Exception {
        Map<String, Object> columns =
                Map.of("x", Arrays.asList(1, "two", null, Instant.EPOCH), "y", List.of(1, 2, 3, 4));
        assertThat(Chart.of(columns).bars("x", "y").text())
                .containsPattern("two ▇")
                .contains("1 row has no x");
        Map<String, Object> halves = Map.of("x", List.of(1, Instant.EPOCH), "y", List.of(1, 2));
        assertThat(isDrawn(Chart.of(halves).lines("x", "y"))).isTrue();
    }

    /** Without the description, which is not cut. */
    private static String drawing(int length) {
        String name = "t".repeat(length);
        return Chart.of(Map.of("x", List.of(name, name), "y", List.of(1, 2)))
                .title(name)
                .bars("x as " + name, "y as " + name)
                .html()
                .replaceAll("aria-label=\"[^\"]*\"|kv[0-9a-z]+-\\d+-", "");
    }

    @Test
    void longNamesAreCutSoThatTheDrawingHasRoom() {
        assertThat(drawing(5_000)).isEqualTo(drawing(200));
    }
}
