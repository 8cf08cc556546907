package io.kohakuvault.internal.maintenance;

import io.kohakuvault.VaultException;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.VerifyReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Gathers what verifying finds. */
final class Findings {
    /** A file that is damaged all over is not described in more words than this. */
    private static final int MOST = 10_000;

    private final List<Finding> all = new ArrayList<>();
    private int errors;
    private final Pulse pulse;
    private final Counts counts;
    private long blocks;
    private long checksums;
    private long values;

    Findings(Pulse pulse, Counts counts) {
        this.pulse = pulse;
        this.counts = counts;
    }

    /** How much was looked at, for the thread that tells of it. */
    static final class Counts {
        private final AtomicLong seen = new AtomicLong();

        long seen() {
            return seen.get();
        }

        void add(long more) {
            seen.addAndGet(more);
        }
    }

    void error(String where, String what, String remedy) {
        if (errors++ < MOST) {
            all.add(new FoundFault(Finding.Severity.ERROR, where, what, remedy));
        }
    }

    void warning(String where, String what, String remedy) {
        if (all.size() - Math.min(errors, MOST) < MOST) {
            all.add(new FoundFault(Finding.Severity.WARNING, where, what, remedy));
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
        counts.add(1);
        pulse.step();
    }

    /** Throws what the progress has thrown, which is no damage of the file. */
    void checkGoesOn(VaultException e) {
        if (!pulse.goesOn()) {
            throw e;
        }
    }

    VerifyReport report() {
        return new FileReport(all, blocks, checksums, values);
    }
}
