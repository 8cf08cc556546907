package io.kohakuvault.notebook;

import io.kohakuvault.notebook.internal.Rendered;

/**
 * Something to look at, as HTML and as text. Immutable: it shows what was there when it was made, and stays when the
 * vault is closed. A notebook shows the HTML, jshell and {@code println} the text.
 */
public final class View {
    private final String html;
    private final String text;

    private View(String html, String text) {
        this.html = html;
        this.text = text;
    }

    /**
     * A view of one's own.
     *
     * @param html a fragment of HTML, put into pages as it is: what came from elsewhere must have been escaped
     * @param text the same for a terminal
     * @return the view
     */
    public static View of(String html, String text) {
        return new View(html, text);
    }

    static View of(Rendered rendered) {
        return new View(rendered.html(), rendered.text());
    }

    /** {@return a fragment of HTML with its style, in which all that came from data is escaped} */
    public String html() {
        return html;
    }

    /** {@return the same for a terminal, lines ended by {@code \n}} */
    public String text() {
        return text;
    }

    /** {@return the text} */
    @Override
    public String toString() {
        return text;
    }
}
