package io.kohakuvault.maintenance;

/**
 * Something that verifying a file has found. Only this library makes one.
 */
public interface Finding {
    /** {@return how bad it is} */
    Severity severity();

    /** {@return which table, column, block or key} */
    String where();

    /** {@return what is wrong there} */
    String what();

    /** {@return what to do} */
    String remedy();

    /** How bad a finding is. */
    enum Severity {
        /** Something is lost, wrong, or would be misread or damaged by KohakuVault. */
        ERROR,
        /** Read right by both, but not as either writes it, or left over. */
        WARNING
    }
}
