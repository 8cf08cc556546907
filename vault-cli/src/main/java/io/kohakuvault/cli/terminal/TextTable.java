package io.kohakuvault.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows under headings, each column as wide as it needs or as there is room for. */
public final class TextTable {
    private static final int GAP = 2;

    /** A column is not cut to less, but left out. */
    private static final int LEAST_COLUMN = 6;

    private final List<String> headings;
    private final boolean[] right;
    private final List<List<String>> rows = new ArrayList<>();
    private final int[] needed;
    private int shown = -1;

    /**
     * A table.
     *
     * @param headings of its columns; one that begins with a minus sign is of a column that is set to the right
     */
    public TextTable(List<String> headings) {
        this(
                headings.stream()
                        .map(h -> h.startsWith("-") ? h.substring(1) : h)
                        .toList(),
                headings.stream().map(h -> h.startsWith("-")).toList());
    }

    /**
     * A table.
     *
     * @param headings of its columns
     * @param right for each column whether it is set to the right
     */
    public TextTable(List<String> headings, List<Boolean> right) {
        this.headings = headings.stream().map(DisplayText::escape).toList();
        this.right = new boolean[right.size()];
        for (int i = 0; i < this.right.length; i++) {
            this.right[i] = right.get(i);
        }
        this.needed = this.headings.stream().mapToInt(DisplayText::width).toArray();
    }

    /**
     * Adds a row.
     *
     * @param cells one for each column
     */
    public void add(List<String> cells) {
        rows.add(cells.stream().map(DisplayText::escape).toList());
    }

    /**
     * The lines. Rows that are added later stand under these when they are asked for again: in columns as wide, or
     * wider where they need it.
     *
     * @param width what a line may take, 0 for any
     * @return the first time the headings; the rows since the last time; and a line that says so when columns were
     *     left out, or more of them than before
     */
    public List<String> lines(int width) {
        List<List<String>> all = new ArrayList<>();
        boolean first = shown < 0;
        if (first) {
            all.add(headings);
        }
        all.addAll(rows);
        rows.clear();
        for (List<String> row : all) {
            for (int i = 0; i < needed.length; i++) {
                needed[i] = Math.max(needed[i], DisplayText.width(row.get(i)));
            }
        }
        int[] widths = needed.clone();
        int before = first ? widths.length : shown;
        shown = width > 0 ? fit(widths, width) : widths.length;
        List<String> lines = new ArrayList<>();
        all.forEach(row -> lines.add(line(row, widths)));
        if (shown < before) {
            int left = widths.length - shown;
            lines.add(String.format(
                    Locale.ROOT, "… %,d more column%s: -x shows all, --columns chooses", left, left == 1 ? "" : "s"));
        }
        return lines;
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < shown; i++) {
            String cell = DisplayText.cut(row.get(i), Math.max(1, widths[i]));
            String padding = " ".repeat(Math.max(0, widths[i] - DisplayText.width(cell)));
            line.append(i == 0 ? "" : " ".repeat(GAP))
                    .append(right[i] ? padding : "")
                    .append(cell)
                    .append(right[i] ? "" : padding);
        }
        return line.toString().stripTrailing();
    }

    /** Makes the widest columns narrower until all fit; answers how many are left when even that is not enough. */
    private static int fit(int[] widths, int width) {
        for (int shown = widths.length; shown > 0; shown--) {
            int room = width - GAP * (shown - 1);
            int cap = cap(widths, shown, room);
            if (cap >= LEAST_COLUMN || shown == 1) {
                for (int i = 0; i < shown; i++) {
                    widths[i] = Math.min(widths[i], Math.max(1, cap));
                }
                return shown;
            }
        }
        return 0;
    }

    /** The largest width that columns may be cut to so that all have room. */
    private static int cap(int[] widths, int shown, int room) {
        int widest = 0;
        for (int i = 0; i < shown; i++) {
            widest = Math.max(widest, widths[i]);
        }
        int low = 0;
        int high = Math.max(widest, LEAST_COLUMN);
        while (low < high) {
            int cap = (low + high + 1) >>> 1;
            long sum = 0;
            for (int i = 0; i < shown; i++) {
                sum += Math.min(widths[i], cap);
            }
            if (sum <= room) {
                low = cap;
            } else {
                high = cap - 1;
            }
        }
        return low;
    }
}
