package io.kohakuvault.internal.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names for files in the making, {@code NAME.HOST-PID-RANDOM.part}, by which the next one can tell those that a killed
 * process has left from those that another process is writing just now.
 */
final class LeftParts {
    static final List<String> SUFFIXES = List.of("", "-journal", "-wal", "-shm");

    private static final Pattern NAME = Pattern.compile("\\.([0-9a-z]+)-(\\d{1,18})-[0-9a-z]+\\.part");

    /**
     * Of a file whose maker cannot be asked for: on another host or in another container, which writes it every few
     * seconds.
     */
    private static final Duration OLD = Duration.ofDays(1);

    /** When a process began is known to the second or so, and the clock may have been set since. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    /** Longer than any part that is being made stands untouched, and than clocks differ. */
    private static final Duration IDLE = Duration.ofHours(1);

    private LeftParts() {}

    /** A new name in a folder. */
    static Path name(Path folder, String base) {
        return folder.resolve(
                base + "." + host() + "-" + ProcessHandle.current().pid() + "-"
                        + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX) + ".part");
    }

    /** Process ids mean something only where they were given: within one boot of one machine, within one container. */
    private static String host() {
        StringBuilder where = new StringBuilder();
        for (String source : new String[] {"/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"}) {
            Path path = Path.of(source);
            try {
                where.append(Files.isSymbolicLink(path) ? Files.readSymbolicLink(path) : Files.readString(path));
            } catch (IOException e) {
                where.append('-'); // not Linux: the ids of one machine
            }
        }
        return Integer.toUnsignedString(where.toString().hashCode(), Character.MAX_RADIX);
    }

    /** Deletes what processes that are gone have left of files of a name. What cannot be deleted stays. */
    static void clear(Path folder, String base) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(
                folder,
                entry -> String.valueOf(entry.getFileName()).startsWith(base + ".")
                        && entry.toString().endsWith(".part"))) {
            for (Path part : found) {
                if (isLeft(part, base)) {
                    delete(part);
                }
            }
        } catch (IOException e) {
            // The folder cannot be listed: whether it can be written shows next.
        }
    }

    /** A file of another name, a browser's half of a download, is somebody else's, however old. */
    private static boolean isLeft(Path part, String base) throws IOException {
        Matcher name = NAME.matcher(part.getFileName().toString().substring(base.length()));
        if (!name.matches()) {
            return false;
        }
        Instant written = Files.getLastModifiedTime(part).toInstant();
        if (name.group(1).equals(host())) {
            Optional<ProcessHandle> maker = ProcessHandle.of(Long.parseLong(name.group(2)));
            if (maker.isPresent()) {
                // A process of that number that began after the last byte was written is another one. The clock that
                // says so
                // may be a file server's: a part that is being made is written every few seconds.
                return written.isBefore(Instant.now().minus(IDLE))
                        && maker.get()
                                .info()
                                .startInstant()
                                .map(began -> written.isBefore(began.minus(CLOCKS)))
                                .orElse(false);
            } else if (isOwn(part)) {
                return true;
            } // else of another user, whose processes a system may hide
        }
        return written.isBefore(Instant.now().minus(OLD));
    }

    /**
     * Whether a file belongs to the user of this process. True where no processes are hidden: on systems other than
     * Linux.
     */
    private static boolean isOwn(Path part) throws IOException {
        Path self = Path.of("/proc/self"); // names of users are not to be had in every container
        try {
            return !Files.exists(self) || Files.getOwner(part).equals(Files.getOwner(self));
        } catch (UnsupportedOperationException e) {
            return true; // a file system without owners
        }
    }

    /** Deletes a file in the making, with what SQLite has beside it. */
    static void delete(Path part) {
        for (String suffix : SUFFIXES) {
            try {
                Files.deleteIfExists(Path.of(part + suffix));
            } catch (IOException e) {
                // Its name says what it is, and the next one tries again.
            }
        }
    }
}
