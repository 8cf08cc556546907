package io.kohakuvault.cli.sql;

/** How rows are printed. */
enum ResultFormat {
    /** Aligned under headings, for people. */
    table,
    /** With a heading; nulls are empty, empty texts in quotes. */
    csv,
    /** One JSON object a line. */
    jsonl
}
