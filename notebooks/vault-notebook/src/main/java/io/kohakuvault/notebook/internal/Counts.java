package io.kohakuvault.notebook.internal;

import java.util.Locale;

/** Counts and sizes for people. */
public final class Counts {
    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

    private Counts() {}

    public static String of(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    static String of(long count, String one, String many) {
        return of(count) + " " + (count == 1 ? one : many);
    }

    static String bytes(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        if (unit == 0) {
            return bytes == 1 ? "1 byte" : bytes + " bytes";
        }
        return String.format(Locale.ROOT, size < 10 ? "%.1f %s" : "%,.0f %s", size, UNITS[unit]);
    }
}
