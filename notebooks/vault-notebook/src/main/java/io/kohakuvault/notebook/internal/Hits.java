package io.kohakuvault.notebook.internal;

import io.kohakuvault.search.HybridHit;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.vector.VectorHit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** What a search found. */
public final class Hits {
    /** Marks around hits that stand in no text: for private use, and cut out of texts before they are shown. */
    public static final String BEGIN = "\uE0F0";
    /** The end of a hit. */
    public static final String END = "\uE0F1";

    private static final int BAR_EM = 8;

    private Hits() {}

    /** Whether a list is one of hits alone. */
    public static boolean are(List<?> list) {
        return !list.isEmpty()
                && (list.stream().allMatch(TextHit.class::isInstance)
                        || list.stream().allMatch(VectorHit.class::isInstance)
                        || list.stream().allMatch(HybridHit.class::isInstance));
    }

    /** Hits of one kind, best first; marks of snippets are {@link #BEGIN} and {@link #END}, or {@code **}. */
    public static Rendered of(String title, List<?> hits) {
        if (hits.isEmpty()) {
            String nothing = (title.isEmpty() ? "" : title + ": ") + "nothing was found";
            return Rendered.message(nothing);
        }
        if (!are(hits)) {
            throw new IllegalArgumentException("hits of one search are wanted, TextHit, VectorHit or HybridHit, but"
                    + " the first element is a " + hits.get(0).getClass().getName());
        }
        List<Line> lines = new ArrayList<>();
        Object first = hits.get(0);
        String measure = first instanceof VectorHit ? "distance" : "score";
        for (Object hit : hits) {
            lines.add(line(hit));
        }
        scale(lines, first instanceof VectorHit);
        return render(title, lines, measure, first instanceof HybridHit);
    }

    private static final class Line {
        final double measure;
        final String ranks;
        final Optional<String> snippet;
        final Object value;
        final long id;
        double share;

        Line(double measure, String ranks, Optional<String> snippet, Optional<Object> value, long id) {
            this.measure = measure;
            this.ranks = ranks;
            this.snippet = snippet;
            this.value = value.orElse("");
            this.id = id;
        }
    }

    private static Line line(Object hit) {
        if (hit instanceof TextHit text) {
            return new Line(text.score(), "", excerpt(text.snippet(), text.texts()), text.value(), text.id());
        }
        if (hit instanceof VectorHit vector) {
            return new Line(vector.distance(), "", Optional.empty(), vector.value(), vector.id());
        }
        HybridHit both = (HybridHit) hit;
        String ranks = rank("words", both.textRank()) + ", " + rank("vectors", both.vectorRank());
        Optional<String> snippet = both.text().flatMap(TextHit::snippet);
        long id = both.text()
                .map(TextHit::id)
                .or(() -> both.vector().map(VectorHit::id))
                .orElse(-1L);
        return new Line(both.score(), ranks, excerpt(snippet, both.texts()), both.value(), id);
    }

    private static String rank(String search, OptionalInt rank) {
        return search + " " + (rank.isPresent() ? "#" + rank.getAsInt() : "–");
    }

    private static Optional<String> excerpt(Optional<String> snippet, List<String> texts) {
        return snippet.or(() -> texts.isEmpty() ? Optional.empty() : Optional.of(String.join(" · ", texts)));
    }

    /** Bars: a score's from 0 to the best; a distance's from 0, or the least where it is less, to the largest. */
    private static void scale(List<Line> lines, boolean distances) {
        double low = 0;
        double high = 0;
        for (Line line : lines) {
            low = Math.min(low, line.measure);
            high = Math.max(high, line.measure);
        }
        for (Line line : lines) {
            double from = distances || low < 0 ? low : 0;
            line.share = high > from ? (line.measure - from) / (high - from) : 0;
        }
    }

    private static Rendered render(String title, List<Line> lines, String measure, boolean ranked) {
        boolean excerpts = lines.stream().anyMatch(line -> line.snippet.isPresent());
        StringBuilder html = new StringBuilder();
        StringBuilder text = new StringBuilder();
        if (!title.isEmpty()) {
            html.append("<p class=\"kv-t\">").append(Html.isolated(title)).append("</p>");
            text.append(Cells.printable(title)).append('\n');
        }
        html.append("<div class=\"kv-s\"><table><thead><tr><th></th><th>").append(measure);
        html.append(measure.equals("distance") ? " <span class=\"kv-m\">(shorter is nearer)</span>" : "");
        html.append("</th>").append(ranked ? "<th>ranks</th>" : "").append(excerpts ? "<th>text</th>" : "");
        html.append("<th>value</th></tr></thead><tbody>");
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            double size = Math.abs(line.measure);
            String number = size != 0 && (size < .001 || size >= 1e9)
                    ? String.format(Locale.ROOT, "%.2e", line.measure)
                    : String.format(Locale.ROOT, "%.4f", line.measure);
            html.append("<tr><td class=\"kv-n kv-m\">")
                    .append(i + 1)
                    .append("</td><td title=\"id ")
                    .append(line.id);
            html.append("\">")
                    .append(number)
                    .append("<br>")
                    .append(Html.bar(line.share, BAR_EM))
                    .append("</td>");
            text.append(String.format(Locale.ROOT, "%3d  %s  %-10s", i + 1, number, bar(line.share)));
            if (ranked) {
                html.append("<td>").append(line.ranks.replace(", ", "<br>")).append("</td>");
                text.append("  ").append(line.ranks);
            }
            if (excerpts) {
                String snippet = line.snippet.orElse("");
                html.append("<td class=\"kv-w\">")
                        .append(marked(snippet, "<mark>", "</mark>", true))
                        .append("</td>");
                text.append("  ").append(marked(snippet, "**", "**", false));
            }
            html.append("<td class=\"").append(excerpts ? "" : "kv-w").append("\">");
            html.append(Cells.html(line.value)).append("</td></tr>");
            text.append("  [").append(Cells.shortText(line.value)).append("]\n");
        }
        html.append("</tbody></table></div>");
        return new Rendered(Html.box(html.toString()), text.toString().stripTrailing());
    }

    private static String bar(double share) {
        return "▇".repeat((int) Math.round(share * 10));
    }

    /** A snippet with its marks made anew; what stands between them is escaped. */
    private static String marked(String snippet, String begin, String end, boolean html) {
        String cut = snippet.length() > Cells.LONG ? snippet.substring(0, Cells.LONG) + "…" : snippet;
        String plain = Cells.printable(cut.replaceAll("\\s+", " "));
        if (!plain.contains(BEGIN)) {
            // An odd one is no mark.
            plain = plain.replaceAll("\\*\\*(.+?)\\*\\*", BEGIN + "$1" + END);
        }
        StringBuilder marked = new StringBuilder();
        int from = 0;
        boolean open = false;
        for (int i = 0; i < plain.length(); i++) {
            boolean mark = plain.startsWith(open ? END : BEGIN, i);
            if (mark || plain.startsWith(BEGIN, i) || plain.startsWith(END, i)) {
                String part = plain.substring(from, i);
                marked.append(html ? Html.escape(part) : part);
                if (mark) {
                    marked.append(open ? end : begin);
                    open = !open;
                }
                from = i + 1;
            }
        }
        String rest = plain.substring(from);
        return marked.append(html ? Html.escape(rest) : rest)
                .append(open ? end : "")
                .toString();
    }
}
