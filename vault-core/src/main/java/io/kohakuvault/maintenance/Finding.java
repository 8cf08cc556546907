package io.kohakuvault.maintenance;

/**
 * Something that verifying a file has found.
 *
 * @param severity how bad it is
 * @param where which table, column, block or key
 * @param what what is wrong there
 * @param remedy what to do
 */
public record Finding(Severity severity, String where, String what, String remedy) {
    /** How bad a finding is. */
    public enum Severity {
        /** Something is lost, wrong, or would be misread or damaged by KohakuVault. */
        ERROR,
        /** Read right by both, but not as either writes it, or left over. */
        WARNING
    }

    @Override
    public String toString() {
        return severity + " " + where + ": " + what + (remedy.isEmpty() ? "" : "; " + remedy);
    }
}
