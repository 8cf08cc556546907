package io.kohakuvault.notebook.internal;

import java.io.PrintStream;

/** Where something is shown that changes: a notebook's output, or a line of the terminal. */
public interface Screen {
    /** Shows something; the answer names it for {@link #update}. */
    String show(Rendered first);

    /** Shows something else in its place. */
    void update(String id, Rendered next);

    /** Nothing more will be shown in its place. */
    default void end() {}

    /** A line that is written over; what is shown last stays. */
    static Screen terminal(PrintStream out) {
        return new Screen() {
            @Override
            public String show(Rendered first) {
                out.print('\r' + first.text());
                out.flush();
                return "";
            }

            @Override
            public void update(String id, Rendered next) {
                show(next);
            }

            @Override
            public void end() {
                out.println();
            }
        };
    }
}
