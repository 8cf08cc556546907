package io.kohakuvault.notebook.internal;

/** HTML and text of one thing. */
public record Rendered(String html, String text) {
    /** A sentence in the place of a thing that cannot be shown. */
    public static Rendered message(String sentence) {
        String plain = Cells.printable(sentence);
        return new Rendered(Html.box("<p>" + Html.escape(plain) + "</p>"), plain);
    }
}
