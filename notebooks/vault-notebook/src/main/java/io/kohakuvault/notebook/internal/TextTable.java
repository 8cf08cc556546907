package io.kohakuvault.notebook.internal;

import java.util.List;
import java.util.function.IntPredicate;

/** Cells in aligned columns, for a terminal. */
final class TextTable {
    private TextTable() {}

    static void append(StringBuilder text, List<String[]> lines, IntPredicate alignedRight) {
        int columns = lines.get(0).length;
        int[] widths = new int[columns];
        for (String[] line : lines) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], width(line[c]));
            }
        }
        for (String[] line : lines) {
            StringBuilder one = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                if (widths[c] > 0) {
                    String gap = " ".repeat(widths[c] - width(line[c]));
                    one.append(alignedRight.test(c) ? gap + line[c] : line[c] + gap)
                            .append("  ");
                }
            }
            text.append(one.toString().stripTrailing()).append('\n');
        }
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
