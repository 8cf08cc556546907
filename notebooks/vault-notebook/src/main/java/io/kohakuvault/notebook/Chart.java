package io.kohakuvault.notebook;

import io.kohakuvault.notebook.internal.ChartData;
import io.kohakuvault.notebook.internal.Charts;
import io.kohakuvault.table.TableReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Columns as a chart: {@code Chart.of(table).lines("ts", "loss [nats]")}. A column is named as it is, with a unit in
 * brackets that the axis shows, and with another label where {@code as} says one: {@code "dep_delay as delay [min]"}.
 *
 * <p>The drawing is SVG in the page's text colour; as text a chart says what its axes span. Nulls and numbers that are
 * not finite are gaps. Of more rows than a chart can show (3,000 for lines, 1,500 for points) every nth is drawn, and
 * said; bars of more than 60 rows are refused. Immutable but for what it reads, of which a result of SQL is read once;
 * nothing is read before {@link #lines}, {@link #points} or {@link #bars}.
 *
 * <pre>{@code
 * View view = Chart.of(flights).title("Delays").points("distance [mi]", "dep_delay as delay [min]");
 * Map<String, ?> columns = Map.of("city", List.of("Oslo", "Rome"), "rain", new double[] {9.5, 12.25});
 * View bars = Chart.of(columns).bars("city", "rain [mm]");
 * }</pre>
 */
public final class Chart {
    private final ChartData data;
    private final String title;

    private Chart(ChartData data, String title) {
        this.data = data;
        this.title = title;
    }

    /**
     * Of a table.
     *
     * @param table a table of a vault or of a snapshot
     * @return a chart to be drawn
     */
    public static Chart of(TableReader table) {
        return new Chart(ChartData.of(table), "");
    }

    /**
     * Of an Arrow batch.
     *
     * @param batch an open batch
     * @return a chart to be drawn
     */
    public static Chart of(VectorSchemaRoot batch) {
        return new Chart(ChartData.of(batch), "");
    }

    /**
     * Of a result of SQL, which is read to its end.
     *
     * @param result an open result
     * @return a chart to be drawn once
     * @throws SQLException when it is closed
     */
    public static Chart of(ResultSet result) throws SQLException {
        return new Chart(ChartData.of(result), "");
    }

    /**
     * Of columns in memory.
     *
     * @param columns arrays or lists of one length by name
     * @return a chart to be drawn
     * @throws IllegalArgumentException when they are something else
     */
    public static Chart of(Map<String, ?> columns) {
        return new Chart(ChartData.of(columns), "");
    }

    /**
     * With a line above it.
     *
     * @param text plain text
     * @return a changed copy
     */
    public Chart title(String text) {
        return new Chart(data, text);
    }

    /**
     * A line for each column.
     *
     * @param x numbers, times or texts, in the order of the rows
     * @param y numbers; one column at least
     * @return the drawing
     * @throws java.util.NoSuchElementException when there is no such column; says which there are
     * @throws IllegalArgumentException when a column has no numbers
     */
    public View lines(String x, String... y) {
        return View.of(Charts.draw(title, data, Charts.Shape.LINES, x, List.of(y)));
    }

    /**
     * A point for each row and column.
     *
     * @param x numbers, times or texts
     * @param y numbers; one column at least
     * @return the drawing
     * @throws java.util.NoSuchElementException when there is no such column; says which there are
     * @throws IllegalArgumentException when a column has no numbers
     */
    public View points(String x, String... y) {
        return View.of(Charts.draw(title, data, Charts.Shape.POINTS, x, List.of(y)));
    }

    /**
     * A bar for each row and column.
     *
     * @param x texts, numbers or times
     * @param y numbers; one column at least
     * @return the drawing
     * @throws java.util.NoSuchElementException when there is no such column; says which there are
     * @throws IllegalArgumentException when a column has no numbers, or for more than 60 rows
     */
    public View bars(String x, String... y) {
        return View.of(Charts.draw(title, data, Charts.Shape.BARS, x, List.of(y)));
    }
}
