package io.kohakuvault.spark;

import io.kohakuvault.spi.VaultFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The files that paths, directories and patterns stand for. They are local files, or ones that every machine sees under
 * the same path: SQLite knows no object stores.
 */
final class SourceFiles {
    private static final String SUFFIX = ".db";

    private SourceFiles() {}

    /** The vaults that the paths stand for, each once, in the order of their names; at least one. */
    static List<Path> list(List<String> paths) {
        List<Path> files = find(paths);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no file matches " + String.join(", ", paths)
                    + "; of directories the files that end with " + SUFFIX + " are read");
        }
        return files;
    }

    /** {@link #list}, of which there may be none yet. */
    static List<Path> find(List<String> paths) {
        TreeSet<Path> found = new TreeSet<>();
        for (String text : paths) {
            Path path = local(text);
            if (Files.isRegularFile(path)) { // also one whose name has characters of patterns in it
                found.add(path);
            } else if (Files.isDirectory(path)) {
                addDirectory(path, found);
            } else if (isPattern(text)) {
                alternatives(path.toString()).forEach(pattern -> addMatching(Path.of(pattern), found));
            } else {
                throw new IllegalArgumentException("there is no file or directory " + path);
            }
        }
        return List.copyOf(found);
    }

    /** A path of this machine. */
    static Path local(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a path must not be empty");
        }
        int colon = text.indexOf(':');
        if (text.startsWith("file:")) {
            return ofUri(text);
        } else if (colon > 1 && text.startsWith("//", colon + 1)) {
            throw new IllegalArgumentException("'" + text + "': vaults are read from file systems that machines have"
                    + " mounted, not from " + text.substring(0, colon) + "; copy the files, or mount it");
        }
        return Path.of(text).toAbsolutePath().normalize();
    }

    /** A path behind {@code file:}: as it stands there, as Spark reads it, or as an encoded URI, as Java writes it. */
    private static Path ofUri(String text) {
        Path plain = Path.of(text.replaceFirst("^file:(//(?=/))?", ""))
                .toAbsolutePath()
                .normalize();
        if (Files.exists(plain) || text.indexOf('%') < 0) {
            return plain;
        }
        try {
            Path decoded = Path.of(URI.create(text.replaceFirst("^file:/+", "file:///")));
            return decoded.toAbsolutePath().normalize();
        } catch (IllegalArgumentException e) {
            return plain; // whatever it is, it is not encoded
        }
    }

    private static boolean isPattern(String text) {
        return text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '{');
    }

    /** A pattern without braces that have slashes in them, {@code {2026/11,2026/12}}, as Hadoop understands these. */
    private static List<String> alternatives(String pattern) {
        int depth = 0;
        int open = -1;
        boolean hasSlash = false;
        List<String> choices = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '{' && depth++ == 0) {
                open = i;
                from = i + 1;
                hasSlash = false;
                choices.clear();
            } else if (c == '/' && depth > 0) {
                hasSlash = true;
            } else if (c == ',' && depth == 1) {
                choices.add(pattern.substring(from, i));
                from = i + 1;
            } else if (c == '}' && depth > 0 && --depth == 0 && hasSlash) {
                choices.add(pattern.substring(from, i));
                String before = pattern.substring(0, open);
                String behind = pattern.substring(i + 1);
                return choices.stream()
                        .flatMap(choice -> alternatives(before + choice + behind).stream())
                        .toList();
            }
        }
        return List.of(pattern);
    }

    private static PathMatcher matcher(String name, Path pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + name.replace("[^", "[!"));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "there is no file " + pattern + ", and '" + name + "' is no pattern: " + e.getDescription(), e);
        }
    }

    /** Files of a directory and those below it; names that begin with a dot or an underscore are not for readers. */
    private static void addDirectory(Path directory, Set<Path> found) {
        addDirectory(directory, List.of(directory), found);
    }

    private static void addDirectory(Path directory, List<Path> above, Set<Path> found) {
        for (Path entry : entries(directory)) {
            String name = String.valueOf(entry.getFileName());
            // A directory of partitions may be named by a column that begins so; Spark reads these too.
            if (name.startsWith(".") || (name.startsWith("_") && name.indexOf('=') < 0)) {
                continue;
            }
            if (Files.isDirectory(entry)) {
                if (!Files.isSymbolicLink(entry) || above.stream().noneMatch(path -> isSame(path, entry))) {
                    List<Path> here = new ArrayList<>(above);
                    here.add(entry);
                    addDirectory(entry, here, found);
                } // else a link back up, behind which all would be met again
            } else if (name.endsWith(SUFFIX)) {
                found.add(entry);
            }
        }
        CommitLog.look(directory, found);
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false; // gone meanwhile, which its listing finds too
        }
    }

    private static void addMatching(Path pattern, Set<Path> found) {
        Path root = pattern.getRoot();
        List<Path> reached = List.of(root == null ? Path.of("") : root);
        for (Path name : pattern) {
            List<Path> next = new ArrayList<>();
            String text = name.toString();
            @Nullable PathMatcher matcher = isPattern(text) ? matcher(text, pattern) : null;
            for (Path at : reached) {
                Path child = at.resolve(text);
                if (Files.exists(child)) { // also one whose name has characters of patterns in it
                    next.add(child);
                } else if (matcher != null && Files.isDirectory(at)) {
                    for (Path entry : entries(at)) {
                        Path last = entry.getFileName();
                        if (last != null && !last.toString().startsWith(".") && matcher.matches(last)) {
                            next.add(entry);
                        }
                    }
                }
            }
            reached = next;
        }
        for (Path path : reached) {
            if (Files.isDirectory(path)) {
                addDirectory(path, found);
            } else if (!VaultFiles.isBesideAnother(path)) {
                found.add(path);
            }
        }
    }

    private static List<Path> entries(Path directory) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (AccessDeniedException e) {
            throw new IllegalArgumentException(directory + ": no permission to list this directory", e);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of(); // gone since it was found
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": cannot be listed", e);
        }
        return entries;
    }
}
