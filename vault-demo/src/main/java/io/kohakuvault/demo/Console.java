package io.kohakuvault.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the demo prints: headings with the time so far, progress, tables. */
final class Console {
    private static final int BAR = 40;
    private static final int WIDEST = 100;

    private final PrintStream out;
    private final boolean terminal = isTerminal() && System.getenv("CI") == null;
    private final long start = System.nanoTime();
    private long stage = start;
    private int lastTenth = -1;

    Console(PrintStream out) {
        this.out = out;
    }

    /** From 22 on System.console() may answer where there is no terminal; then it can be asked. */
    @SuppressWarnings("SystemConsoleNull") // asked below
    private static boolean isTerminal() {
        java.io.Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    void stage(String title) {
        stage = System.nanoTime();
        lastTenth = -1;
        out.printf(Locale.ROOT, "%n[%5.1f s] %s%n", (stage - start) / 1e9, title);
    }

    /** Says how long the stage took. */
    void done(String format, Object... args) {
        out.printf(
                Locale.ROOT,
                "          %s (%.1f s)%n",
                String.format(Locale.ROOT, format, args),
                (System.nanoTime() - stage) / 1e9);
    }

    void line(String format, Object... args) {
        out.println(("          " + String.format(Locale.ROOT, format, args)).stripTrailing());
    }

    /** A bar on a terminal, a line each tenth elsewhere. */
    void progress(long done, long all, String what) {
        int tenth = (int) (10 * done / Math.max(1, all));
        if (terminal) {
            int filled = (int) (BAR * done / Math.max(1, all));
            out.printf(
                    Locale.ROOT,
                    "\r          [%s%s] %,d of %,d %s",
                    "#".repeat(filled),
                    ".".repeat(BAR - filled),
                    done,
                    all,
                    what);
            if (done >= all) {
                out.println();
            }
            out.flush();
        } else if (tenth > lastTenth) {
            line("%3d %%  %,d of %,d %s", 10 * tenth, done, all, what);
        }
        lastTenth = Math.max(lastTenth, tenth);
    }

    /** Ends a bar that something else is printed under. */
    void breakProgress() {
        if (terminal) {
            out.println();
        }
    }

    /** Rows under headings; numbers to the right. */
    void table(List<String> headings, List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (int c = 0; c < headings.size(); c++) {
            int width = headings.get(c).length();
            for (List<String> row : rows) {
                width = Math.max(width, row.get(c).length());
            }
            widths.add(Math.min(WIDEST, width));
        }
        print(headings, widths, rows);
        out.println("          "
                + String.join("  ", widths.stream().map("-"::repeat).toList()));
        rows.forEach(row -> print(row, widths, rows));
    }

    private void print(List<String> cells, List<Integer> widths, List<List<String>> rows) {
        StringBuilder line = new StringBuilder("          ");
        for (int c = 0; c < cells.size(); c++) {
            int column = c;
            boolean numbers = rows.stream().allMatch(r -> r.get(column).matches("[-0-9.,]*"));
            String cell = cells.get(c).length() > widths.get(c)
                    ? cells.get(c).substring(0, widths.get(c) - 1) + "…"
                    : cells.get(c);
            String pad = " ".repeat(widths.get(c) - cell.length());
            line.append(numbers ? pad + cell : cell + pad).append("  ");
        }
        out.println(line.toString().stripTrailing());
    }
}
