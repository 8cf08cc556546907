package io.kohakuvault.notebook.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Columns as charts. */
public final class Charts {
    /** How columns are drawn. */
    public enum Shape {
        LINES,
        POINTS,
        BARS
    }

    private static final int MOST_LINE_POINTS = 3_000;
    private static final int MOST_POINTS = 1_500;
    private static final int MOST_BARS = 60;

    /** Characters that fit: above and below a chart, beside it, and at a bar. */
    private static final int TITLE = 90;

    private static final int UP_LABEL = 44;
    private static final int LABEL = 24;
    private static final int FEW_LABELS = 6;

    private Charts() {}

    /** The chart; a sentence where there is nothing to draw. */
    public static Rendered draw(String title, ChartData data, Shape shape, String x, List<String> y) {
        if (y.isEmpty()) {
            throw new IllegalArgumentException("a chart needs a column to draw over \"" + x + "\"");
        }
        Axis across = Axis.parse(x, data.names());
        List<Axis> up = y.stream().map(s -> Axis.parse(s, data.names())).toList();
        List<String> columns = new ArrayList<>();
        columns.add(across.column());
        up.forEach(axis -> columns.add(axis.column()));
        int most = shape == Shape.LINES ? MOST_LINE_POINTS : shape == Shape.POINTS ? MOST_POINTS : MOST_BARS;
        ChartData.Sample sample = data.read(columns, most);
        if (shape == Shape.BARS && sample.all() > MOST_BARS) {
            throw new IllegalArgumentException(Counts.of(sample.all()) + " bars cannot be told apart: group the rows"
                    + " first, to " + MOST_BARS + " at most, or draw lines");
        }
        Points points = points(sample, up);
        if (points.x.isEmpty()) {
            return Rendered.message((title.isEmpty() ? "" : title + ": ") + "there is nothing to draw, "
                    + (sample.all() == 0 ? "no rows" : "no row has both a place that an axis shows and a number"));
        }
        String undrawn = undrawn(points, across, up);
        if (!undrawn.isEmpty()) {
            return Rendered.message((title.isEmpty() ? "" : title + ": ") + undrawn);
        }
        boolean times = points.x.get(0) instanceof Date;
        String acrossLabel = times && points.utc ? across.label() + " (UTC)" : across.label();
        String upLabel = up.size() == 1 ? up.get(0).label() : commonUnit(up);
        AxesChart<?, ?> chart = points.x.get(0) instanceof String || shape == Shape.BARS
                ? categories(shape, points, up)
                : numbers(shape, points, up);
        String note = sample.every() == 1
                ? ""
                : "every " + Counts.of(sample.every()) + ordinal(sample.every()) + " of " + Counts.of(sample.all())
                        + " rows is drawn";
        if (points.skipped > 0) {
            note += (note.isEmpty() ? "" : "; ") + Counts.of(points.skipped, "row has", "rows have") + " no "
                    + across.label();
        }
        if (points.outside > 0) {
            note += (note.isEmpty() ? "" : "; ") + Counts.of(points.outside, "row has", "rows have")
                    + " a time before the year -9999 or after 9999";
        }
        String summary = summary(title, acrossLabel, up, points, shape, note);
        String svg = ChartSvg.of(
                chart,
                shortened(title, TITLE),
                shortened(acrossLabel, TITLE),
                shortened(upLabel, UP_LABEL),
                up.size() > 1,
                summary);
        String html = "<div class=\"kv-s\">" + svg + "</div>"
                + (note.isEmpty() ? "" : "<p class=\"kv-c\">" + Html.escape(note) + "</p>");
        return new Rendered(Html.box(html), summary);
    }

    private static String ordinal(long n) {
        if (n % 100 >= 11 && n % 100 <= 13) {
            return "th";
        }
        return switch ((int) (n % 10)) {
            case 1 -> "st";
            case 2 -> "nd";
            case 3 -> "rd";
            default -> "th";
        };
    }

    /** The unit that all series have; none where they differ, since the legend says them. */
    private static String commonUnit(List<Axis> up) {
        String unit = null;
        for (Axis axis : up) {
            int bracket = axis.label().lastIndexOf('[');
            String own = bracket < 0 ? "" : axis.label().substring(bracket);
            if (unit != null && !unit.equals(own)) {
                return "";
            }
            unit = own;
        }
        return unit == null ? "" : unit;
    }

    private static final class Points {
        final List<Object> x = new ArrayList<>();
        final List<List<@Nullable Double>> y = new ArrayList<>();
        long skipped;
        long outside;
        boolean utc;
    }

    private static Points points(ChartData.Sample sample, List<Axis> up) {
        Points points = new Points();
        up.forEach(axis -> points.y.add(new ArrayList<>()));
        boolean text = AxisLimits.areTexts(sample.rows());
        boolean drawn = false;
        for (Object[] row : sample.rows()) {
            Object place = AxisLimits.place(row[0], text);
            if (place instanceof Date date && AxisLimits.isOutside(date)) {
                points.outside++;
                continue;
            }
            if (place == null) {
                points.skipped++;
                continue;
            }
            points.utc |= row[0] instanceof Instant;
            points.x.add(place);
            for (int s = 0; s < up.size(); s++) {
                Double number = number(up.get(s), row[s + 1]);
                drawn |= number != null;
                points.y.get(s).add(number);
            }
        }
        if (!drawn) {
            points.x.clear();
        }
        return points;
    }

    /** Why numbers cannot be drawn; empty where they can. */
    private static String undrawn(Points points, Axis across, List<Axis> up) {
        if (points.x.get(0) instanceof Double) {
            String why = AxisLimits.undrawn(across.label(), points.x.stream().mapToDouble(x -> (Double) x));
            if (!why.isEmpty()) {
                return why;
            }
        }
        String labels = up.stream().map(Axis::label).collect(Collectors.joining(", "));
        return AxisLimits.undrawn(
                labels,
                points.y.stream().flatMap(List::stream).filter(Objects::nonNull).mapToDouble(y -> y));
    }

    private static String shortened(String text, int most) {
        String line = Cells.printable(text);
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
    }

    private static @Nullable Double number(Axis axis, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Boolean truth) {
            return truth ? 1.0 : 0.0;
        }
        if (value instanceof Number number) {
            double d = number.doubleValue();
            return Double.isFinite(d) ? d : null;
        }
        throw new IllegalArgumentException("the column \"" + axis.column() + "\" has a "
                + value.getClass().getSimpleName() + ", which is no number to draw: " + Cells.shortText(value));
    }

    private static AxesChart<?, ?> numbers(Shape shape, Points points, List<Axis> up) {
        XYChart chart = new XYChart(ChartSvg.WIDTH, ChartSvg.HEIGHT);
        for (int s = 0; s < up.size(); s++) {
            // A gap is a NaN: XChart ends the line there.
            List<Double> y = points.y.get(s).stream()
                    .map(d -> d == null ? Double.NaN : d)
                    .toList();
            XYSeries series = chart.addSeries(name(up, s), points.x, y);
            series.setXYSeriesRenderStyle(
                    shape == Shape.POINTS ? XYSeries.XYSeriesRenderStyle.Scatter : XYSeries.XYSeriesRenderStyle.Line);
            series.setMarker(
                    shape == Shape.POINTS || points.x.size() <= 40 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        }
        if (points.x.get(0) instanceof Double) {
            roundBounds(chart, points);
        }
        chart.getStyler().setMarkerSize(shape == Shape.POINTS ? 5 : 6);
        return chart;
    }

    /** Bounds between which XChart's ticks are round numbers. */
    private static void roundBounds(XYChart chart, Points points) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Object x : points.x) {
            low = Math.min(low, (Double) x);
            high = Math.max(high, (Double) x);
        }
        double size = high - low;
        if (size <= 0 || !Double.isFinite(size)) {
            return;
        }
        double power = Math.pow(10, Math.floor(Math.log10(size / 10)));
        double step = size / 10 <= 2 * power ? 2 * power : size / 10 <= 5 * power ? 5 * power : 10 * power;
        chart.getStyler().setXAxisMin(Math.floor(low / step) * step);
        chart.getStyler().setXAxisMax(Math.ceil(high / step) * step);
    }

    private static AxesChart<?, ?> categories(Shape shape, Points points, List<Axis> up) {
        CategoryChart chart = new CategoryChart(ChartSvg.WIDTH, ChartSvg.HEIGHT);
        List<String> labels = new ArrayList<>();
        for (Object place : points.x) {
            String label = place instanceof Double d
                    ? Cells.number(d).replaceFirst("\\.0$", "")
                    : place instanceof Date date
                            ? date.toInstant().toString().replace("T00:00:00Z", "")
                            : (String) place;
            labels.add(shortened(label, points.x.size() > FEW_LABELS ? LABEL : 2 * LABEL));
        }
        for (int s = 0; s < up.size(); s++) {
            CategorySeries series = chart.addSeries(name(up, s), labels, points.y.get(s));
            if (shape != Shape.BARS) {
                series.setChartCategorySeriesRenderStyle(
                        shape == Shape.LINES
                                ? CategorySeries.CategorySeriesRenderStyle.Line
                                : CategorySeries.CategorySeriesRenderStyle.Scatter);
            }
        }
        chart.getStyler().setAvailableSpaceFill(.8);
        // Each has its label, where there is room for one.
        chart.getStyler().setXAxisTickMarkSpacingHint(Math.max(10, ChartSvg.WIDTH / (labels.size() + 2) - 2));
        int longest = labels.stream().mapToInt(String::length).max().orElse(0);
        if ((long) longest * labels.size() > 80) {
            chart.getStyler().setXAxisLabelRotation(45);
        }
        return chart;
    }

    /** The name of a series; two of one name are told apart. */
    private static String name(List<Axis> up, int series) {
        List<String> names = new ArrayList<>();
        for (Axis axis : up.subList(0, series + 1)) {
            String label = axis.label().isBlank() ? "–" : shortened(axis.label(), TITLE);
            String name = label;
            for (int n = 2; names.contains(name); n++) {
                name = label + " (" + n + ")";
            }
            names.add(name);
        }
        return names.get(series);
    }

    private static String summary(String title, String across, List<Axis> up, Points points, Shape shape, String note) {
        StringBuilder text = new StringBuilder();
        if (!title.isEmpty()) {
            text.append(Cells.printable(title)).append('\n');
        }
        Object first = points.x.get(0);
        Object last = points.x.get(points.x.size() - 1);
        text.append(Cells.printable(across))
                .append(": ")
                .append(place(first))
                .append(" … ")
                .append(place(last));
        for (int s = 0; s < up.size(); s++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (Double d : points.y.get(s)) {
                if (d != null) {
                    low = Math.min(low, d);
                    high = Math.max(high, d);
                }
            }
            text.append('\n').append(Cells.printable(up.get(s).label())).append(": ");
            text.append(low > high ? "nothing" : Cells.number(low) + " … " + Cells.number(high));
        }
        if (shape == Shape.BARS) {
            bars(text, points);
        }
        return text.append(note.isEmpty() ? "" : "\n" + note).toString();
    }

    private static void bars(StringBuilder text, Points points) {
        double high = points.y.get(0).stream()
                .mapToDouble(d -> d == null ? 0 : Math.abs(d))
                .max()
                .orElse(0);
        for (int i = 0; i < points.x.size(); i++) {
            Double d = points.y.get(0).get(i);
            int length = d == null || high == 0 ? 0 : (int) Math.round(Math.abs(d) / high * 30);
            text.append(String.format(
                            Locale.ROOT,
                            "%n%16s %s %s",
                            place(points.x.get(i)),
                            "▇".repeat(length),
                            d == null ? "null" : Cells.number(d))
                    .replace("\r\n", "\n"));
        }
    }

    private static String place(Object x) {
        if (x instanceof Date date) {
            return date.toInstant().toString();
        }
        return x instanceof Double d ? Cells.number(d).replaceFirst("\\.0$", "") : Cells.shortText(x);
    }
}
