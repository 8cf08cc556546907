package io.kohakuvault.notebook.internal;

/**
 * Fragments of HTML. Colours are the page's own text colour, and translucent ones over its background, so that the
 * same fragment is legible on light and dark pages, whoever has chosen which.
 */
public final class Html {
    private static final String STYLE = "<style>"
            + ".kv{max-width:100%;font-size:13px;line-height:1.45;margin:2px 0 6px}"
            + ".kv .kv-s{overflow-x:auto;max-width:100%}"
            + ".kv.kv table{border-collapse:collapse;margin:0;font-size:13px;width:auto;display:table}"
            + ".kv.kv th,.kv.kv td{text-align:left;vertical-align:top;padding:3px 10px 3px 0;border:0;"
            + "border-bottom:1px solid rgba(128,128,128,.25);white-space:nowrap;max-width:34em;"
            // Text from right to left has the direction of its first letter, and moves nothing beside it.
            + "unicode-bidi:plaintext}"
            + ".kv.kv.kv tbody tr,.kv.kv thead tr{background:none}"
            + ".kv.kv.kv tbody tr:hover{background:rgba(128,128,128,.12)}"
            + ".kv.kv td.kv-n,.kv.kv th.kv-n{text-align:right;font-variant-numeric:tabular-nums}"
            + ".kv.kv td.kv-w{white-space:normal;min-width:16em;overflow-wrap:anywhere}"
            + ".kv .kv-m,.kv caption,.kv .kv-c{opacity:.65;font-weight:normal}"
            + ".kv .kv-c{margin:4px 0 0}"
            + ".kv .kv-t{font-weight:600;margin:0 0 4px;overflow-wrap:anywhere}"
            + ".kv .kv-x{font-style:italic;opacity:.55}"
            + ".kv mark{background:rgba(255,193,7,.38);color:inherit;padding:0 1px;border-radius:2px}"
            + ".kv .kv-b{display:inline-block;height:.62em;min-width:1px;background:rgba(66,133,244,.75);border-radius:2px}"
            + ".kv .kv-p{display:inline-block;width:min(22em,60%);height:.62em;background:rgba(128,128,128,.25);"
            + "border-radius:2px;margin-right:8px}"
            + ".kv .kv-p .kv-b{display:block;height:100%}"
            + ".kv details{min-width:12em;max-width:34em;white-space:normal;overflow:hidden}.kv summary{cursor:pointer;overflow-wrap:anywhere}"
            + ".kv details div{white-space:pre-wrap;overflow-wrap:anywhere;max-height:16em;overflow-y:auto}"
            + ".kv svg{max-width:100%;min-width:460px;height:auto;display:block}"
            + "</style>";

    private Html() {}

    /** What came from data, so that it can stand in an element or in an attribute in quotes. */
    public static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                // Would begin formulas where a page runs MathJax.
                case '$' -> escaped.append("<span>$</span>");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** A name or path beside other text, which keeps its order whatever direction that name has. */
    static String isolated(String text) {
        return "<bdi>" + escape(Cells.printable(text)) + "</bdi>";
    }

    /** For attributes, where no element can stand. */
    public static String attribute(String text) {
        return escape(text).replace("<span>$</span>", "&#36;");
    }

    /** A fragment with its style. */
    public static String box(String content) {
        return STYLE + "<div class=\"kv tex2jax_ignore mathjax_ignore\">" + content + "</div>";
    }

    /** A bar. */
    public static String bar(double share, double widthEm) {
        double part = Double.isFinite(share) ? Math.max(0, Math.min(1, share)) : 0;
        return "<span class=\"kv-b\" style=\"width:" + Math.round(part * widthEm * 100) / 100.0 + "em\"></span>";
    }
}
