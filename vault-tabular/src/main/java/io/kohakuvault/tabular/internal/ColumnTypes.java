package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Columns with their types as text: {@code name=type} or {@code name=type not null}, between commas or line ends. A
 * name that holds one of the signs that mean something here stands in double quotes, which are doubled within it. Lines
 * that begin with # are comments.
 */
public final class ColumnTypes {
    /** Names that mean themselves. */
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_$]([\\p{L}\\p{N}_$. /-]*[\\p{L}\\p{N}_$./-])?");

    private ColumnTypes() {}

    /**
     * Reads columns.
     *
     * @param text what {@link #text} writes
     * @return by name, in their order
     * @throws IllegalArgumentException for what is no such text
     */
    public static Map<String, SchemaColumn> parse(String text) {
        Map<String, SchemaColumn> columns = new LinkedHashMap<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || c == ',') {
                at++;
            } else if (c == '#') {
                at = end(text, at, "\n");
            } else {
                StringBuilder name = new StringBuilder();
                at = name(text, at, name);
                int end = end(text, at + 1, ",\n");
                String type =
                        text.substring(Math.min(text.length(), at + 1), end).strip();
                if (at == text.length()) {
                    throw new IllegalArgumentException("'" + name + "': say a type, as in " + name + "=i64");
                }
                if (columns.put(name.toString(), column(name.toString(), type)) != null) {
                    throw new IllegalArgumentException("the column '" + name + "' stands twice");
                }
                at = end;
            }
        }
        return columns;
    }

    /** Reads a name and answers where the equals sign stands, or the end. */
    private static int name(String text, int start, StringBuilder name) {
        if (text.charAt(start) != '"') {
            int end = end(text, start, "=,\n");
            name.append(text.substring(start, end).strip());
            return end < text.length() && text.charAt(end) == '=' ? end : text.length();
        }
        int at = start + 1;
        while (true) {
            if (at == text.length()) {
                throw new IllegalArgumentException("a name in quotes does not end: " + text.substring(start));
            } else if (text.charAt(at) != '"') {
                name.append(text.charAt(at++));
            } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
                name.append('"');
                at += 2;
            } else {
                return at + 1 < text.length() && text.charAt(at + 1) == '=' ? at + 1 : text.length();
            }
        }
    }

    private static int end(String text, int from, String signs) {
        int at = from;
        while (at < text.length() && signs.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return Math.min(at, text.length());
    }

    /**
     * A column.
     *
     * @param name its name
     * @param said a dtype or logical type; {@code not null} behind it, or else it may be null
     * @return the column
     * @throws IllegalArgumentException for a type that is none
     */
    public static SchemaColumn column(String name, String said) {
        String lower = said.toLowerCase(Locale.ROOT);
        boolean nullable = !lower.endsWith(" not null");
        String type = (nullable
                        ? said.substring(0, said.length() - (lower.endsWith(" null") ? 5 : 0))
                        : said.substring(0, said.length() - 9))
                .strip();
        LogicalType logical = LogicalType.parse(
                        switch (type) {
                            case "timestamp" -> "timestamp:us:UTC";
                            case "time" -> "time:us";
                            default -> type;
                        })
                .orElseThrow();
        try {
            return logical instanceof LogicalType.Other
                    ? SchemaColumn.of(name, DType.parse(type), nullable)
                    : SchemaColumn.of(name, logical, nullable);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + "=" + said + ": " + e.getMessage()
                            + (logical instanceof LogicalType.Other
                                    ? "; also timestamp, date, time, decimal:P:S, json, list, map, uuid, all in small letters"
                                    : ""),
                    e);
        }
    }

    /**
     * A column as text that {@link #parse} reads. A logical type that this release does not know is left out.
     *
     * @param column the column
     * @return a line without its end
     */
    public static String text(SchemaColumn column) {
        return name(column.name()) + "=" + type(column) + (column.nullable() ? "" : " not null");
    }

    static String type(SchemaColumn column) {
        return column.logicalType()
                .filter(type -> !(type instanceof LogicalType.Other))
                .map(LogicalType::token)
                .orElse(column.dtype().token());
    }

    private static String name(String name) {
        return PLAIN.matcher(name).matches() ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /**
     * Names between commas, in quotes where they hold one or such a sign.
     *
     * @param text the names
     * @return in their order
     * @throws IllegalArgumentException when there is none, or a quote does not end
     */
    public static java.util.List<String> names(String text) {
        java.util.List<String> names = new java.util.ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            StringBuilder name = new StringBuilder();
            int end;
            if (at < text.length() && text.charAt(at) == '"') {
                end = at + 1;
                while (end < text.length() && (text.charAt(end) != '"' || text.startsWith("\"\"", end))) {
                    name.append(text.charAt(end));
                    end += text.charAt(end) == '"' ? 2 : 1;
                }
                end++;
                if (end > text.length() || (end < text.length() && text.charAt(end) != ',')) {
                    throw new IllegalArgumentException("a name in quotes does not end: " + text.substring(at));
                }
            } else {
                end = end(text, at, ",");
                name.append(text, at, end);
            }
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a name is missing in '" + text + "'");
            }
            names.add(name.toString());
            at = end + 1;
        }
        return names;
    }
}
