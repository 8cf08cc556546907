package io.kohakuvault.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kohakuvault.spi.VaultFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * How the files of a job come to be there all at once: tasks write below {@code .kohakuvault} of the directory, and the
 * commit is a file there that says which of them are moved to which place and which are removed. Once it has its name
 * the job is done, whoever carries it out: this program, the next one that writes, and readers look through it until
 * then.
 */
final class CommitLog {
    private static final String HIDDEN = ".kohakuvault";
    private static final String PREFIX = "commit-";
    private static final String SUFFIX = ".json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final Path hidden;

    CommitLog(Path directory) {
        this.directory = directory;
        this.hidden = directory.resolve(HIDDEN);
    }

    /** Where the tasks of a job write. */
    Path staging(String job) {
        return hidden.resolve(job);
    }

    /** The number of the last batch of a stream that was committed, -1 for none. */
    long lastBatch(String stream) {
        try {
            return Long.parseLong(Files.readString(marker(stream)).strip());
        } catch (NoSuchFileException e) {
            return -1;
        } catch (IOException e) {
            throw failed(marker(stream), e);
        }
    }

    private Path marker(String stream) {
        return hidden.resolve("stream-" + stream);
    }

    /**
     * Commits a job.
     *
     * @param job below whose {@link #staging} the files stand
     * @param moves from files there to their places
     * @param removed files that go
     * @param stream the stream that this is a batch of, empty for none
     * @param batch its number
     */
    void commit(String job, Map<Path, Path> moves, Set<Path> removed, String stream, long batch) {
        ObjectNode entry = JSON.createObjectNode();
        ArrayNode add = entry.putArray("add");
        moves.forEach((from, to) -> add.addObject()
                .put("from", directory.relativize(from).toString())
                .put("to", directory.relativize(to).toString()));
        ArrayNode remove = entry.putArray("remove");
        removed.forEach(path -> remove.add(directory.relativize(path).toString()));
        entry.put("job", job).put("stream", stream).put("batch", batch);
        try {
            makeDirectories(staging(job)); // keeps the directory above from going, by another writer's hand
            Path file = hidden.resolve(PREFIX + job + (stream.isEmpty() ? "" : "-" + batch) + SUFFIX);
            replace(file, JSON.writeValueAsBytes(entry));
            carryOut(file);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    /** Removes what the tasks of a job have written. */
    void discard(String job) {
        try {
            deleteTree(staging(job));
            deleteIfEmpty(hidden);
        } catch (IOException e) {
            throw failed(staging(job), e);
        }
    }

    /**
     * Removes what one attempt of a task has written below the {@link #staging} of a job, which may be over: a second
     * attempt is ended when the first has been taken.
     */
    void discard(String job, Path attempt) throws IOException {
        deleteTree(attempt);
        deleteIfEmpty(staging(job));
        deleteIfEmpty(hidden);
    }

    /** Carries out what was committed by a program that ended before it could. */
    void recover() {
        for (Path file : pending()) {
            try {
                carryOut(file);
            } catch (NoSuchFileException e) {
                // somebody else has done it
            } catch (IOException e) {
                throw failed(file, e);
            }
        }
    }

    private void carryOut(Path file) throws IOException {
        HeldTables.closeIdle(); // of files that go, where open ones cannot be deleted
        JsonNode entry;
        try {
            entry = JSON.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return; // another writer has carried it out: of two at a time each may do what the other does
        }
        Set<String> places = new HashSet<>();
        Set<String> arrived = new HashSet<>();
        for (JsonNode move : entry.get("add")) {
            places.add(move.get("to").asText());
            if (!Files.exists(directory.resolve(move.get("from").asText()))) {
                arrived.add(move.get("to").asText()); // moved by one who ended before all was done
            }
        }
        for (JsonNode removed : entry.get("remove")) {
            if (arrived.contains(removed.asText())) {
                continue;
            }
            Path path = directory.resolve(removed.asText());
            List<Path> parts = VaultFiles.of(path);
            boolean isReplaced = places.contains(removed.asText()); // at once, or was a moment ago
            for (Path part : isReplaced ? parts.subList(1, parts.size()) : parts) {
                Files.deleteIfExists(part);
            }
        }
        for (JsonNode move : entry.get("add")) {
            Path from = directory.resolve(move.get("from").asText());
            Path to = directory.resolve(move.get("to").asText());
            Path parent = to.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            move(from, to);
        }
        String stream = entry.get("stream").asText();
        if (!stream.isEmpty()) {
            replace(marker(stream), Long.toString(entry.get("batch").asLong()).getBytes(StandardCharsets.US_ASCII));
        }
        Files.deleteIfExists(file);
        deleteTree(staging(entry.get("job").asText()));
        deleteIfEmpty(hidden);
    }

    /** Makes directories, of which another writer that is done may delete those that are empty still. */
    static void makeDirectories(Path path) throws IOException {
        for (int left = 100; ; left--) {
            try {
                Files.createDirectories(path);
                return;
            } catch (NoSuchFileException e) {
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    /** Moves what has not been moved yet, maybe by another writer just now. */
    private static void move(Path from, Path to) throws IOException {
        try {
            if (Files.exists(from)) {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (NoSuchFileException e) {
            if (Files.exists(from) || !Files.exists(to)) {
                throw e;
            }
        }
    }

    private List<Path> pending() {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(hidden, PREFIX + "*" + SUFFIX)) {
            stream.forEach(files::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw failed(hidden, e);
        }
        Collections.sort(files);
        return files;
    }

    /** Makes of the files that were found those that are there by what is committed. */
    static void look(Path directory, Set<Path> found) {
        CommitLog log = new CommitLog(directory);
        for (Path file : log.pending()) {
            try {
                JsonNode entry = JSON.readTree(Files.readAllBytes(file));
                for (JsonNode removed : entry.get("remove")) {
                    found.remove(directory.resolve(removed.asText()));
                }
                for (JsonNode move : entry.get("add")) {
                    Path from = directory.resolve(move.get("from").asText());
                    Path to = directory.resolve(move.get("to").asText());
                    found.remove(to);
                    found.add(Files.exists(from) ? from : to);
                }
            } catch (NoSuchFileException e) {
                // done meanwhile
            } catch (IOException e) {
                throw failed(file, e);
            }
        }
    }

    /** Gives a file contents at once, that are on the disk when this returns. */
    private static void replace(Path file, byte[] contents) throws IOException {
        Path part = Path.of(file + "." + UUID.randomUUID() + ".part");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(contents);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes a directory with what is in it; what goes meanwhile, or comes, is no error. */
    static void deleteTree(Path root) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(root)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : paths) {
            deleteIfEmpty(path);
        }
    }

    private static void deleteIfEmpty(Path path) throws IOException {
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException e) {
            return; // somebody else's
        }
    }

    private static UncheckedIOException failed(Path path, IOException e) {
        return new UncheckedIOException(path + ": " + e, e);
    }
}
