package io.kohakuvault.internal.maintenance;

import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.maintenance.VerifyReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Gathers what verifying finds. */
final class Findings {
    /** A file that is damaged all over is not described in more words than this. */
    private static final int MOST = 10_000;

    private final List<Finding> all = new ArrayList<>();
    private int errors;
    private final Progress progress;
    private final long totalBlocks;
    private long blocks;
    private long checksums;
    private long values;
    private long heardNanos;

    Findings(Progress progress, long totalBlocks) {
        this.progress = progress;
        this.totalBlocks = totalBlocks;
    }

    void error(String where, String what, String remedy) {
        if (errors++ < MOST) {
            all.add(new Finding(Finding.Severity.ERROR, where, what, remedy));
        }
    }

    void warning(String where, String what, String remedy) {
        if (all.size() - Math.min(errors, MOST) < MOST) {
            all.add(new Finding(Finding.Severity.WARNING, where, what, remedy));
        }
    }

    void block() {
        blocks++;
        hear();
    }

    void checksum() {
        checksums++;
    }

    void value() {
        values++;
        hear();
    }

    private void hear() {
        long now = System.nanoTime();
        if (now - heardNanos > 100_000_000) {
            heardNanos = now;
            if (!progress.advanced(blocks, Math.max(blocks, totalBlocks))) {
                throw new CancellationException("verifying was cancelled");
            }
        }
    }

    VerifyReport report() {
        return new VerifyReport(all, blocks, checksums, values);
    }
}
