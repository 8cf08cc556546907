package io.kohakuvault.spi;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which files a vault is made of, for modules that write files of their own. Thread-safe. */
public final class VaultFiles {
    private static final List<String> SUFFIXES = List.of("", "-wal", "-shm", "-journal");

    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private VaultFiles() {}

    /**
     * The file of a vault and those that SQLite has beside it, whether they are there or not.
     *
     * @param vault the vault's file
     * @return their paths, the vault's first
     */
    public static List<Path> of(Path vault) {
        return SUFFIXES.stream()
                .map(suffix -> vault.resolveSibling(vault.getFileName() + suffix))
                .toList();
    }

    /**
     * Whether a path leads to a vault's file or to one of those that SQLite has beside it, now or later, also through
     * links and by another name of the same file: what is written there would destroy the vault, or be taken for its
     * log.
     *
     * @param vault the vault's file
     * @param target where something is to be written, there or not
     * @return whether it must not be
     * @throws IOException when a path cannot be followed
     */
    public static boolean contains(Path vault, Path target) throws IOException {
        Path real = Files.exists(vault)
                ? vault.toRealPath()
                : vault.toAbsolutePath().normalize();
        Path place = place(destination(target));
        for (Path own : of(real)) {
            if (place.equals(own) || (Files.exists(target) && Files.exists(own) && Files.isSameFile(target, own))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a path is called like a file that SQLite keeps beside another one, which is there.
     *
     * @param path a path
     * @return whether it belongs to that one
     */
    public static boolean isBesideAnother(Path path) {
        String name = path.toString();
        return SUFFIXES.stream()
                .anyMatch(suffix -> !suffix.isEmpty()
                        && name.endsWith(suffix)
                        && Files.exists(Path.of(name.substring(0, name.length() - suffix.length()))));
    }

    /**
     * Where a file is to be that somebody wants at a path: where links lead, also to what is not there yet.
     *
     * @param target a path
     * @return an absolute path that is no link
     * @throws IOException when a link cannot be followed, or leads back to itself
     */
    public static Path destination(Path target) throws IOException {
        if (Files.exists(target)) {
            return target.toRealPath();
        }
        Path made = target.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(made); links++) {
            if (links == MOST_LINKS) {
                throw new FileSystemException(target.toString(), null, "it is a link that leads nowhere");
            }
            made = made.resolveSibling(Files.readSymbolicLink(made));
        }
        return made;
    }

    /** A path without links to folders and ways back; what stands there itself may be a link. */
    private static Path place(Path path) throws IOException {
        Path folder = path.getParent();
        return folder != null && Files.exists(folder) && path.getFileName() != null
                ? folder.toRealPath().resolve(path.getFileName())
                : path.normalize();
    }
}
