package io.kohakuvault.cli.terminal;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/** Lets text through to a terminal with control characters as escapes, but for line ends and tabs. */
public final class ControlFilter extends FilterWriter {
    /**
     * A filter.
     *
     * @param out the terminal
     */
    public ControlFilter(Writer out) {
        super(out);
    }

    @Override
    public void write(int c) throws IOException {
        if (c == '\n' || c == '\t' || !DisplayText.isControl((char) c)) {
            out.write(c);
        } else {
            StringBuilder escape = new StringBuilder();
            DisplayText.appendEscape(escape, (char) c);
            out.write(escape.toString());
        }
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            write(text[i]);
        }
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            write(text.charAt(i));
        }
    }
}
