package io.kohakuvault.notebook.internal;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** XChart's drawing as SVG that stands in a page: small, in the page's text colour, with a description. */
final class ChartSvg {
    static final int WIDTH = 760;
    static final int HEIGHT = 340;

    /** Stands for the page's text colour until the drawing is done; no other part of a chart has it. */
    private static final Color TEXT = new Color(1, 2, 4);
    /** The same for grid lines. */
    private static final Color GRID = new Color(1, 2, 6);

    private static final Color NONE = new Color(255, 255, 255, 0);
    private static final Color[] SERIES = {
        new Color(66, 133, 244), new Color(230, 126, 34), new Color(39, 174, 96), new Color(155, 89, 182),
        new Color(231, 76, 60), new Color(22, 160, 180), new Color(149, 165, 40), new Color(127, 140, 141)
    };
    private static final Pattern DECIMALS = Pattern.compile("(-?\\d+\\.\\d)\\d+");
    private static final Pattern CLIP = Pattern.compile("clip(-?\\d+)");
    private static final Pattern LINE = Pattern.compile(
            "<line style=\"([^\"]*)\" x1=\"([^\"]*)\" x2=\"([^\"]*)\" y1=\"([^\"]*)\" y2=\"([^\"]*)\"/>\\s*");
    private static final AtomicLong NUMBER = new AtomicLong();

    private ChartSvg() {}

    static String of(AxesChart<?, ?> chart, String title, String x, String y, boolean legend, String description) {
        chart.setTitle(title);
        chart.setXAxisTitle(x);
        chart.setYAxisTitle(y);
        AxesChartStyler styler = chart.getStyler();
        style(styler, legend);
        styler.setChartTitleVisible(!title.isEmpty());
        styler.setYAxisTitleVisible(!y.isEmpty());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ChartEncoder.saveChart(chart, out, "svg");
        } catch (IOException e) {
            throw new UncheckedIOException("the chart cannot be drawn", e);
        }
        return embed(out.toString(StandardCharsets.UTF_8), description);
    }

    private static void style(AxesChartStyler styler, boolean legend) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        styler.setChartBackgroundColor(NONE);
        styler.setPlotBackgroundColor(NONE);
        styler.setPlotBorderVisible(false);
        styler.setLegendBackgroundColor(NONE);
        styler.setLegendBorderColor(NONE);
        styler.setChartFontColor(TEXT);
        styler.setChartTitleFontColor(TEXT);
        styler.setChartTitleBoxVisible(false);
        styler.setAxisTickLabelsColor(TEXT);
        styler.setAxisTickMarksColor(TEXT);
        styler.setXAxisTitleColor(TEXT);
        styler.setYAxisTitleColor(TEXT);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setSeriesColors(SERIES);
        styler.setChartTitleFont(font.deriveFont(Font.BOLD, 14));
        styler.setAxisTitleFont(font);
        styler.setAxisTickLabelsFont(font);
        styler.setLegendFont(font);
        styler.setLegendVisible(legend);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setLocale(Locale.ROOT);
        styler.setTimezone(TimeZone.getTimeZone("UTC"));
    }

    private static String embed(String drawing, String description) {
        String svg = drawing.substring(drawing.indexOf("<svg"));
        svg = joined(DECIMALS.matcher(svg).replaceAll("$1"));
        // Several charts of one page must not share names.
        long number = NUMBER.incrementAndGet();
        Matcher clips = CLIP.matcher(svg);
        svg = clips.replaceAll("kv" + Long.toString(System.nanoTime(), 36) + "-" + number + "-$1");
        svg = svg.replace("rgb(1,2,4)", "currentColor").replace("rgb(1,2,6)", "rgba(128,128,128,.28)");
        int end = svg.indexOf('>');
        String head = svg.substring(0, end).replaceFirst(" role=\"[^\"]*\"", "");
        return head + " role=\"img\" aria-label=\"" + Html.attribute(description) + "\">" + svg.substring(end + 1);
    }

    /** Lines that go on where the one before has ended as one: they are drawn without gaps, and are a tenth as long. */
    private static String joined(String svg) {
        StringBuilder joined = new StringBuilder(svg.length());
        StringBuilder points = new StringBuilder();
        String style = "";
        String end = "";
        int from = 0;
        Matcher lines = LINE.matcher(svg);
        while (lines.find()) {
            String begin = lines.group(2) + "," + lines.group(4);
            boolean goesOn = lines.start() == from && lines.group(1).equals(style) && begin.equals(end);
            if (!goesOn) {
                flush(joined, points, style);
                joined.append(svg, from, lines.start());
                style = lines.group(1);
                points.append(begin);
            }
            end = lines.group(3) + "," + lines.group(5);
            points.append(' ').append(end);
            from = lines.end();
        }
        flush(joined, points, style);
        return joined.append(svg, from, svg.length()).toString();
    }

    private static void flush(StringBuilder joined, StringBuilder points, String style) {
        if (points.length() > 0) {
            joined.append("<polyline style=\"")
                    .append(style)
                    .append("\" points=\"")
                    .append(points)
                    .append("\"/>");
            points.setLength(0);
        }
    }
}
