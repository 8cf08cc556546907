package io.kohakuvault.tabular.internal;

/**
 * What messages advise: the command's options, or the library's methods.
 *
 * @param types where types are said
 * @param allRows what has types inferred from all rows
 * @param nulls what says that a text means null, with %s for the text
 * @param delimiter what says which character separates fields, with %s for it
 */
public record Wording(String types, String allRows, String nulls, String delimiter) {
    /** The library's methods. */
    public static final Wording LIBRARY =
            new Wording("types(…)", "sampleRows(Long.MAX_VALUE)", "nulls(\"%s\")", "delimiter(%s)");

    /** The command's options. */
    public static final Wording COMMAND = new Wording("--types", "--infer-rows all", "--null '%s'", "--delimiter %s");
}
