package io.kohakuvault.offset;

import java.util.List;

/**
 * How far each partition of a source has been delivered, to be read. Thread-safe. Only this library implements it; it
 * may get further methods.
 */
public interface OffsetReader {
    /**
     * All partitions of a source as the file has them, now or in a snapshot.
     *
     * @param source who delivers
     * @return one claim a partition
     */
    List<Claim> claims(String source);

    /**
     * The sources that have claimed partitions in the file.
     *
     * @return their names, each once, ascending
     */
    List<String> sources();
}
