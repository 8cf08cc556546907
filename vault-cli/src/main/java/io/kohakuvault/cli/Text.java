package io.kohakuvault.cli;

import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.OpaqueValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Values and tables for people to read. */
final class Text {
    private Text() {}

    /** A value in one line. */
    static String of(Object value) {
        if (value instanceof byte[] bytes) {
            String hex = HexFormat.of().formatHex(bytes, 0, Math.min(32, bytes.length));
            return "x'" + hex + (bytes.length > 32 ? "…' (" + bytes.length + " bytes)" : "'");
        } else if (value instanceof float[] floats) {
            return Arrays.toString(floats.length > 8 ? Arrays.copyOf(floats, 8) : floats)
                    + (floats.length > 8 ? "… (" + floats.length + ")" : "");
        } else if (value instanceof NumericArray || value instanceof OpaqueValue) {
            return value.toString();
        }
        return String.valueOf(value).replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t");
    }

    /** Bytes in a unit that reads well. */
    static String size(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    /** Rows under headings; columns that begin with a minus sign are set to the right. */
    static List<String> table(List<String> headings, List<List<String>> rows) {
        int[] widths = new int[headings.size()];
        List<List<String>> all = new ArrayList<>();
        all.add(headings.stream()
                .map(h -> h.startsWith("-") ? h.substring(1) : h)
                .toList());
        all.addAll(rows);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                boolean right = headings.get(i).startsWith("-");
                line.append(i == 0 ? "" : "  ")
                        .append(String.format("%" + (right ? "" : "-") + Math.max(1, widths[i]) + "s", row.get(i)));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
