package io.kohakuvault.internal.text;

import io.kohakuvault.text.Snippets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Snippets as FTS5 cuts them (https://sqlite.org/fts5.html#the_snippet_function). For HTML, FTS5 marks hits with signs
 * that no text needs, so that the text between them can be escaped; one that has such a sign all the same gets no
 * markup from it that is not closed.
 */
final class SnippetSql {
    /** Unicode's noncharacters, for use inside of programs. */
    private static final char BEFORE = '\uFDD0';

    private static final char AFTER = '\uFDD1';
    private static final char ELLIPSIS = '\uFDD2';

    private final TextSchema schema;
    private final @Nullable Snippets how;

    /** @param how null for none */
    SnippetSql(TextSchema schema, @Nullable Snippets how) {
        this.schema = schema;
        this.how = how;
        if (how != null && how.column() >= schema.columns().size()) {
            throw new IllegalArgumentException(
                    "snippets of column " + how.column() + ", but there are " + schema.columns());
        }
    }

    /** The expression, of the table called f; its arguments are added. */
    String select(List<Object> args) {
        Snippets wanted = how;
        if (wanted == null) {
            return "NULL";
        }
        long column = wanted.column() == Snippets.BEST_COLUMN ? -1 : schema.position(wanted.column());
        boolean html = wanted.isHtml();
        args.addAll(List.of(column, html ? "" + BEFORE : wanted.before(), html ? "" + AFTER : wanted.after()));
        if (wanted.isWhole()) {
            return "highlight(" + schema.whole() + ", ?, ?, ?)";
        }
        args.addAll(List.of(html ? "" + ELLIPSIS : wanted.ellipsis(), (long) wanted.tokens()));
        return "snippet(" + schema.whole() + ", ?, ?, ?, ?, ?)";
    }

    /** A snippet as it was asked for, from what FTS5 has cut; null where there is none. */
    @Nullable
    String finish(@Nullable String cut) {
        Snippets wanted = how;
        if (wanted == null || cut == null || !wanted.isHtml()) {
            return cut;
        }
        StringBuilder html = new StringBuilder(cut.length() + 32);
        boolean open = false;
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            switch (c) {
                case BEFORE -> {
                    html.append(open ? "" : wanted.before());
                    open = true;
                }
                case AFTER -> {
                    html.append(open ? wanted.after() : "");
                    open = false;
                }
                case ELLIPSIS -> html.append(wanted.ellipsis());
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(c);
            }
        }
        return html.append(open ? wanted.after() : "").toString();
    }
}
