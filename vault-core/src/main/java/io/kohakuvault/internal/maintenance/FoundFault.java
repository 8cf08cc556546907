package io.kohakuvault.internal.maintenance;

import io.kohakuvault.maintenance.Finding;

/** What the public type stands for, as it was read. */
public record FoundFault(Finding.Severity severity, String where, String what, String remedy) implements Finding {
    @Override
    public String toString() {
        return severity + " " + where + ": " + what + (remedy.isEmpty() ? "" : "; " + remedy);
    }
}
