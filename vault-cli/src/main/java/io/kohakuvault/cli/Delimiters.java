package io.kohakuvault.cli;

/** The option --delimiter. */
final class Delimiters {
    static final String DESCRIPTION = "what separates fields: one character, or tab (default: a comma, in .tsv a tab)";

    private Delimiters() {}

    /** The character; null when none was given. */
    static Character parse(FileCommand command, String said) {
        if (said == null) {
            return null;
        } else if (said.equalsIgnoreCase("tab") || said.equals("\\t")) {
            return '\t';
        }
        char c = said.length() == 1 ? said.charAt(0) : '"';
        if (c >= 0x7F || c == '"' || c == '\n' || c == '\r') {
            throw command.wrong("--delimiter '" + said + "': it is one character of ASCII, and no quote, or tab");
        }
        return c;
    }
}
