package io.kohakuvault.notebook.internal;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A column of a chart: {@code column}, {@code column [unit]}, {@code column as label [unit]}. */
public record Axis(String column, String label) {
    private static final Pattern WITH_UNIT = Pattern.compile("(.*?)\\s*(\\[[^\\[\\]]*\\])");

    /** Reads a specification; a name that is a column's as it stands is that column. */
    public static Axis parse(String specification, List<String> columns) {
        if (columns.contains(specification)) {
            return new Axis(specification, specification);
        }
        String rest = specification.strip();
        String unit = "";
        Matcher matcher = WITH_UNIT.matcher(rest);
        if (matcher.matches()) {
            rest = matcher.group(1);
            unit = " " + matcher.group(2);
        }
        String label = rest;
        int as = rest.indexOf(" as ");
        if (as >= 0 && !columns.contains(rest)) {
            label = rest.substring(as + 4).strip();
            rest = rest.substring(0, as).strip();
        }
        if (!columns.contains(rest)) {
            throw new NoSuchElementException("there is no column \"" + rest + "\" to draw; there are " + columns);
        }
        return new Axis(rest, label + unit);
    }
}
