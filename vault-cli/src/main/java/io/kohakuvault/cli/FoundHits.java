package io.kohakuvault.cli;

import io.kohakuvault.cli.terminal.DisplayText;
import io.kohakuvault.cli.terminal.Terminal;
import io.kohakuvault.cli.terminal.TerminalWriter;
import io.kohakuvault.search.HybridHit;
import io.kohakuvault.tabular.internal.JsonTree;
import io.kohakuvault.tabular.internal.ValueJson;
import io.kohakuvault.text.Snippets;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.vector.VectorHit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Prints what a search has found: for people under headings, for programs as JSON lines. */
final class FoundHits {
    private static final String MARK = "**";
    private static final String NOTHING = "-";

    private final FileCommand command;
    private final boolean json;
    private final boolean vertical;
    private final boolean bold;

    FoundHits(FileCommand command, boolean json, boolean vertical) {
        this.command = command;
        this.json = json;
        this.vertical = vertical;
        this.bold = command.out() instanceof TerminalWriter && Terminal.hasColours();
    }

    /** Snippets whose hits can be told where they are shown. */
    Snippets marked(Snippets snippets) {
        if (json) {
            return snippets.withMarks(MARK, MARK);
        }
        return bold
                ? snippets.withMarks(String.valueOf(DisplayText.HIT), String.valueOf(DisplayText.HIT_END))
                : snippets.withMarks("", "");
    }

    /** Prints documents; answers how many. */
    int texts(List<String> columns, List<TextHit> hits) {
        if (json) {
            hits.forEach(hit -> {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("id", hit.id());
                line.put("score", hit.score());
                tail(line, hit.value(), hit.snippet(), columns, hit.texts());
            });
            return hits.size();
        }
        List<List<String>> rows = new ArrayList<>();
        hits.forEach(hit ->
                rows.add(List.of(number(hit.score()), id(hit.id()), value(hit.value()), snippet(hit.snippet()))));
        table(List.of("-SCORE", "-ID", "VALUE", "SNIPPET"), rows);
        return hits.size();
    }

    /** Prints vectors; answers how many. */
    int vectors(List<VectorHit> hits) {
        if (json) {
            hits.forEach(hit -> {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("id", hit.id());
                line.put("distance", hit.distance());
                tail(line, hit.value(), Optional.empty(), List.of(), List.of());
            });
            return hits.size();
        }
        List<List<String>> rows = new ArrayList<>();
        hits.forEach(hit -> rows.add(List.of(number(hit.distance()), id(hit.id()), value(hit.value()))));
        table(List.of("-DISTANCE", "-ID", "VALUE"), rows);
        return hits.size();
    }

    /** Prints what words, a vector or both have found; answers how many. */
    int both(List<String> columns, List<HybridHit> hits) {
        if (json) {
            hits.forEach(hit -> {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("score", hit.score());
                hit.text().ifPresent(found -> {
                    line.put("id", found.id());
                    line.put("text_rank", hit.textRank().orElseThrow());
                    line.put("text_score", found.score());
                });
                hit.vector().ifPresent(found -> {
                    line.put("vector_id", found.id());
                    line.put("vector_rank", hit.vectorRank().orElseThrow());
                    line.put("distance", found.distance());
                });
                tail(line, hit.value(), hit.text().flatMap(TextHit::snippet), columns, hit.texts());
            });
            return hits.size();
        }
        List<List<String>> rows = new ArrayList<>();
        hits.forEach(hit -> rows.add(List.of(
                number(hit.score()),
                hit.text().map(found -> id(found.id())).orElse(NOTHING),
                rank(hit.textRank()),
                hit.vector().map(found -> id(found.id())).orElse(NOTHING),
                rank(hit.vectorRank()),
                value(hit.value()),
                snippet(hit.text().flatMap(TextHit::snippet)))));
        table(List.of("-SCORE", "-ID", "-#TEXT", "-VECTOR", "-#VECTOR", "VALUE", "SNIPPET"), rows);
        return hits.size();
    }

    private void tail(
            Map<String, Object> line,
            Optional<Object> value,
            Optional<String> snippet,
            List<String> columns,
            List<String> texts) {
        line.put("value", ValueJson.tree(value.orElse(null)));
        snippet.ifPresent(cut -> line.put("snippet", cut));
        if (!texts.isEmpty()) {
            Map<String, Object> byColumn = new LinkedHashMap<>();
            for (int i = 0; i < texts.size(); i++) {
                byColumn.put(columns.get(i), texts.get(i));
            }
            line.put("texts", byColumn);
        }
        command.out().print(JsonTree.text(line));
        command.out().print('\n');
    }

    private void table(List<String> headings, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        ShownRows shown = new ShownRows(
                vertical,
                headings.stream()
                        .map(h -> new ShownRows.Heading(h.startsWith("-") ? h.substring(1) : h, h.startsWith("-")))
                        .toList());
        for (int i = 0; i < rows.size(); i++) {
            shown.add("hit " + (i + 1), rows.get(i));
        }
        for (String line : shown.lines()) {
            if (bold && command.out() instanceof TerminalWriter terminal) {
                terminal.printHits(line);
            } else {
                command.out().println(line);
            }
        }
    }

    /** Four digits: scores and distances are compared with each other, and seldom by more. */
    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4g", value) : Double.toString(value);
    }

    private static String id(long id) {
        return Long.toString(id);
    }

    private static String rank(OptionalInt rank) {
        return rank.isPresent() ? Integer.toString(rank.getAsInt()) : NOTHING;
    }

    private static String value(Optional<Object> value) {
        return value.map(DisplayValue::of).orElse("");
    }

    private static String snippet(Optional<String> snippet) {
        return snippet.orElse("");
    }
}
