package io.kohakuvault.cli.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Prints on a terminal: control characters of what is printed are shown as escapes, so that only this class steers it.
 */
public final class TerminalWriter extends PrintWriter {
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[22m";

    private final Writer terminal;

    /**
     * A writer.
     *
     * @param terminal takes what is meant for the terminal as it is
     */
    public TerminalWriter(Writer terminal) {
        super(new ControlFilter(terminal));
        this.terminal = terminal;
    }

    /**
     * Prints a line in which what stands between {@link DisplayText#HIT} and {@link DisplayText#HIT_END} is bold. Marks
     * that do not pair, as a text may hold them or where it was cut, end with the line.
     *
     * @param line without other control characters
     */
    public void printHits(String line) {
        boolean bold = false;
        int from = 0;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : DisplayText.HIT_END;
            if (c == DisplayText.HIT || c == DisplayText.HIT_END) {
                print(line.substring(from, i));
                if (bold != (c == DisplayText.HIT)) {
                    bold = !bold;
                    steer(bold ? BOLD : PLAIN);
                }
                from = i + 1;
            }
        }
        println();
    }

    /** Past the filter, which keeps nothing back. */
    private void steer(String sequence) {
        try {
            terminal.write(sequence);
        } catch (IOException e) {
            setError();
        }
    }
}
