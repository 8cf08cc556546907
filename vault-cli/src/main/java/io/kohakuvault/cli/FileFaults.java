package io.kohakuvault.cli;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultIoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What keeps a file from being opened as a vault: which file it is, whose, and what helps. */
final class FileFaults {
    private FileFaults() {}

    /** Refuses what is no file, and where something is to be read, a file with nothing in it. */
    static void checkKind(Path file, boolean filled) throws IOException {
        if (!Files.exists(file)) {
            return; // said, or created, by who opens it
        }
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (attributes.isOther()) {
            throw new VaultIoException(file + ": is a pipe, a socket or a device, and no file", null);
        } else if (attributes.isDirectory()) {
            throw new VaultIoException(file + ": is a folder; give the path of a file", null);
        }
        Path log = Path.of(file.toRealPath() + "-wal"); // where SQLite has it, also behind a link
        if (filled && attributes.size() == 0 && !(Files.exists(log) && Files.size(log) > 0)) {
            throw new VaultIoException(
                    file + ": is empty, 0 bytes; 'vault put' and 'vault import' make a vault of it", null);
        }
    }

    /**
     * The failure, or one that says more where permissions are behind it.
     *
     * @param writing whether the file was to be written
     */
    static VaultException explain(Path file, boolean writing, VaultException e) {
        // A new file has another name until it is whole, which nobody has asked for.
        String part = String.valueOf(e.getMessage()).replaceAll("\\.[0-9a-z]{1,13}\\.part\\b", "");
        if (!part.equals(e.getMessage())) {
            return new VaultException(part, e);
        } else if (!(e instanceof VaultIoException) || !Files.isRegularFile(file)) {
            return e;
        }
        Path real = real(file); // beside which SQLite has its log, also behind a link
        Path folder = real.getParent();
        String name = String.valueOf(real.getFileName());
        List<Path> locked = Stream.of("-wal", "-shm")
                .map(suffix -> Path.of(real + suffix))
                .filter(beside -> Files.exists(beside) && !(Files.isReadable(beside) && Files.isWritable(beside)))
                .toList();
        if (!Files.isReadable(file)) {
            return because(file + ": may not be read by this user; it belongs to " + owner(file), e);
        } else if (!locked.isEmpty()) {
            return because(besides(real, locked), e);
        } else if (!isRefusal(e)) {
            return e;
        } else if (writing && !Files.isWritable(file)) {
            return e; // says it itself
        } else if (folder != null && !Files.isWritable(folder)) {
            return because(
                    folder + ": the folder may not be written by this user, and SQLite keeps " + name + "-wal and "
                            + name + "-shm there while " + name
                            + " is in use; copy it with its -wal to a folder of yours",
                    e);
        }
        return e;
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.toAbsolutePath();
        }
    }

    /** Of what others have left beside a file. */
    private static String besides(Path file, List<Path> locked) {
        String names = locked.stream().map(Path::toString).collect(Collectors.joining(" "));
        String it = locked.size() == 1 ? "it" : "them";
        return locked.stream().map(Path::toString).collect(Collectors.joining(" and ")) + ": belong"
                + (locked.size() == 1 ? "s" : "") + " to " + owner(locked.get(0))
                + " and may not be written by this user, but whoever uses " + file + " writes to " + it
                + "; when no program has " + file + " open, "
                + (isEmpty(Path.of(file + "-wal")) ? "delete " + it + " (rm " + names + ") or " : "")
                + "have root give " + it + " to you (chown " + user() + " " + names + ")";
    }

    private static boolean isEmpty(Path log) {
        try {
            return !Files.exists(log) || Files.size(log) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether it is about what may be done, and not about a disk. */
    private static boolean isRefusal(VaultException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("READONLY")
                || message.contains("CANTOPEN")
                || message.contains("PERM")
                || message.contains("may not be")
                || message.contains("denied");
    }

    private static VaultException because(String why, VaultException e) {
        return new VaultIoException(why, e);
    }

    private static String owner(Path file) {
        try {
            return "'" + Files.getOwner(file).getName() + "'";
        } catch (IOException | UnsupportedOperationException e) {
            return "another user";
        }
    }

    private static String user() {
        return System.getProperty("user.name", "USER");
    }
}
