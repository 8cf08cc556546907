package io.kohakuvault.internal.maintenance;

import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.VerifyReport;
import java.util.List;

/** What the public type stands for, as it was read. */
public record FileReport(List<Finding> findings, long blocks, long checksums, long values) implements VerifyReport {
    /** Keeps a copy. */
    public FileReport {
        findings = List.copyOf(findings);
    }
}
