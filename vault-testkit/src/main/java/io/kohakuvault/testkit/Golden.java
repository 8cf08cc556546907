package io.kohakuvault.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Files that KohakuVault itself wrote (1.1.0, and 0.8.6 for {@code columns-0x}), with manifests of what they hold. A
 * database in WAL mode is changed by being opened, so tests work on copies.
 */
public final class Golden {
    private Golden() {}

    /** Unpacks a database into a folder. */
    public static Path database(String name, Path folder) {
        Path copy = folder.resolve(name + ".db");
        try (InputStream in = open(name + ".db.gz")) {
            Files.copy(in, copy);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The manifest of what a database holds. */
    public static JsonNode manifest(String name) {
        try (InputStream in = open(name + ".json.gz")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = Golden.class.getResourceAsStream("/golden/" + resource);
        if (in == null) {
            throw new IllegalArgumentException("no golden file " + resource);
        }
        return new GZIPInputStream(in);
    }
}
