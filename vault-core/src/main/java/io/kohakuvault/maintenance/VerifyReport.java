package io.kohakuvault.maintenance;

import java.util.List;

/**
 * What verifying a file has found. Only this library makes one.
 */
public interface VerifyReport {
    /** {@return in the order of the file} */
    List<Finding> findings();

    /** {@return how many blocks of columns were looked at} */
    long blocks();

    /** {@return how many of them have a checksum, which was compared} */
    long checksums();

    /** {@return how many key-values, documents and vectors were looked at} */
    long values();

    /**
     * Whether there is no error; warnings do not count.
     *
     * @return true for a sound file
     */
    default boolean isSound() {
        return findings().stream().noneMatch(f -> f.severity() == Finding.Severity.ERROR);
    }
}
