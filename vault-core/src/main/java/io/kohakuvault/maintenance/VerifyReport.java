package io.kohakuvault.maintenance;

import java.util.List;

/**
 * What verifying a file has found.
 *
 * @param findings in the order of the file
 * @param blocks how many blocks of columns were looked at
 * @param checksums how many of them have a checksum, which was compared
 * @param values how many key-values, documents and vectors were looked at
 */
public record VerifyReport(List<Finding> findings, long blocks, long checksums, long values) {
    /** Keeps a copy. */
    public VerifyReport {
        findings = List.copyOf(findings);
    }

    /**
     * Whether there is no error; warnings do not count.
     *
     * @return true for a sound file
     */
    public boolean isSound() {
        return findings.stream().noneMatch(f -> f.severity() == Finding.Severity.ERROR);
    }
}
